# Each target sets up what it needs: a virtual environment in .venv, and for the tests a Docker engine.

SHELL := /bin/sh
ARGS ?=

.PHONY: help demo test lint bench bench-images corpus clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/.ready ## Compile the Fashion-MNIST example and run it, on Docker if an engine answers
	.venv/bin/mlc run components/fashion_mnist/pipeline.py
	.venv/bin/mlc outputs out/fashion_mnist --to out/results --replace

test: .venv/.dev ## Run all tests; as root on a bare Debian 12 a Docker engine is brought up for them
	.venv/bin/pytest $(ARGS)

lint: .venv/.dev ## Check style, types, imports, templates, rendered Dockerfiles and shell scripts
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest --quiet tests/templates
	.venv/bin/shellcheck .ci/venv .ci/run templates/runtime/bin/mldesigner
	cd templates/runtime && ../../.venv/bin/shellcheck --external-sources launch.sh check.sh

bench: .venv/.dev .oracle/.ready ## Time compilations beside the reference SDK
	.venv/bin/python -m benchmarks.compile --sdk-python .oracle/bin/python $(ARGS)

bench-images: .venv/.dev ## Time image builds beside other ways to write a Dockerfile; clears the engine's build cache
	.venv/bin/python -m benchmarks.images --prune $(ARGS)

corpus: .venv/.dev ## Compile the pipelines of a checkout of Azure/azureml-examples: make corpus CHECKOUT=DIR
	.venv/bin/python -m tests.corpus $(CHECKOUT) $(ARGS)

clean: ## Remove what the targets made
	rm -rf .venv .oracle out dist build

.venv/.ready: pyproject.toml .ci/venv
	.ci/venv

.venv/.dev: pyproject.toml .ci/venv
	.ci/venv dev

.oracle/.ready: .venv/.ready
	.venv/bin/uv venv --quiet --clear .oracle
	.venv/bin/uv pip install --quiet --python .oracle/bin/python azure-ai-ml azure-identity mldesigner 'setuptools<81'
	touch $@
