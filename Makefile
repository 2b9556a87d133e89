# A target for everything a contributor does. `make help` lists them.

ADDRESS  ?= 127.0.0.1:8000
DEMO_DIR ?= demo_data
VERSION  ?= $(patsubst v%,%,$(shell git describe --tags --always --dirty 2>/dev/null || echo dev))

# Listed, because ./... would also find the Go files in npm packages.
GO_PACKAGES := . ./hooks/... ./pb_migrations/... ./ui
GO_FILES     = $(shell find main.go hooks pb_migrations ui/embed.go -name '*.go')

# Directories as well: removing a file changes its directory's time.
UI_SOURCES := $(shell find ui/src ui/public 2>/dev/null) ui/index.html $(wildcard ui/*.config.ts ui/tsconfig*.json)

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
AIR      := github.com/air-verse/air@v1.67.4
LITESTREAM := github.com/benbjohnson/litestream/cmd/litestream@v0.5.18
BENCHSTAT := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

BENCH_COUNT ?= 6

# For all Go commands, so that they share the build cache: SQLite alone takes minutes to compile.
# timetzdata: embeds the time zones in the binary, for machines and images without them.
export CGO_ENABLED := 0
export GOFLAGS := -trimpath -buildvcs=false -tags=timetzdata

# The installed Go; never download another one.
export GOTOOLCHAIN := local

# The race detector needs cgo. It watches our code and PocketBase, but not SQLite (modernc.org) and the password hashes,
# which would take five times as long to test.
GO_RACE := -race -gcflags='modernc.org/...=-race=false' -gcflags='golang.org/x/crypto/...=-race=false'

# Packages without goroutines of ours, in their tests neither (hooks/imports_test.go holds this): there is no race to detect.
# They are compiled as the program is.
GO_UNRACED := ./hooks/config ./hooks/passwords ./hooks/refusal ./hooks/text ./hooks/totp ./hooks/words ./pb_migrations ./ui

# Most of their tests do one thing after the other, in which the detector finds no race: they run without it, and those
# with AtOnce in their names once more with it (hooks/imports_test.go holds what is named so; hooks/DECISIONS.md has why).
# The longest first: last, it would leave one processor idle.
GO_AT_ONCE := ./hooks/rest . ./hooks/messagerie ./hooks/bench ./hooks/roster
at_once    := -run '^Test.*[aA]tOnce'

GO_RACED = $(filter-out $(patsubst .,messagerie,$(GO_AT_ONCE:./%=messagerie/%)) $(GO_UNRACED:./%=messagerie/%),$(shell go list $(GO_PACKAGES)))

# `make check` has vetted already; without debug information the linker is faster. A program with the race detector waits
# a second at its end unless told otherwise, and some tests run many.
GO_TEST := go test -vet=off -ldflags '-s -w' -timeout 25m
GO_TEST_COMPILE := go test -c -vet=off -ldflags '-s -w'
GO_TEST_RACED := CGO_ENABLED=1 GORACE=atexit_sleep_ms=50 $(GO_TEST) $(GO_RACE)

# One target's output after the other's, where make can (since 4.0).
GROUPED := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

comma := ,

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-13s\033[0m %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ---- use

.PHONY: run
run: build ## Install and build what is missing, then serve a small demo school
	./messagerie demo --http $(ADDRESS) --dir $(DEMO_DIR)

.PHONY: build
build: ui binary ## Build the client and the one static binary, ./messagerie

.PHONY: dev
dev: ui-modules ## Serve the demo school, restart on changed Go, reload on changed client code
	@(cd ui && ADDRESS=$(ADDRESS) exec node_modules/.bin/vite) & vite=$$!; \
	trap 'kill $$vite 2>/dev/null' EXIT INT TERM; \
	go run $(AIR) \
		--tmp_dir .cache/dev \
		--build.cmd 'go build -o .cache/dev/messagerie .' \
		--build.entrypoint .cache/dev/messagerie \
		--build.args_bin 'demo,--http,$(ADDRESS),--dir,$(DEMO_DIR)$(addprefix $(comma)--config=,$(wildcard config.yaml))' \
		--build.include_dir hooks,pb_migrations --build.include_file main.go,config.yaml \
		--build.include_ext go --build.send_interrupt true --build.kill_delay 2s

.PHONY: clean
clean: ## Remove what was built and installed; the data folders stay
	rm -rf messagerie release .cache ui/node_modules ui/measure/node_modules ui/lib ui/test-results ui/playwright-report
	find ui/dist -mindepth 1 ! -name .gitkeep -delete

# ---- check

.PHONY: test
test: ## Install what is missing and run every check and test
	@$(MAKE) --no-print-directory proxies
	@$(MAKE) --no-print-directory -j2 $(GROUPED) beforehand || { echo "The line with *** above names what failed."; exit 1; }
	@$(MAKE) --no-print-directory -j1 test-go e2e

# Before: both proxies and browser use the system's packages, which one program at a time can do.
# The client's tools use one processor, and installing uses the network: the server is linted and compiled beside them.
# The server's tests and the browser's run alone, because they wait for responses.
.PHONY: beforehand
beforehand: check-docker check-docs check-release check-server browser check-client check-vulnerabilities test-ui litestream compile-tests test-unraced fuzz-shortly

.PHONY: check
check: check-server check-client check-vulnerabilities ## Formatting, linters (go vet's too), types and known vulnerabilities; changes nothing

.PHONY: check-server
check-server:
	@unformatted=$$(gofmt -l $(GO_FILES)); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go run $(GOLANGCI) run --allow-parallel-runners $(GO_PACKAGES)

.PHONY: check-client
check-client: ui-modules
	cd ui && npm run lint

# Both ask a service on the network. A finding fails; a service that can't be asked doesn't, but is named. The binary
# as it is shipped is scanned, which takes seconds, where scanning the source would take minutes.
# GOVULNDB=file:///… is a copy of the database. Findings have the status 3, which go run prints.
.PHONY: check-vulnerabilities
check-vulnerabilities: ## Known vulnerabilities of what is shipped: govulncheck and npm audit
	@mkdir -p .cache && go build -ldflags '-s -w' -o .cache/scanned .
	@if go run $(GOVULNCHECK) $(if $(GOVULNDB),-db '$(GOVULNDB)') -mode binary .cache/scanned > .cache/govulncheck.txt 2>&1; then \
		echo "govulncheck: nothing known"; \
	elif grep -q '^exit status 3' .cache/govulncheck.txt; then cat .cache/govulncheck.txt; exit 1; \
	else echo "govulncheck COULDN'T ASK, so nothing was checked: $$(grep -v '^exit status' .cache/govulncheck.txt | tail -1)"; fi
	@if (cd ui && npm audit --omit=dev --package-lock-only --json --fetch-retries=0 --fetch-timeout=30000) > .cache/npm-audit.json 2> .cache/npm-audit.txt; then \
		echo "npm audit: nothing known"; \
	elif grep -q '"auditReportVersion"' .cache/npm-audit.json; then cat .cache/npm-audit.json; exit 1; \
	else echo "npm audit COULDN'T ASK, so nothing was checked: $$(grep -m1 warn .cache/npm-audit.txt || grep -m1 . .cache/npm-audit.txt)"; fi

# After the linter: both together would need much memory.
.PHONY: compile-tests
compile-tests: check-server
	CGO_ENABLED=1 go build $(GO_RACE) ./hooks/...

.PHONY: test-go
test-go: test-unraced litestream proxies ## Go tests, with the race detector where something runs at once
	$(GO_TEST) $(GO_AT_ONCE)
	$(GO_TEST_RACED) $(at_once) $(GO_AT_ONCE)
	$(GO_TEST_RACED) $(GO_RACED)

# They wait for nothing, so that they may run beside the linters; test-go then finds their result in the cache.
.PHONY: test-unraced
test-unraced:
	$(GO_TEST) $(GO_UNRACED)

.PHONY: test-ui
test-ui: ui-modules ## Jest tests of the client
	cd ui && npm test

.PHONY: e2e
e2e: build browser ## The compiled binary in a real browser
	@found="$$($(find_chromium))"; \
	if [ -n "$$found" ]; then export CHROMIUM_PATH="$$found"; fi; \
	cd ui && npm run e2e

.PHONY: test-times
test-times: build browser ## Run all tests, and name the ten slowest of Go, Jest and the browser
	@mkdir -p .cache
	$(GO_TEST) -count 1 -json $(GO_UNRACED) $(GO_AT_ONCE) > .cache/go.json || true
	$(GO_TEST_RACED) -count 1 -json $(at_once) $(GO_AT_ONCE) >> .cache/go.json || true
	$(GO_TEST_RACED) -count 1 -json $(GO_RACED) >> .cache/go.json || true
	cd ui && npm test -- --json --outputFile=../.cache/jest.json || true
	@found="$$($(find_chromium))"; \
	if [ -n "$$found" ]; then export CHROMIUM_PATH="$$found"; fi; \
	cd ui && PLAYWRIGHT_JSON_OUTPUT_FILE=../.cache/playwright.json npm run e2e -- --reporter=list,json || true
	@node ui/scripts/slowest.mjs .cache/go.json .cache/jest.json .cache/playwright.json

.PHONY: measure
measure: build browser ## The client's speed, measured in a real browser with a full school
	@found="$$($(find_chromium))"; \
	if [ -n "$$found" ]; then export CHROMIUM_PATH="$$found"; fi; \
	cd ui && npm run measure

go_bench = go test -run '^$$' -bench . -benchmem ./hooks/...

.PHONY: bench
bench: ## Benchmarks of the server
	$(go_bench)

.PHONY: bench-compare
bench-compare: ## The same, six times, compared with the last release
	@mkdir -p .cache
	$(go_bench) -count $(BENCH_COUNT) > .cache/bench.txt
	go run $(BENCHSTAT) hooks/testdata/bench.txt .cache/bench.txt

.PHONY: bench-keep
bench-keep: ## Before a release: keep its figures for bench-compare
	@mkdir -p .cache
	$(go_bench) -count $(BENCH_COUNT) > .cache/bench.txt
	grep -E '^(goos|goarch|pkg|cpu|Benchmark)' .cache/bench.txt > hooks/testdata/bench.txt

.PHONY: bench-peers
bench-peers: binary ## Compare with other servers, using the load generator in BENCH=…; QUICK=1: two minutes
	go run ./hooks/bench -peers '$(BENCH)' $(if $(QUICK),-quick)

.PHONY: bench-large
bench-large: binary ## Response times with ten million messages and with ten thousand; SIZE='-people N …'
	go run ./hooks/bench -large .cache/large $(SIZE)

.PHONY: bench-mixed
bench-mixed: binary ## Delays while 2000 messages a second are written and read; RATE=…, LASTS=…
	go run ./hooks/bench -mixed $(or $(RATE),2000) $(if $(LASTS),-lasts $(LASTS))

.PHONY: bench-backup
bench-backup: binary ## Delays while a backup of 5 GB is made, and without one; SIZE=MB, TIMES=…, LASTS=…
	go run ./hooks/bench -backup $(or $(SIZE),5000) $(if $(TIMES),-times $(TIMES)) $(if $(LASTS),-lasts $(LASTS))

.PHONY: hostile
hostile: build ## Attack the program in many ways while two people write to each other; LASTS=…, ONLY=name, MEMORY=512
	go run ./hooks/bench -hostile $(if $(LASTS),-lasts $(LASTS)) $(if $(ONLY),-only '$(ONLY)') $(if $(MEMORY),-memory $(MEMORY))

power_cuts = POWER_CUTS=$(or $(TIMES),500) SEED=$(SEED) go test -count 1 -v -run PowerCut ./hooks/bench

.PHONY: chaos-cluster
chaos-cluster: ## Kill, freeze and cut off nodes of a cluster while eight people write, and look for what was acknowledged; FAULTS=200, ONLY=name
	FAULTS=$(or $(FAULTS),200) ONLY='$(ONLY)' go test ./hooks/cluster -count 1 -run TestChaos -v -timeout 2h

.PHONY: bench-cluster
bench-cluster: ## Messages a second and delays of one machine, three and five nodes in turn, and the sockets that they hold
	BENCH=1 go test ./hooks/cluster -count 1 -run TestBench -v -timeout 10m

.PHONY: chaos
chaos: build ## Kill, starve and corrupt the program while eight people write, and look for what it acknowledged; TIMES=…, ONLY=name, SEED=…
	$(if $(findstring power,$(ONLY)),,go run ./hooks/bench -chaos $(if $(TIMES),-times $(TIMES)) $(if $(ONLY),-only '$(ONLY)') $(if $(SEED),-seed $(SEED)))
	$(if $(and $(ONLY),$(if $(findstring power,$(ONLY)),,no)),,$(power_cuts))

FUZZTIME ?= 10m

# One worker each: those that ask a server share it. What is found stays in testdata/fuzz, and is a test from then on.
.PHONY: fuzz
fuzz: ## Every fuzz target for FUZZTIME=10m, one after the other; ONLY=name
	@set -e; for file in $$(grep -rl '^func Fuzz' hooks --include='*_test.go' | sort); do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z_]*\).*/\1/p' $$file); do \
			case $$target in *$(ONLY)*) ;; *) continue ;; esac; \
			echo "$$target in $$(dirname $$file)"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -parallel 1 ./$$(dirname $$file); \
		done; \
	done

FUZZRUNS ?= 500

# A number of inputs, not of seconds: at the end of a time, Go's fuzzing may report its own deadline as a fault. Compiled as
# the tests are, without counting what an input reaches: that would compile SQLite once more. make fuzz does it.
.PHONY: fuzz-shortly
fuzz-shortly: ## Every fuzz target with FUZZRUNS=500 inputs made of its corpus
	@set -e; for dir in $$(grep -rl '^func Fuzz' hooks --include='*_test.go' | xargs -n 1 dirname | sort -u); do \
		test='$(CURDIR)/.cache/fuzz/'$$(basename $$dir).test; \
		$(GO_TEST_COMPILE) -o $$test ./$$dir; \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z_]*\).*/\1/p' $$dir/*_test.go); do \
			(cd $$dir && $$test -test.run '^$$' -test.fuzz "^$$target\$$" -test.fuzztime $(FUZZRUNS)x -test.parallel 1 \
				-test.fuzzcachedir '$(CURDIR)/.cache/fuzz/corpus' > '$(CURDIR)/.cache/fuzz/said.txt' 2>&1) || \
				{ cat .cache/fuzz/said.txt; echo "*** $$target in $$dir"; exit 1; }; \
			echo "$$target: $$(tail -2 .cache/fuzz/said.txt | head -1)"; \
		done; \
	done

