# 评选 — the commands of the README, and those for people who work on the code.
#
#   make run     the demo on http://127.0.0.1:8000 (environment, database and demo round on the first call)
#   make test    all tests; DATABASE_URL=postgres://… runs them on PostgreSQL, ARGS="-k slate -x" narrows them
#   make check   lint of code and templates, types, import contracts, migrations, translations, deploy checks
#   make bench   the benchmarks of bench/
#   make venv    the locked environment in .venv and nothing else
#   make docs    the site of docs/ in var/docs; a broken link fails
#   make messages | lock | format

VENV   := .venv
PY     := $(VENV)/bin/python
BIND   ?= 127.0.0.1:8000
ARGS   ?=
APPS   := config workflows appraisal quotas
CODE   := $(APPS) tests manage.py $(wildcard bench)

# The first interpreter that is new enough and can create environments. PYTHON=… overrides.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$python"; break; }; done)

.PHONY: venv dev run test check bench docs messages lock format
.DEFAULT_GOAL := run

venv: $(VENV)/.run-installed
dev: $(VENV)/.dev-installed

$(VENV)/.run-installed: requirements/run.txt
	@test -n "$(PYTHON)" || { \
		echo "需要 Python 3.11 或更高版本（含 venv 模块）。Debian/Ubuntu：apt-get install python3 python3-venv"; \
		echo "Python 3.11 or newer with the venv module is needed, e.g. apt-get install python3 python3-venv"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.run-installed
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.docs-installed: requirements/docs.txt $(VENV)/.dev-installed
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt
	@touch $@

run: venv
	$(PY) manage.py migrate --no-input --verbosity 0
	$(PY) manage.py demo --if-empty
	$(PY) manage.py runserver $(BIND)

# In the order of the files: sorted by their number of tests, the few long ones would come last and run alone.
test: dev
	$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: dev
	$(VENV)/bin/ruff check $(CODE)
	$(VENV)/bin/ruff format --check $(CODE)
	$(VENV)/bin/djlint --check --lint templates
	$(VENV)/bin/mypy $(APPS)
	$(VENV)/bin/lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py makemigrations --check --dry-run
	$(PY) -m pytest -q tests/architecture/test_translations.py
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') ALLOWED_HOSTS=pingxuan.example \
		DATABASE_URL=postgres://pingxuan@localhost/pingxuan DJANGO_SETTINGS_MODULE=config.settings.prod \
		$(PY) manage.py check --deploy --fail-level WARNING

bench: dev
	$(PY) bench/run.py $(ARGS)

# Not --quiet: what is not said is not counted, and a broken link would pass.
docs: $(VENV)/.docs-installed
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict

# Needs GNU gettext. The compiled catalogues are committed, so that running needs nothing but Python.
messages: dev
	@mkdir -p locale
	$(PY) manage.py makemessages --locale en --no-location --no-obsolete --ignore 'var/*' --ignore 'tests/*' --ignore 'bench/*'
	$(PY) manage.py compilemessages --locale en --ignore $(VENV)

# Needs uv, which resolves for every Python and platform at once.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:
	$(LOCK) requirements/run.in -o requirements/run.txt
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/docs.in -o requirements/docs.txt

format: dev
	$(VENV)/bin/ruff check --fix $(CODE)
	$(VENV)/bin/ruff format $(CODE)
	$(VENV)/bin/djlint --reformat --quiet --warn templates
