# Everything here sets itself up: it needs Python 3.11 or newer with venv and pip, and nothing else.
PYTHON ?= python3
BIN := .venv/bin
FOLDERS := server tools prompts rest sandbox tests benchmarks examples

.PHONY: demo test browser check format benchmark clean

demo: .venv/installed
	$(BIN)/bitrix24-commerce-mcp demo

test: .venv/developing browser
	$(BIN)/pytest --numprocesses auto

# Some tests click through the sandbox's pages in Chromium. Where it cannot be had, pytest skips them and says so.
browser:
	@command -v chromedriver >/dev/null || { \
		echo "Installing Chromium and its driver for the tests in a browser"; \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq >/dev/null \
		&& DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium chromium-driver >/dev/null \
		|| echo "It takes root and Debian's apt-get: without them the tests in a browser are skipped"; \
	}

check: .venv/developing
	$(BIN)/ruff check $(FOLDERS)
	$(BIN)/ruff format --check $(FOLDERS)
	$(BIN)/pyright
	$(BIN)/python -m tests.generated --check

# Write the generated parts of the documentation and the schema snapshots anew.
format: .venv/developing
	$(BIN)/ruff check --fix $(FOLDERS)
	$(BIN)/ruff format $(FOLDERS)
	$(BIN)/python -m tests.generated

benchmark: .venv/benchmarking
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --upgrade 'pip>=25.1'

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -qq --editable .
	@touch $@

.venv/developing: .venv/installed
	$(BIN)/python -m pip install -qq --group dev
	mkdir -p .venv/types && ln -sfn ../.. .venv/types/bitrix24_commerce
	@touch $@

.venv/benchmarking: .venv/developing
	$(BIN)/python -m pip install -qq --group benchmarks
	@touch $@
