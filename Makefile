# make nightly   sets everything up and runs the nightly flow on the bundled sample wire; SOURCES=my.toml runs real feeds
# make test      sets everything up and runs formatter check, linter, types, import contract, SQL lint and tests
# make format    formats
# make lock      pins the newest versions that pyproject.toml allows

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := nightly
.PHONY: setup nightly test test-nights test-rooms check format lock dictionary clean

setup: $(READY)

$(READY): requirements.lock bootstrap.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Dateline needs Python 3.11; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

nightly: $(READY)
	@$(BIN)/dateline nightly $(if $(SOURCES),--sources $(SOURCES),--sample)

# Two at a time: the rehearsed nights, at which tests/nights and tests/cli look, take as long as everything else together.
test: $(READY)
	@$(MAKE) --no-print-directory -j2 test-rooms test-nights check

test-nights: $(READY)
	$(BIN)/python -m pytest tests/nights tests/cli

test-rooms: $(READY)
	$(BIN)/python -m pytest --ignore=tests/nights --ignore=tests/cli

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar sql/models sql/tests sql/analyses

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(READY)
	$(BIN)/uv pip compile --quiet --upgrade --group dev --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate pyproject.toml --output-file requirements.lock
	echo 'uv==$(shell $(BIN)/uv --version | cut -d" " -f2)' | $(BIN)/uv pip compile --quiet --generate-hashes \
		--no-emit-index-url --no-header --no-annotate - --output-file bootstrap.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache sql/target
