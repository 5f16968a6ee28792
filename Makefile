# Everything that a person or a CI runs here. `make` alone prints the list below.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PREREQUISITES := apt-get install -y --no-install-recommends make git python3 python3-venv

# Of the tests in tests/browser alone; they are skipped where it is absent.
BROWSER := apt-get install -y --no-install-recommends chromium fonts-wqy-microhei libatomic1

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Of everything that the programs need, the lowest version that pyproject.toml allows.
LOWEST_VENV := build/lowest-venv
LOWEST_INSTALLED := $(LOWEST_VENV)/.installed

# The generator stands in a venv of its own: its pinned versions are the oldest that the runtime
# supports (tools/protoc.txt), while the programs run on the newest.
PROTOC_VENV := build/protos-venv
PROTOC_INSTALLED := $(PROTOC_VENV)/.installed
PROTO_FILES = $(sort $(wildcard protos/xiezhi/v1/*.proto))
# $(call generate,DIRECTORY). only_async: the stubs then have one type each, that of grpc.aio.
generate = PATH="$(CURDIR)/$(PROTOC_VENV)/bin:$$PATH" python -m grpc_tools.protoc -I protos \
	--python_out=$(1) --grpc_python_out=$(1) \
	--mypy_out=quiet:$(1) --mypy_grpc_out=quiet,only_async:$(1) $(PROTO_FILES)

.PHONY: help
help: ## Print this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | \
		while IFS=$$'\t' read -r target text; do printf '  make %-14s %s\n' "$$target" "$$text"; done

.PHONY: demo
demo: $(INSTALLED) ## Suzhou in five minutes: a hub, three courts, one matter (STORY=…, or all; see examples/suzhou/stories.py; ONCE=1: leave then)
	$(BIN)/python examples/suzhou/demo.py $(if $(ONCE),--once) $(if $(STORY),--story $(STORY))

.PHONY: test
test: $(INSTALLED) ## Run all tests but the long ones (PostgreSQL is started from PyPI)
	$(BIN)/pytest -q --numprocesses auto --maxprocesses 4 --dist loadscope -m 'not stories and not long'

.PHONY: test-long
test-long: $(INSTALLED) ## Run what `make test` leaves out: programs pulled down, every page in a browser, all of it on PostgreSQL
	$(BIN)/pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile -m 'long and not stories'

.PHONY: test-stories
test-stories: $(INSTALLED) ## Play every story of the demo to its end, each on programs of its own (long)
	$(BIN)/pytest -q -m stories

.PHONY: fuzz
fuzz: $(INSTALLED) ## Try every reader of what comes from outside with broken input (SECONDS=420 for all of them; WORDS=…: some of them)
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),420) $(WORDS)

.PHONY: screenshots
screenshots: $(INSTALLED) ## Test the workbench in a browser, and write every page into build/screenshots (needs chromium)
	mkdir -p build/screenshots
	SCREENSHOTS=build/screenshots $(BIN)/pytest -q tests/browser

.PHONY: check
check: $(INSTALLED) protos-check ## Everything that is checked without running the programs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy tools
	$(BIN)/lint-imports
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code
	$(BIN)/python tools/check_terms.py
	$(BIN)/python -m tools.move_table --check

.PHONY: wheel-check
wheel-check: $(INSTALLED) ## Build the wheel; it has to hold the whole program and to run outside the source tree
	rm -rf build/wheel
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	$(BIN)/python tools/check_wheel.py build/wheel/xiezhi-*.whl

.PHONY: test-lowest
test-lowest: $(LOWEST_INSTALLED) ## Unit tests and the demo on the lowest versions that pyproject.toml allows
	$(LOWEST_VENV)/bin/pytest -q tests/unit tests/e2e/test_demo.py

.PHONY: fmt
fmt: $(INSTALLED) ## Format Python and protos, fix what can be fixed
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/buf format --write

.PHONY: protos
protos: $(PROTOC_INSTALLED) ## Regenerate the committed gRPC code from protos/
	@$(call generate,protos)

.PHONY: protos-check
protos-check: $(PROTOC_INSTALLED) ## Fail when the committed gRPC code is not what protos/ generates
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(call generate,"$$fresh"); \
	diff -rq -x '*.proto' -x __init__.py -x py.typed -x __pycache__ "$$fresh/xiezhi" protos/xiezhi \
		|| { echo 'The generated code is stale. Run: make protos' >&2; exit 1; }

.PHONY: docs
docs: $(INSTALLED) ## Rewrite the tables in docs/ that are made from the code
	$(BIN)/python tools/doc_tables.py
	$(BIN)/python -m tools.move_table

.PHONY: bench
bench: $(INSTALLED) ## Measure against references of the same run (SEED=1000000: how many instructions are stored)
	$(BIN)/python -m tests.bench $(if $(SEED),--seed $(SEED)) $(if $(QUICK),--quick)

.PHONY: install
install: $(INSTALLED) ## Make .venv with everything for development (the other targets do it by themselves)

$(INSTALLED): pyproject.toml
	@$(require-prerequisites)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(PROTOC_INSTALLED): tools/protoc.txt
	@$(require-prerequisites)
	$(PYTHON) -m venv $(PROTOC_VENV)
	$(PROTOC_VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(LOWEST_INSTALLED): pyproject.toml tools/lowest_versions.py
	@$(require-prerequisites)
	$(PYTHON) -m venv $(LOWEST_VENV)
	$(PYTHON) tools/lowest_versions.py > $(LOWEST_VENV)/constraints.txt
	$(LOWEST_VENV)/bin/pip install --quiet --disable-pip-version-check \
		--constraint $(LOWEST_VENV)/constraints.txt --editable '.[dev]'
	@touch $@

# `import venv` works on Debian without python3-venv, `import ensurepip` does not.
define require-prerequisites
{ command -v git && $(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; } \
	>/dev/null 2>&1 || { printf '%s\n' \
	'git, Python 3.11 or newer (PYTHON=$(PYTHON)) and its venv module are needed. On Debian or Ubuntu, as root:' \
	'$(PREREQUISITES)' >&2; exit 1; }
endef
