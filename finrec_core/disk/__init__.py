"""The disk package: what several processes agree on where folders are read, written anew and swapped."""
