# make = check + test. What CI runs is here and nowhere else; `make help` lists the targets.

BIN   := node_modules/.bin
SEED  ?= 1
SEEDS ?= 100
INPUTS ?= 100000000
JOBS  ?=
# npm writes this file last, so it stands for a whole install.
STAMP := node_modules/.package-lock.json
BUILT := dist/.built
INTEROP := build/interop/.installed
# Not locked with the rest: it has nothing to do with what is built, and brings 240 packages.
STRYKER := @stryker-mutator/core@9.6.1 @stryker-mutator/mocha-runner@9.6.1 mocha@10.8.2
MUTATE := build/mutate/.mocha-runner
MUTANTS ?= 1
FILES ?= protocol/cfdp/**/*.ts
NODE_CHECK := const v = process.versions.node, [a, b] = v.split(".").map(Number); \
  if (a < 20 || (a === 20 && b < 19)) { \
    console.error("Downpour needs Node 20.19 or newer; this is " + v); process.exit(1) }
CODE  := $(shell find protocol onboard station hal bin -name '*.ts' 2>/dev/null)

.DEFAULT_GOAL := all
.PHONY: all setup build deb kernel run check test format sim mission missions fuzz histories mutate kill bench matrix curves boards clean help
MAKEFLAGS += --no-builtin-rules --no-print-directory

all: check test ## check, then test

setup: $(STAMP) ## install the dependencies, once, exactly as locked
$(STAMP): package-lock.json
	@node -e '$(NODE_CHECK)'
	@npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

build: $(BUILT) ## compile to dist/, and bundle each command
$(BUILT): $(STAMP) tsconfig.json tsconfig.build.json tools/bundle.ts tools/bundles.ts $(CODE)
	@$(BIN)/tsc -p tsconfig.build.json
	@$(BIN)/tsx tools/bundle.ts
	@chmod +x dist/bin/*.js
	@touch $@

kernel: setup ## compile the kernels into their TypeScript files
	@$(BIN)/tsx tools/kernel.ts

run: build ## a whole pass on this machine: spacecraft, link, station
	@node dist/bin/downpour.js pass

check: setup ## format, types, lint and the rules of the house; changes nothing
	@$(BIN)/biome check --error-on-warnings .
	@$(BIN)/tsc --noEmit -p .
	@$(BIN)/oxlint --type-aware --deny-warnings .
	@$(BIN)/tsx tools/test.ts test/house.test.ts

deb: setup ## the Debian package for boards and stations: build/deb/
	@$(BIN)/tsx tools/deb.ts

test: build ## every test, then the coverage gate
	@$(BIN)/tsx tools/test.ts $(if $(JOBS),--jobs=$(JOBS))

format: setup ## put format and imports right
	@$(BIN)/biome check --write .

sim: setup ## fly one simulated pass again: make sim SEED=17
	@SEED=$(SEED) $(BIN)/tsx tools/test.ts test/sim/*.test.ts

fuzz: setup ## decoders and machines against wrong octets, for long: make fuzz INPUTS=100000000 SEED=17
	@for test in test/fuzz/*.test.ts; do TAP_TIMEOUT=0 FUZZ_INPUTS=$(INPUTS) SEED=$(SEED) $(BIN)/tsx $$test || exit 1; done

histories: setup ## transactions through whatever may happen: make histories INPUTS=1000000 SEED=17
	@TAP_TIMEOUT=0 HISTORIES=$(INPUTS) SEED=$(SEED) $(BIN)/tsx test/protocol/cfdp/histories.test.ts

mutate: setup $(MUTATE) ## mutation testing of CFDP and onboard/, for hours: make mutate FILES=protocol/cfdp/receiving.ts
	@HISTORIES=20 $(dir $(MUTATE))node_modules/.bin/stryker run tools/mutate/stryker.json --mutate '$(FILES)' --concurrency $(MUTANTS)
$(MUTATE):
	@npm install --ignore-scripts --no-fund --no-audit --loglevel=error --prefix $(dir $@) $(STRYKER)
	@touch $@

mission: setup ## fly one simulated mission of days again: make mission SEED=17
	@SEED=$(SEED) $(BIN)/tsx tools/test.ts test/sim/missions.test.ts

missions: setup ## fly simulated missions on every core: make missions SEEDS=10000
	@$(BIN)/tsx tools/missions.ts $(SEEDS)

kill: build ## kill real processes at random moments of transfers: make kill SEED=17
	@SEED=$(SEED) $(BIN)/tsx tools/test.ts test/process/kill.test.ts

bench: build ## memory, start, line and speed against their targets: docs/figures.md
	@$(MAKE) $(INTEROP) || echo 'Cannot install cfdp-py: the rows against it are left out'
	@$(BIN)/tsx tools/bench.ts $(ONLY)

interop: build $(INTEROP) ## with cfdp-py, Yamcs, gr-satellites, libfec, tshark, where they are: docs/interop.md, docs/interop-framing.md
	@$(BIN)/tsx test/interop/libfec-table.ts
	@$(BIN)/tsx test/interop/framing-table.ts
	@$(BIN)/tsx tools/yamcs.ts
	@$(BIN)/tsx test/interop/table.ts
$(INTEROP): interop/requirements.txt
	@python3 -m venv build/interop/venv
	@build/interop/venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

curves: setup ## frames and bits lost on a noisy channel, tried and computed: docs/curves.svg
	@$(BIN)/tsx tools/curves.ts

matrix: setup ## run the CFDP test series: docs/cfdp-conformance.md
	@$(BIN)/tsx tools/matrix.ts

interop-modems: setup ## KISS with a running direwolf: asked, heard, paced; needs the package direwolf
	@$(BIN)/tsx test/interop/direwolf.ts

boards: build deb ## the package on ARM boards of 32 and 64 bit, by QEMU; needs qemu-user, debootstrap and fakeroot
	@$(BIN)/tsx test/interop/boards.ts build/deb/downpour_*_all.deb

clean: ## remove what was built; keep node_modules
	@rm -rf dist .tap coverage build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