# The tests don't build the image: instead its steps are targets of this file, which the
# tests run, and the files that it copies must be in the repository.
.PHONY: check-docker
check-docker: ## The Dockerfile runs targets and copies files that exist
	@for target in $$(sed -n 's/^RUN make \([a-z-]*\).*/\1/p' Dockerfile); do \
		grep -q "^$$target:" Makefile || { echo "Dockerfile: there is no target $$target"; exit 1; }; \
	done
	@for source in $$(sed -n '/--from/d; s/^COPY \(.*\) [^ ]*$$/\1/p' Dockerfile); do \
		[ -n "$$(git ls-files -- $$source)" ] || { echo "Dockerfile: $$source isn't in the repository"; exit 1; }; \
		grep -qx "/$$source" .dockerignore && { echo "Dockerfile: $$source is kept out by .dockerignore"; exit 1; } || true; \
	done

.PHONY: check-docs
check-docs: ## The paths that CONTRIBUTING.md names exist
	@for path in $$(grep -oE '`(hooks|ui|pb_migrations)[a-zA-Z0-9_./]*`' CONTRIBUTING.md | tr -d '`' | sort -u); do \
		[ -e "$$path" ] || { echo "CONTRIBUTING.md: there is no $$path"; exit 1; }; \
	done

# The notes of a version: its section of the changelog, without the heading.
release_notes = awk -v version='$(1)' '/^\#\# / { inside = ($$2 == version); next } inside' CHANGELOG.md
release_version = $(shell awk '/^\#\# [0-9]/ { print $$2; exit }' CHANGELOG.md)

