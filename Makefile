# Everything a person or a pipeline does with this project; `make` alone lists it.
# It needs make and Python 3.11, 3.12 or 3.13 (set PYTHON=… when it is not on the path); it fetches the rest.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo "$$each" && break; done)
UV_VERSION := 0.13.9
TOOLS := .venv-tools
BIN := .venv/bin
UV := $(TOOLS)/bin/uv
SYNC := UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --frozen --all-extras --all-groups --python $(TOOLS)/bin/python
INSTALLED := .venv/.installed-from-lock
FRONTEND := services/web/frontend
BUILT := services/web/static/built/.built
LANDED := landed.binpb
KUBERNETES := 1.35
OBJECTS := $(filter-out %/kustomization.yaml,$(wildcard deploy/kubernetes/*/*.yaml))
OUT ?= var/sbom
PROCESSES ?= $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
ARGS ?=

# Where the environment forbids it, each of the many processes that we start would compile all it imports anew: twice the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) $(BUILT) ## Install everything into .venv, from the lock files, and make the pages' style; quick when nothing changed
	@true

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; install one, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(INSTALLED): pyproject.toml uv.lock | $(UV)
	@echo "Installing into .venv, from uv.lock; the first time takes a minute or two"
	@env -u VIRTUAL_ENV $(SYNC) 2>/dev/null || env -u VIRTUAL_ENV $(SYNC) --system-certs # the second: behind a proxy that inspects TLS
	@touch $@

$(BUILT): $(wildcard $(FRONTEND)/*.json $(FRONTEND)/*.scss $(FRONTEND)/*.js $(FRONTEND)/*.svg $(FRONTEND)/*.py) | $(INSTALLED)
	@$(BIN)/python -m services.web.frontend.build

.PHONY: run
run: setup ## Start everything, load the demonstration, show recommendations, stay up until Ctrl-C
	@$(BIN)/inborough up $(ARGS)

.PHONY: test
test: setup ## Run every test (make test ARGS="-k words" for some; PROCESSES=1 for one at a time)
	@$(BIN)/pytest -n $(PROCESSES) --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: pages
pages: setup ## Try the pages in Chromium: accessibility at four widths, keyboard alone, no JavaScript, nothing from elsewhere
	@command -v chromium >/dev/null || test -n "$$INBOROUGH_TEST_CHROMIUM" || { echo "Chromium is needed: apt-get install chromium, or set INBOROUGH_TEST_CHROMIUM"; exit 1; }
	@INBOROUGH_TEST_EVERY_WIDTH=1 $(BIN)/pytest -n 0 tests/pages tests/service/web tests/unit/web $(ARGS)

.PHONY: screenshots
screenshots: setup ## Make the pictures of docs/pictures from the demonstration, in Chromium
	@$(BIN)/python -m tests.pages.pictures

.PHONY: check
check: check-format check-types check-imports check-protos ## Check the code without running it: format, types, imports, contracts

.PHONY: check-format
check-format: setup ## Check format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

.PHONY: check-types
check-types: setup ## Check types
	$(BIN)/mypy

.PHONY: check-imports
check-imports: setup ## Check who imports whom
	$(BIN)/lint-imports --no-logo

.PHONY: check-protos
check-protos: setup ## Check the wire contracts: style, format, nothing broken since landed, generated code fresh
	cd protos && ../$(BIN)/buf lint
	cd protos && ../$(BIN)/buf format --diff --exit-code
	cd protos && ../$(BIN)/buf breaking --against $(LANDED)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python protos/generate.py --check

.PHONY: validate
validate: validate-images validate-compose validate-kubernetes validate-prometheus validate-secrets validate-advisories ## Check deployment and supply chain: every validator (docs/security/supply-chain.md)

.PHONY: validate-images
validate-images: setup ## Check the Dockerfile
	$(BIN)/hadolint deploy/docker/Dockerfile

.PHONY: validate-compose
validate-compose: setup ## Check docker-compose.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: validate-kubernetes
validate-kubernetes: setup ## Check every object of deploy/kubernetes against Kubernetes' own schemas
	$(BIN)/kubernetes-validate --strict --quiet -k $(KUBERNETES) $(OBJECTS)

.PHONY: validate-prometheus
validate-prometheus: setup ## Check the configuration of Prometheus and Alertmanager, and test the rules
ifneq ($(shell command -v promtool && command -v amtool),)
	promtool check config deploy/prometheus/prometheus.yml
	promtool check rules deploy/prometheus/rules/*.yml
	promtool test rules deploy/prometheus/tests/*.yml
	amtool check-config deploy/alertmanager/alertmanager.yml
else
	@echo "promtool or amtool is missing: Debian has them in the packages prometheus and prometheus-alertmanager (.ci/install)."
	@test -z "$$CI"
endif

.PHONY: validate-secrets
validate-secrets: setup ## Look for secrets among the files under version control
	@$(BIN)/python -m tests.validation.committed_secrets

.PHONY: validate-advisories
validate-advisories: setup ## Ask PyPI whether a library that we install has a known vulnerability
	@$(BIN)/python -m tests.validation.advisories

.PHONY: sbom
sbom: setup ## Write a software bill of materials for each image, CycloneDX (make sbom OUT=folder)
	@$(BIN)/python -m tests.validation.sbom $(OUT)

.PHONY: format
format: setup ## Rewrite code and protos in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd protos && ../$(BIN)/buf format --write

.PHONY: protos
protos: setup ## Generate shared/gen from protos/
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python protos/generate.py
	$(BIN)/python -m shared.identity.table docs/access.md
	$(BIN)/python -m tests.architecture.data_flow.document docs/privacy/data-flow.md

.PHONY: access
access: setup ## Write docs/access.md, which role may call what, from protos/
	$(BIN)/python -m shared.identity.table docs/access.md

.PHONY: data-flow
data-flow: setup ## Write docs/privacy/data-flow.md, what fields and columns tell of people, from protos/ and the tables
	$(BIN)/python -m tests.architecture.data_flow.document docs/privacy/data-flow.md

.PHONY: protos-accept
protos-accept: setup ## Take today's protos as the landed contract that later ones must not break
	cd protos && ../$(BIN)/buf build --exclude-source-info --output $(LANDED)

.PHONY: bench
bench: setup ## Measure speed as ratios, some minutes, into docs/performance.md (make bench ARGS="siting" for one part, ARGS=--json)
	@$(BIN)/python -W ignore -m tests.benchmarks $(ARGS)

.PHONY: bench-full
bench-full: setup ## The same, and what takes minutes each: slow solvers, replays, a nation (half an hour, and then the national run)
	@$(BIN)/python -W ignore -m tests.benchmarks --full $(ARGS)

.PHONY: truth
truth: setup ## Check the optimiser against independent solvers, and the demonstration against the published tables
	@$(BIN)/python -m tests.benchmarks.truth $(ARGS)

.PHONY: faults
faults: setup ## Kill, cut off, race and tamper at full length (hours); needs PostgreSQL and RabbitMQ (make faults ARGS="broker poison" for some)
	@$(BIN)/python -W ignore -m tests.faults $(ARGS)

.PHONY: load
load: setup ## Play 50 panel users and 10 planners against the production profile, into docs/load.md; needs PostgreSQL and RabbitMQ
	@$(BIN)/python -W ignore -m tests.load $(ARGS)

.PHONY: clean
clean: ## Remove what was installed and cached, but not var/ (your databases)
	rm -rf .venv $(TOOLS) .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(FRONTEND)/node_modules $(dir $(BUILT))
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
