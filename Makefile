# `make` lists what there is. Everything is installed from uv.lock into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen
TEST_EXTRAS := --extra real-retail --extra databases --extra s3 --extra gcs
AS_OF ?= 2026-07-01
CUSTOMERS ?= 5000
SEED ?= 7
REAL_DATA := examples/real_retail/data
REAL_AS_OF := 2018-01-02

export AIRFLOW_HOME := $(CURDIR)/.airflow
export AIRFLOW__CORE__DAGS_FOLDER := $(CURDIR)/dags
export AIRFLOW__CORE__LOAD_EXAMPLES := False
export AIRFLOW__LOGGING__LOGGING_LEVEL ?= WARNING
export AIRFLOW__LOGGING__NAMESPACE_LEVELS ?= c360=INFO py.warnings=ERROR
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED := False
export DO_NOT_TRACK := 1

.PHONY: help demo demo-real test check fix clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .airflow/ready ## Run the whole pipeline on the sample shop, through Airflow
	@$(RUN) c360 sample --customers $(CUSTOMERS) --seed $(SEED) --until $(AS_OF)
	@$(RUN) airflow dags test c360_daily $(AS_OF)
	@$(RUN) c360 summary

demo-real: export C360_DATA_DIR := $(CURDIR)/$(REAL_DATA)
demo-real: export C360_CONTRACTS_DIR := $(CURDIR)/examples/real_retail/contracts
demo-real: RUN := $(UV) run --frozen --extra real-retail
demo-real: .airflow/ready ## Run it on real transactions; ONLINE_RETAIL=<file> adds the web shop
	@$(RUN) python examples/real_retail/land.py --landing $(REAL_DATA)/landing $(if $(ONLINE_RETAIL),--online-retail "$(ONLINE_RETAIL)")
	@$(RUN) airflow dags test c360_daily $(REAL_AS_OF)
	@$(RUN) c360 summary

test: .venv/ready ## Run every test
	$(RUN) $(TEST_EXTRAS) pytest

check: .venv/ready ## Lint, format, types, import rules, SQL
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) sqlfluff lint dbt_project/models dbt_project/tests

fix: .venv/ready ## Mend what ruff and sqlfluff can mend
	$(RUN) ruff check --fix .
	$(RUN) ruff format .
	$(RUN) sqlfluff fix dbt_project/models dbt_project/tests

clean: ## Remove the environment and everything a run wrote
	rm -rf .venv .tools .airflow data $(REAL_DATA)

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

.venv/ready: uv.lock $(if $(findstring .tools,$(UV)),.tools/bin/uv)
	$(UV) sync --frozen $(TEST_EXTRAS)
	@touch $@

.airflow/ready: .venv/ready
	@echo "Preparing Airflow's metadata database"
	@$(RUN) airflow db migrate > .airflow-migrate.log 2>&1 || { cat .airflow-migrate.log; exit 1; }
	@rm -f .airflow-migrate.log
	@touch $@