# A Go test (main_test.go) checks the files that are published beside the binaries.
.PHONY: check-release
check-release: ## The files of a release exist, and the newest version has notes
	@git ls-files --error-unmatch $(RELEASE_FILES) >/dev/null
	@[ -n "$(release_version)" ] && $(call release_notes,$(release_version)) | grep -q '^- ' || \
		{ echo "CHANGELOG.md: the newest version, $(or $(release_version),none), has no notes"; exit 1; }

.PHONY: example
example: ## Regenerate config.example.yaml from hooks/config/keys.go
	UPDATE_EXAMPLE=1 go test -count=1 -run TestExample ./hooks/config

.PHONY: schema
schema: ## Regenerate hooks/ops/schema.json, what the server keeps of its schema, from the migrations
	UPDATE_SCHEMA=1 go test -count=1 -run TestSchema_isThat ./hooks/ops

.PHONY: folding
folding: ## Regenerate the client's copy of the search folding from hooks/words/folding.go
	UPDATE_FOLDING=1 go test -count=1 -run TestFolding ./hooks/words

EMOJI_DATA := emojibase-data@17.0.0 cldr-annotations-full@48.2.0 cldr-annotations-derived-full@48.2.0

.PHONY: emoji
emoji: ## Regenerate the lists of emoji: the server's, hooks/emoji/emoji.txt, and the picker's with their names
	@modules=$$(mktemp -d) && npm install --no-save --no-audit --no-fund --prefix "$$modules" $(EMOJI_DATA) && \
		node ui/scripts/emoji.mjs "$$modules/node_modules" hooks/emoji/emoji.txt ui/src/chat/emoji/data; rm -rf "$$modules"

