# Fingertip 指尖办理. `make help` lists what there is.

SHELL := /bin/sh
.SUFFIXES:
.NOTPARALLEL:

CARGO  ?= cargo
LISTEN ?= 127.0.0.1:8080
DATA   ?= ./data
WASM   := wasm32-unknown-unknown
BINARY := target/release/fingertip

# One feature set for everything that is built for the host in development, so that nothing is compiled twice.
WORKSPACE := --workspace --features frontend/gallery

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{ printf "  %-4s %-12s", $$1, $$2; $$1 = $$2 = ""; print $$0 }'

.PHONY: setup
setup: ## Get the toolchain and the WebAssembly target ready
	@rustc --version
	@sh frontend/bundler/wasm-target.sh

.PHONY: site
site: setup ## Build the site into target/site
	@$(CARGO) run -p bundler

.PHONY: server
server:
	@$(CARGO) build --release -p server --features site

.PHONY: build
build: site server ## Build target/release/fingertip with the site inside; print what each part weighs
	@ls -l $(BINARY) | awk '{ printf "%-44s %9.1f MB\n", "$(BINARY)", $$5 / 1000000 }'

.PHONY: run
run: site server ## Build and serve with the demo province on http://127.0.0.1:8080
	@exec $(BINARY) --data $(DATA) serve --listen $(LISTEN) --demo

.PHONY: dev
dev: setup ## Serve a development build; rebuild and restart on change
	@LISTEN=$(LISTEN) DATA=$(DATA) sh frontend/bundler/dev.sh

.PHONY: test
test: ## Run every test: units, properties, views, both databases, browser journeys
	@sh tests/run.sh

# The crate with the rules is optimised a little: the cases then take a third of the time. CI runs them with `make test`.
.PHONY: properties
properties: ## Hold the invariants of the approval engine against 100,000 random cases
	@PROPTEST_CASES=100000 $(CARGO) --config profile.dev.package.app.opt-level=1 test -p app --lib approval::process::model

.PHONY: screenshots
screenshots: ## Take a picture of every screen into tests/web/out
	@SCREENSHOTS=1 sh tests/run.sh

.PHONY: bench
bench: ## Measure sign-ins against a floor, lists of approvals, listening phones, a province of five million requests
	@$(CARGO) build --release -p tests --bin bench
	@POSTGRES_DURABLE=1 target/release/bench

.PHONY: lint
lint: setup lint-format lint-host lint-wasm lint-arrows lint-supply ## Check format, clippy on host and wasm, arrows, bans and licences

.PHONY: lint-format
lint-format:
	@echo "--- rustfmt"
	@$(CARGO) fmt --all --check
	@if command -v leptosfmt >/dev/null 2>&1; then echo "--- leptosfmt"; leptosfmt --check frontend/src; \
	 else echo "--- leptosfmt is not installed: left out (cargo install leptosfmt)"; fi

.PHONY: lint-host
lint-host:
	@echo "--- clippy, host"
	@$(CARGO) clippy $(WORKSPACE) --all-targets -- -D warnings

# The phone's code is compiled with feature csr, which is never combined with the ssr of the host: once as a phone loads
# it, once with all that there is.
.PHONY: lint-wasm
lint-wasm:
	@echo "--- clippy, wasm"
	@$(CARGO) clippy -p frontend --no-default-features --features csr --target $(WASM) -- -D warnings
	@$(CARGO) clippy -p frontend --no-default-features --features csr,desk,gallery --target $(WASM) -- -D warnings
	@$(CARGO) clippy -p decoder --target $(WASM) -- -D warnings

# Which crate may depend on which, from cargo metadata and the sources. It stands in the crate that builds fastest.
.PHONY: lint-arrows
lint-arrows:
	@echo "--- arrows"
	@$(CARGO) test $(WORKSPACE) --quiet --test architecture

.PHONY: lint-supply
lint-supply:
	@if $(CARGO) deny --version >/dev/null 2>&1; then echo "--- cargo-deny"; $(CARGO) deny --offline check bans licenses sources; \
	 else echo "--- cargo-deny is not installed: its bans are checked with cargo tree, licences are left out (cargo install cargo-deny)"; fi
	@sh tests/bans.sh
