# `make run` and `make test` are the two commands; README.md explains them.

# How the server is built: `release`, or `dev`, which builds faster and serves a small class as well.
PROFILE ?= release
# Where the demo is served, and where it keeps its data.
LISTEN ?= 127.0.0.1:8080
MEDIA_PORT ?=
DATA_DIR ?= data

# A shell that did not log in has no path to rustup's programs.
export PATH := $(PATH):$(HOME)/.cargo/bin

.PHONY: run test lint fuzz generate screenshots guide-pictures bench bench-peers bench-store

run:
	@scripts/setup run
	cargo run --profile $(PROFILE) --bin qism -- serve --demo --data-dir $(DATA_DIR) --listen $(LISTEN) \
		$(if $(MEDIA_PORT),--media-port $(MEDIA_PORT))

# STAGES names some of them only: `make test STAGES="rust interop"`.
test:
	@scripts/setup test
	@scripts/test $(STAGES)

lint:
	@scripts/lint

# FUZZ_SECONDS says how long each target runs.
fuzz:
	@scripts/fuzz

# Writes what is generated from the code and checked in: the web client's types of the protocol and of the calls.
generate:
	QISM_GENERATE=1 cargo test -p qism --lib the_web_clients
	node web-client/scripts/api-types.mjs

# Pictures of every screen, into screenshots/.
screenshots:
	@scripts/setup test
	@scripts/screenshots

# The pictures of docs/COMMITTEE.md, into docs/images/committee/.
guide-pictures:
	@scripts/setup test
	@scripts/guide-pictures

# What a server on this machine carries: the figures of docs/BENCHMARKS.md and docs/SIZING.md, and a page in
# target/bench/. Under ten minutes on two cores. BENCH_SECONDS is how long each run is measured.
bench:
	@scripts/bench server

# The same lecture through this server and through Janus, in one go.
bench-peers:
	@scripts/bench peers

# A country in the store, and the pages that everybody opens, on SQLite and on PostgreSQL: prints a table, and keeps it in
# target/bench-store/.
bench-store:
	@scripts/setup test
	@scripts/bench-store