# ---- release

PLATFORMS     := linux/amd64 linux/arm64 darwin/arm64 windows/amd64
RELEASE_FILES := hooks/ops/release/messagerie.service hooks/ops/release/compose.yaml config.example.yaml LICENSE

# The same commit, Go and Node give the same bytes, on any machine and in any folder: so the
# client is rebuilt, and environment variables that change Go's code generation are cleared.
.PHONY: release
release: export GOEXPERIMENT :=
release: export GOAMD64 := v1
release: export GOARM64 := v8.0
release: ui-modules ## Binaries for all platforms in release/, with checksums; of a tag, or VERSION=1.2.3
	@echo '$(VERSION)' | grep -Eqx '[0-9]+\.[0-9]+\.[0-9]+' || \
		{ echo "'$(VERSION)' isn't a release version: commit everything and tag it, for example v0.1.0"; exit 1; }
	@$(call release_notes,$(VERSION)) | grep -q '^- ' || \
		{ echo "CHANGELOG.md has no notes on $(VERSION)"; exit 1; }
	rm -rf release && mkdir release
	cd ui && npm run build
	@set -e; for platform in $(PLATFORMS); do \
		os=$${platform%/*} arch=$${platform#*/}; \
		name=messagerie-$$os-$$arch; [ $$os != windows ] || name=$$name.exe; echo "release/$$name"; \
		GOOS=$$os GOARCH=$$arch go build -ldflags '-s -w -X main.version=$(VERSION)' -o release/$$name .; \
	done
	$(call release_notes,$(VERSION)) > release/CHANGES.md
	cp $(RELEASE_FILES) release
	cd release && sha256sum * > SHA256SUMS && cat SHA256SUMS

