# Every target makes what it needs: a virtual environment in .venv, with dibao and its tools in it.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: venv demo test check bench lock clean

venv: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("dibao needs Python 3.11 or newer") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

# The main job on the built-in sample newsroom, offline. ONCE=1 ends without showing the site, PORT=8081 shows it there.
demo: $(STAMP)
	$(BIN)/dibao demo demo-archive $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

# Everything that CI checks. Many of the slow tests wait for other processes: one worker more than processors.
test: $(STAMP) lint
	$(BIN)/python -m pytest -n $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)') --dist worksteal

# The fast part: under two minutes.
check: $(STAMP) lint
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not browser"

.PHONY: lint
lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m bench

# Pin what pyproject.toml asks for, for every platform (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --group dev pyproject.toml --output-file requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv build dist demo-archive dibao-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
