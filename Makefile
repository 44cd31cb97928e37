# make run    start the server with three simulated stations (ARGS="--http-port 8081" adds options)
# make test   run the whole suite (ARGS="-k mac" picks tests)
# make test-deep   the property tests with twenty times the examples, new ones in each run (ARGS="tests/ocppj")
# make check  ruff and mypy only
# make coverage   is each module of the core covered by its own test file? (ARGS="csms/rules" picks packages)
# make bench  print the figures of the README on this machine
# make mutants    would the tests notice if a rule were wrong? some ten minutes (ARGS="gates --count 20")
# make bench-against REV=254797c   is it as fast as that commit was? twenty minutes; exit code 1 where it is not (ARGS="--quick")
# make screenshots   every page as a picture into var/screenshots/ (ARGS="station-" picks some); needs Chromium
# make bench-attacks   what one attacker costs its neighbours, about ten minutes (ARGS="pongs --rounds 1")
# make clean  remove what setting up made; var/ with the data stays
.DEFAULT_GOAL := help
.PHONY: help run test test-deep check coverage mutants screenshots bench bench-against bench-attacks clean
SHELL := /bin/sh
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: .venv/.ready-run
	@exec $(BIN)/borne up --demo $(ARGS)

# Three workers for two cores: what runs on real sockets, in browsers and programs waits a third of its time.
test: .venv/.ready-test
	@exec $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -q $(ARGS)

test-deep: .venv/.ready-test
	@exec $(BIN)/python -m pytest -n 2 --hypothesis-profile=long -q $(ARGS)

check: .venv/.ready-test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

coverage: .venv/.ready-test
	@exec $(BIN)/python -m tools.own_coverage $(ARGS)

mutants: .venv/.ready-test
	@exec $(BIN)/python -m tools.mutants $(ARGS)

screenshots: .venv/.ready-test
	@exec $(BIN)/python -m tools.screenshots $(ARGS)

bench: .venv/.ready-test
	@exec $(BIN)/python -m benchmarks $(ARGS)

bench-attacks: .venv/.ready-test
	@exec $(BIN)/python -m benchmarks.attacks $(ARGS)

# Both servers run with the packages of this .venv, driven by these benchmarks: five turns, about twenty minutes.
bench-against: .venv/.ready-test
	@test -n "$(REV)" || { echo "Which commit? make bench-against REV=254797c"; exit 2; }
	@exec $(BIN)/python -m benchmarks.against $(REV) $(ARGS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

# What is installed is redone when the dependencies change.
.venv/.ready-run: .venv/.made pyproject.toml constraints.txt
	@echo "Setting up: installing what borne needs into .venv (about a minute, once) ..."
	@$(PIP) --editable . || { echo "Setting up failed: pip needs to reach a Python package index (see above)."; exit 1; }
	@touch $@

.venv/.ready-test: .venv/.made pyproject.toml constraints.txt
	@echo "Setting up: installing borne and the tools of its tests into .venv (about a minute, once) ..."
	@$(PIP) --editable '.[test]' || { echo "Setting up failed: pip needs to reach a Python package index (see above)."; exit 1; }
	@touch .venv/.ready-run $@

.venv/.made:
	@sh tools/make_venv.sh
	@touch $@