# ---- parts

.PHONY: ui
ui: ui/dist/index.html ## Build the client into ui/dist

ui/dist/index.html: ui/node_modules/.installed $(UI_SOURCES)
	cd ui && npm run build

.PHONY: ui-modules
ui-modules: ui/node_modules/.installed ## Install the client's dependencies

ui/node_modules/.installed: ui/package.json ui/package-lock.json
	cd ui && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	touch $@

.PHONY: go-modules
go-modules: ## Download the server's dependencies
	go mod download

# Always run: Go itself knows best whether something changed, the embedded client included.
.PHONY: binary
binary: ## Compile ./messagerie with the client that is in ui/dist
	go build -ldflags '-s -w -X main.version=$(VERSION)' -o messagerie .

find_chromium = for name in "$$CHROMIUM_PATH" chromium google-chrome google-chrome-stable; do command -v "$$name" && break; done

# Debian's package needs root; Playwright's own build doesn't.
.PHONY: browser
browser: ui-modules ## Install Chromium unless there is one
	@[ -z "$$($(find_chromium))" ] || exit 0; root=; \
	if command -v apt-get >/dev/null; then \
		[ "$$(id -u)" = 0 ] || root='sudo -n'; \
		{ $$root apt-get update -q && \
		  $$root apt-get install -qy --no-install-recommends chromium chromium-headless-shell fonts-liberation fonts-noto-color-emoji; } || true; \
	fi; \
	[ -n "$$($(find_chromium))" ] || (cd ui && npx playwright install chromium)

# What the tests of the manual's configurations run, of the same names as there. Unpacked rather than installed, nginx and
# Caddy don't start as services; apache2-bin has none, and brings the libraries of all three.
PROXIES := .cache/proxies
find_proxies = PATH="$$PATH:/usr/sbin:$(PROXIES)/usr/sbin:$(PROXIES)/usr/bin"; \
	{ command -v nginx && command -v caddy && { command -v apache2 || command -v httpd; }; } >/dev/null

.PHONY: proxies
proxies: ## Install nginx, Caddy and Apache for the tests, on Linux, unless they are there
	@if [ "$$(uname)" != Linux ] || { $(find_proxies); }; then exit 0; fi; root=; \
	if command -v apt-get >/dev/null; then \
		[ "$$(id -u)" = 0 ] || root='sudo -n'; \
		{ $$root apt-get update -q && $$root apt-get install -qy --no-install-recommends apache2-bin; } || true; \
		mkdir -p $(PROXIES) && (cd $(PROXIES) && apt-get download -q nginx caddy && for package in *.deb; do dpkg-deb -x "$$package" . && rm "$$package"; done); \
	fi; \
	$(find_proxies) || { echo "The tests need nginx, Caddy and Apache (httpd): install them."; exit 1; }

.PHONY: litestream
litestream: .cache/bin/$(notdir $(LITESTREAM)) ## Install Litestream for the tests

.cache/bin/$(notdir $(LITESTREAM)):
	mkdir -p .cache/bin
	GOBIN='$(CURDIR)/.cache/bin' go install -ldflags '-s -w' $(LITESTREAM)
	mv .cache/bin/litestream $@
	ln -sf $(notdir $@) .cache/bin/litestream
