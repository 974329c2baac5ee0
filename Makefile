# Each routine as one word. Plain `make` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test check fix e2e bench sync report sample docs lock

help: ## list the routines
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/run: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Fairlead needs Python 3.11 or later." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

setup: .venv/dev ## make the environment in .venv from the hash-pinned lock

run: .venv/run ## serve the dashboard (PORT=8501)
	$(BIN)/fairlead serve --port $(PORT)

test: .venv/dev ## the whole test-suite, browser tests excepted
	$(BIN)/pytest -m "not e2e"

check: .venv/dev ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/dev ## mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

e2e: .venv/dev ## drive the dashboard in a real Chromium
	$(BIN)/pytest -m e2e

bench: .venv/dev ## time every metric and page (SIZE=20000 pull requests; JSON=bench.json)
	$(BIN)/python -m tests.bench $(if $(SIZE),--pull-requests $(SIZE)) $(if $(JSON),--json $(JSON))

sync: .venv/run ## read the sources of fairlead.toml into the store
	$(BIN)/fairlead sync

report: .venv/run ## write all pages as one file, report.html
	$(BIN)/fairlead report --out report.html

sample: .venv/dev ## regenerate the sample organisation from its seed
	$(BIN)/python -m sample_data.generate

docs: .venv/dev ## regenerate docs/metrics.md and docs/data-model.md
	$(BIN)/python -m docs.generate

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
		--output-file requirements.lock pyproject.toml requirements.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
		--output-file requirements-dev.lock --extra dev pyproject.toml requirements.in
