# Menling's commands. `make` alone lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/runtime.lock
TOOLS := $(VENV)/dev.lock
ROOMS := admin_api benchmarks bots core dialogs gateways menling nlu simulators tests
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --no-header --universal --python-version 3.11 --generate-hashes $(LOCK_FLAGS)

# What a caller may set: make test TESTS=tests/nlu DATABASES=sqlite WORKERS=4 ARGS=-x; make bench GOALS=1,3.
TESTS ?= tests
DATABASES ?=
WORKERS ?= 2
ARGS ?=
GOALS ?=
LOCK_FLAGS ?=

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUNTIME) ## set up if needed, then serve the demo on this machine
	$(BIN)/menling serve --demo

.PHONY: setup
setup: $(TOOLS) ## make .venv from the lock files; does nothing when they have not changed

.PHONY: test
test: $(TOOLS) ## run the tests; TESTS= DATABASES=sqlite,mariadb,postgresql WORKERS= ARGS= narrow them
	$(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist=worksteal --durations=20 \
		$(if $(DATABASES),--databases=$(DATABASES)) $(ARGS)

.PHONY: lint
lint: $(TOOLS) ## check style, format, types and the import rules between rooms
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: $(TOOLS) ## rewrite the files in the house's format and mend what can be mended
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

.PHONY: bench
bench: $(TOOLS) ## measure us beside peers and floors; GOALS=1,3 chooses; writes build/bench.json
	$(BIN)/python -m benchmarks $(if $(GOALS),--goals=$(GOALS)) $(ARGS)

.PHONY: texts
texts: $(RUNTIME) ## make the Traditional Chinese texts anew from the Simplified ones and their overrides
	$(BIN)/python -m dialogs.texts.building

.PHONY: flows
flows: $(RUNTIME) ## draw every conversation flow
	$(BIN)/menling flows

.PHONY: lock
lock: $(TOOLS) ## renew the lock files from pyproject.toml; LOCK_FLAGS=--upgrade takes newer versions
	$(COMPILE) --group build -o requirements/runtime.lock
	$(COMPILE) --group build --group dev --group train --group bench -c requirements/runtime.lock -o requirements/dev.lock

.PHONY: ci
ci: ## do what continuous integration does: install servers if root, lint, test
	bash .ci/run

.PHONY: clean
clean: ## remove .venv, caches and build; keeps var, where the data is
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(ROOMS) -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is a copy of the lock that was installed: a lock that only looks newer costs nothing.
$(RUNTIME): requirements/runtime.lock | $(BIN)/python
	@cmp -s $< $@ || $(MAKE) --no-print-directory install LOCK=$<
	@cp $< $@

$(TOOLS): requirements/dev.lock $(RUNTIME)
	@cmp -s $< $@ || $(MAKE) --no-print-directory install LOCK=$<
	@cp $< $@

.PHONY: install
install:
	@echo "Installing $(LOCK) into $(VENV)"
	@$(PIP) --require-hashes --requirement $(LOCK)
	@$(PIP) --no-deps --no-build-isolation --editable .

$(BIN)/python:
	@for python in "$${PYTHON:-python3.11}" python3 python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$python"; \
			"$$python" -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); \
			exit 1; \
		fi; \
	done; \
	echo "Menling needs Python 3.11, and none was found; install it, or name it: make PYTHON=/path/to/python3.11" >&2; \
	exit 1
