MAKEFLAGS += --no-print-directory
BIN := .venv/bin
COMPOSE = $(firstword $(wildcard .venv/lib/python3*/site-packages/compose/docker-compose))
TEMPLATES = find templates council -name '*.html' -not -path '*/node_modules/*' -exec

.DEFAULT_GOAL := help
.PHONY: help setup demo test proof lint style types layers django containers fmt messages migrations lock clean

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## everything the other targets need, into .venv and node_modules
	@scripts/setup

demo: ## the whole system with example accounts, in this terminal (PORT=8000)
	@scripts/setup && DJANGO_SETTINGS_MODULE=config.settings.demo exec $(BIN)/python manage.py demo

test: ## the suite on PostgreSQL and on SQLite, with coverage (ARGS="-k words" for a part of it)
	@scripts/setup && exec $(BIN)/python scripts/test $(ARGS)

proof: ## the long proofs: crawl, matrix, mutants, states, bad input (PROOF=all leaves nothing out)
	@scripts/setup && PROOF=$${PROOF:-1} exec $(BIN)/python scripts/test --proof

lint: style types layers django containers ## style, types, layers, templates, migrations, container files

style: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@$(TEMPLATES) $(BIN)/djade --check --target-version 6.1 {} +

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

django: setup
	$(BIN)/python manage.py check --settings config.settings.test --fail-level WARNING
	$(BIN)/python -m pytest -q tests/deployment/test_settings.py
	$(BIN)/python manage.py makemigrations --settings config.settings.test --check --dry-run

containers: setup
	$(BIN)/hadolint Dockerfile
	$(COMPOSE) --env-file deploy/env.example config -q

fmt: setup ## let the tools write the style
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format
	@$(TEMPLATES) $(BIN)/djade --target-version 6.1 {} +

messages: setup ## collect the words to translate and compile the catalogues (needs gettext)
	@command -v xgettext >/dev/null || { echo "messages: install gettext first" >&2; exit 1; }
	$(BIN)/python manage.py makemessages --settings config.settings.test -l ko \
		--add-location file --no-wrap --ignore .venv --ignore node_modules --ignore tests --ignore var
	@scripts/setup

migrations: setup ## write the migrations the models ask for
	$(BIN)/python manage.py makemigrations --settings config.settings.test council

lock: setup ## compile requirements/ from pyproject.toml (ARGS=--upgrade for newer releases)
	@scripts/lock $(ARGS)

clean: ## remove everything that make can make again; var/ with its data stays
	rm -rf .venv node_modules .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
