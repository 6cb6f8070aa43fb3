# Two commands for everyone: make demo, make test. The rest is for contributors.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

QUICK := $(addprefix tests/, model/test_messages.py rules ranking suppression \
  intake/test_intake_refused.py intake/test_intake_cases.py allocation/test_deferred_acceptance.py \
  allocation/test_choice.py verification/test_reading.py explanation/test_reasons.py \
  explanation/test_letters.py comparison/test_groups.py pool/test_draws.py pool/test_population.py \
  simulation/test_by_hand.py simulation/test_statistics.py report/test_summary.py \
  report/test_words.py results/test_files.py season/test_refused.py preview/test_preview.py \
  api/test_catalogue.py pages/test_frame.py grants/test_fill.py letters/test_files.py \
  letters/test_words.py docs/test_house.py docs/test_project_files.py \
  docs/test_portable.py)

.PHONY: demo test coverage quick browser axe check format docs wheel-check same-bytes oracle seasons clean

demo: $(VENV)/installed
	$(BIN)/admissions demo

test: $(VENV)/installed-dev
	$(BIN)/pytest -n 2

# Which lines no test reaches; half as slow again as `make test`.
coverage: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 --cov --cov-report=term

quick: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 -q $(QUICK)

# What people do on the pages, in a real browser (Debian's chromium, or $$ADMISSIONS_TEST_BROWSER).
browser: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 -q tests/pages/browser

# Every page of every role in each language, width and choice of colours; some minutes.
axe: $(VENV)/installed-dev
	$(BIN)/python -m tests.pages.browser.every_page

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/installed-dev
	$(BIN)/python -m docs.made build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

wheel-check: $(VENV)/installed-dev
	$(BIN)/python .ci/wheel_check.py

same-bytes: $(VENV)/installed-dev
	$(BIN)/python .ci/same_bytes.py

oracle: $(VENV)/installed-dev
	nice $(BIN)/python -m tests.allocation.many_problems 20000
	nice $(BIN)/python -m tests.acceptance.many_mixtures 2000

seasons: $(VENV)/installed-dev
	nice $(BIN)/python -m tests.season.many_years 100000

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist admissions-demo
