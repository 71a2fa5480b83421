# Two commands matter: `make run` opens the desk, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3.11
PORT ?= 8501
BIN := .venv/bin
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get

# Tests load no model from a hub, one thread a worker keeps them off each other's core, and there are twice as many
# workers as the two cores it takes, for browsers wait much of the time.
TEST_ENV := HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 TOKENIZERS_PARALLELISM=false \
	OMP_NUM_THREADS=1 FINREC_THREADS=1
WORKERS ?= 4
TESTS ?= tests

.PHONY: help run test check lint bench demo docs picture requirements audit clean browser postgres

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

run: .venv/run.stamp  ## open the desk on http://localhost:8501
	$(BIN)/python -m pages.frame.server --server.address localhost --server.port $(PORT) \
		--server.showEmailPrompt false

test: .venv/test.stamp browser postgres  ## pass every test
	$(TEST_ENV) $(BIN)/python -m pytest $(TESTS) -m "not bench" -n $(WORKERS) --dist loadfile

lint: .venv/test.stamp  ## read the code: ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test  ## lint and test

bench: .venv/test.stamp  ## measure on the whole real data sets, where they lie beside the repository
	$(BIN)/python -m pytest tests/bench -m bench -s

demo: .venv/run.stamp  ## fill the store with the demo bank, trained
	$(BIN)/python -m finrec_core import data/demo --name demo-bank
	$(BIN)/python -m finrec_core train

picture: .venv/test.stamp browser  ## make README's picture anew from the app itself
	$(TEST_ENV) $(BIN)/python -m tests.browser.picture assets/recommendations.png

requirements: .venv/supply.stamp  ## write the requirements files and the locks anew after a change of pyproject.toml
	$(PYTHON) -m tests.requirements

audit: .venv/run.stamp .venv/supply.stamp  ## ask for known vulnerabilities, read licences, write a bill of materials
	$(BIN)/python -m tests.audit

docs: .venv/test.stamp  ## write the reference of the commands in docs/command-line.md anew
	$(TEST_ENV) $(BIN)/python -m tests.command_line

clean:  ## remove the environment and all caches; data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make pip run again only when its locks changed. A lock holds all packages with their hashes, so
# nothing is looked for beyond it, and nothing is built here, which would fetch what no lock holds. What is used of
# twenty thousand modules is compiled when it is used.
LOCKED := pip install --disable-pip-version-check --no-compile --no-deps --require-hashes --only-binary :all:

# A torch built for graphics cards, as PyPI's is for Linux, asks for libraries that one for the processor does without.
.venv/run.stamp: requirements.lock requirements-cards.lock | $(BIN)/pip
	$(BIN)/$(LOCKED) -r requirements.lock
	@if { $(BIN)/pip check || true; } | grep -q '^torch '; then $(BIN)/$(LOCKED) -r requirements-cards.lock; fi
	@touch $@

.venv/test.stamp: tests/requirements.lock .venv/run.stamp
	$(BIN)/$(LOCKED) -r tests/requirements.lock
	$(BIN)/pip check
	@touch $@

.venv/supply.stamp: tests/supply.lock | $(BIN)/pip
	[ -x .venv/supply/bin/pip ] || $(PYTHON) -m venv .venv/supply
	.venv/supply/bin/$(LOCKED) -r tests/supply.lock
	@touch $@

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "finrec needs Python 3.11: install the packages python3.11 and python3.11-venv."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || [ -n "$(AS_ROOT)" ] || \
		{ $(APT) update && $(APT) install -y python3.11-venv; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python 3.11 cannot make environments yet: run 'sudo apt-get install python3.11-venv'."; exit 1; }
	$(PYTHON) -m venv .venv

# Debian has Chromium as a package; Ubuntu's is a snap, which a server often lacks, so Playwright's own serves there.
browser: .venv/test.stamp
	@command -v chromium >/dev/null || [ -x /usr/lib/chromium/chromium ] || ls ~/.cache/ms-playwright/chromium* >/dev/null 2>&1 || { \
		if grep -q '^ID=debian' /etc/os-release; then $(APT) update && $(APT) install -y chromium; \
		else $(AS_ROOT) $(BIN)/playwright install-deps chromium && $(BIN)/playwright install chromium; fi; }

# The tests start a server of their own, so the package must not start or keep one.
postgres:
	@command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { \
		$(APT) update && $(APT) install -y --no-install-recommends postgresql; }
