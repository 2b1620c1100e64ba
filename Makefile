# One command for each thing. `make demo` and `make test` need nothing but Python, make and git.
PYTHON ?= python3
SERVE ?= 1
PORT ?= 8000
ROUNDS ?= 100
ENV := .venv
RUN := $(ENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo run test both looks fast check bench score weigh soak messages screenshots lock clean

demo: $(ENV)/.ready  ## Load the demo years into ./data, compile the report, serve it
	$(RUN) -m taizhang.cli demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

run: $(ENV)/.ready  ## Serve the ledger in ./data
	$(RUN) -m taizhang.cli serve --port $(PORT)

test: $(ENV)/.ready-dev  ## The whole suite, on the embedded SQLite
	$(RUN) -m tools.suite

both: $(ENV)/.ready-dev  ## On PostgreSQL too (TEST_DATABASE_URL): whatever meets a database
	$(RUN) -m tools.suite --postgresql

looks: $(ENV)/.ready-dev  ## Every page in Chromium: accessibility, wide and narrow, light and dark
	$(RUN) -m pytest -n 2 tests/browser/test_looks.py

fast: $(ENV)/.ready-dev  ## Engines and the most telling ledger tests, within ten seconds
	$(RUN) -m pytest -q -c tests/engines/pytest.ini tests/engines
	$(RUN) -m pytest -q -m fast tests/ledger tests/figures

check: $(ENV)/.ready-dev  ## Format, lint, types, boundaries, translations, migrations
	$(ENV)/bin/ruff format --check .
	$(ENV)/bin/ruff check .
	$(ENV)/bin/lint-imports
	$(ENV)/bin/mypy taizhang
	$(RUN) -m tools.messages --check
	$(RUN) -m tools.django check --fail-level WARNING
	$(RUN) -m tools.django makemigrations --check --dry-run

bench: $(ENV)/.ready-dev  ## Speed as ratios within one run
	$(RUN) -m compileall -q taizhang
	$(RUN) -m bench
	$(RUN) -m bench.checking

score: $(ENV)/.ready-dev  ## How well the checker reads the marked-up reports
	$(RUN) -m tests.engines.checking.scorer

weigh: $(ENV)/.ready-dev  ## Find anew what speaks for one thing told twice, and how much
	$(RUN) -m tests.engines.checking.weighing

soak: $(ENV)/.ready-dev  ## kill -9 of server and worker at random moments; PostgreSQL too as in test
	$(RUN) -m tools.soak --rounds $(ROUNDS)

messages: $(ENV)/.ready-dev  ## Bring the translation file up to date with the sources
	$(RUN) -m tools.messages

screenshots: $(ENV)/.ready-dev  ## Take the pictures in docs/screenshots anew
	$(RUN) -m tools.screenshots

lock:  ## Pin what the product and its tests need, with hashes
	uv pip compile -q --generate-hashes --python-version 3.11 --universal --no-header --no-annotate --extra build pyproject.toml -o requirements.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --universal --no-header --no-annotate requirements-dev.in -o requirements-dev.txt

clean:  ## Remove the environment and what the demo made
	rm -rf $(ENV) data demo-output

$(ENV)/.ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(ENV)
	$(RUN) -m pip install -q --require-hashes -r requirements.txt
	$(RUN) -m pip install -q --no-deps --no-build-isolation -e .
	$(RUN) -m compileall -q taizhang
	touch $@

$(ENV)/.ready-dev: $(ENV)/.ready requirements-dev.txt
	$(RUN) -m pip install -q --require-hashes -r requirements-dev.txt
	touch $@
