# `make` lists the targets. Everything happens in .venv; nothing needs root, Docker or a database server.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
LOCKS  := requirements/uv.txt requirements/dev.txt
ORACLE := .venv-oracle
BENCH  := .venv-bench
AUDIT  := .venv-audit

export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: install
install: $(STAMP) ## Build .venv with everything pinned, and the tradyn command in it

$(STAMP): $(LOCKS) pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install it, or say make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/uv.txt requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# Node comes with .venv, its packages from the lock files; `serve` needs neither.
NODE_STAMPS := $(patsubst %,%/node_modules/.installed,$(patsubst %/package-lock.json,%,$(wildcard openapi/review/package-lock.json clients/typescript/package-lock.json)))

%/node_modules/.installed: %/package-lock.json | $(STAMP)
	cd $* && npm ci --silent
	@touch $@

.PHONY: serve
serve: install ## Run the broker on 127.0.0.1:8080 (ARGS="--port 8081" and the like)
	@$(BIN)/tradyn serve $(ARGS)

.PHONY: test
test: install $(NODE_STAMPS) ## Pass all tests
	$(BIN)/python -m pytest -n 2 $(ARGS)

.PHONY: soak
soak: install $(NODE_STAMPS) ## The long tests in full
	TRADYN_TEST_SOAK=1 $(BIN)/python -m pytest -n 2 $(ARGS)

.PHONY: fuzz
fuzz: install ## schemathesis against a server of its own (MINUTES=30 SEED=1 CASES=5000 ARGS="--scope full")
	PYTHONPATH=server:tests $(BIN)/python -m contract.fuzzing $(if $(MINUTES),--minutes $(MINUTES)) \
	  $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED)) $(ARGS)

.PHONY: crash
crash: install ## kill -9 under load, again and again, and compare (CYCLES=1000 SEED=1)
	PYTHONPATH=server:tests $(BIN)/python -m reliability.crash_loop --cycles $(or $(CYCLES),1000) \
	  $(if $(SEED),--seed $(SEED)) $(ARGS)

.PHONY: mutants
mutants: install ## Put faults into a copy of the server; a named test must find each (ARGS="--only swap")
	PYTHONPATH=server:tests $(BIN)/python -m reliability.mutants $(ARGS)

.PHONY: access-matrix
access-matrix: install ## Try every operation with every kind of key, and show what came
	PYTHONPATH=server:tests $(BIN)/python -m reliability.access_matrix

.PHONY: power-cuts
power-cuts: install ## Cut the power under the journal so many times (CUTS=1000 SEED=1)
	TRADYN_TEST_CUTS=$(or $(CUTS),1000) TRADYN_TEST_SEED=$(or $(SEED),1) \
	  $(BIN)/python -m pytest -s tests/reliability/test_power_cuts.py $(ARGS)

.PHONY: oracle
oracle: install $(ORACLE)/.installed ## Compare with another backtester on real data (ARGS="--rounds 50")
	PYTHONPATH=tests $(BIN)/python -m oracle.compare --python $(ORACLE)/bin/python $(ARGS)

$(ORACLE)/.installed: requirements/oracle.txt | install
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(ORACLE)
	$(BIN)/uv pip sync --quiet --python $(ORACLE)/bin/python --require-hashes requirements/oracle.txt
	@touch $@

.PHONY: bench
bench: install $(BENCH)/.installed ## Tradyn beside other servers (ARGS="--rounds 3 --only account,trade")
	@PYTHONPATH=server:. $(BENCH)/bin/python -m bench.side_by_side $(ARGS)

$(BENCH)/.installed: requirements/bench.txt | install
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(BENCH)
	$(BIN)/uv pip sync --quiet --python $(BENCH)/bin/python --require-hashes requirements/bench.txt
	@touch $@

.PHONY: bench-ticks
bench-ticks: install ## What a quiet tick costs with 100 and with 100,000 resting orders
	$(BIN)/python bench/quiet_ticks.py

.PHONY: bench-scale
bench-scale: install $(BENCH)/.installed ## How costs grow with accounts, orders, positions, history and readers
	@PYTHONPATH=server:. $(BENCH)/bin/python -m bench.scale $(ARGS)

.PHONY: bench-stream
bench-stream: install ## Ticks to 1,000 readers, beside a bare broadcast of the same library
	@PYTHONPATH=. $(BIN)/python -m bench.stream_fanout $(ARGS)

.PHONY: overload
overload: install ## Ten times what the server can serve: what is shed, how fast the rest is, what it costs
	$(BIN)/python bench/overload.py $(ARGS)

.PHONY: soak-day
soak-day: install ## Two days of trading on an accelerated clock: memory must stay flat on the second
	$(BIN)/python bench/soak_day.py $(ARGS)

.PHONY: lint
lint: install ## ruff, mypy --strict and the directions of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

.PHONY: contract
contract: install openapi/review/node_modules/.installed ## Lint and score openapi/tradyn.yaml
	@$(BIN)/python openapi/review/contract_check.py $(ARGS)

.PHONY: contract-diff
contract-diff: install openapi/review/node_modules/.installed ## Refuse a breaking change without a major version (BASE=revision)
	@$(BIN)/python openapi/review/contract_diff.py $(BASE)

.PHONY: format
format: install ## Let ruff write the code its way
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

.PHONY: clients
clients: install clients/typescript/node_modules/.installed ## Generate clients/ anew from openapi/tradyn.yaml
	$(BIN)/python clients/generate.py
	cd clients/typescript && npm run --silent generate

.PHONY: audit
audit: install $(AUDIT)/.installed ## What is known against the dependencies of the server (asks a vulnerability service)
	@$(BIN)/python requirements/supply_chain.py audit --tools $(AUDIT)/bin

.PHONY: sbom
sbom: install $(AUDIT)/.installed ## Write docs/sbom.cdx.json and docs/licences.md anew
	$(BIN)/python requirements/supply_chain.py bill --tools $(AUDIT)/bin

$(AUDIT)/.installed: requirements/audit.txt | install
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(AUDIT)
	$(BIN)/uv pip sync --quiet --python $(AUDIT)/bin/python --require-hashes requirements/audit.txt
	@touch $@

.PHONY: lock
lock: install ## Choose and pin the newest dependencies that fit
	for set in uv runtime dev oracle audit bench; do \
	  $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url \
	    --no-emit-find-links --python-version 3.11 requirements/$$set.in -o requirements/$$set.txt || exit 1; \
	done

.PHONY: clean
clean: ## Remove what was built, but no data folder
	rm -rf $(VENV) $(ORACLE) $(AUDIT) $(BENCH) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
