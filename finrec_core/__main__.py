"""`python -m finrec_core`: the command line."""

from finrec_core.cli import main

if __name__ == "__main__":
    main()
