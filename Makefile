# `make run` and `make test` are the two commands; README.md explains them.
.PHONY: run test generate

run:
	cargo run --release -- serve --demo

test:
	cargo test --workspace

# Writes what is generated from the code and checked in: the web client's protocol types.
generate:
	QISM_GENERATE=1 cargo test --lib typescript
