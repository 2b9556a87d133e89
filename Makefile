# Everything a contributor does, one target each. `make help` lists them.

ADDRESS  ?= 127.0.0.1:8000
DEMO_DIR ?= demo_data
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# Named, because ./... would also find the Go files that npm packages bring along.
GO_PACKAGES := . ./hooks/... ./pb_migrations/... ./ui
GO_FILES     = $(shell find main.go hooks pb_migrations ui/embed.go -name '*.go')

# Directories count as well: a removed file changes its directory's time.
UI_SOURCES := $(shell find ui/src ui/public 2>/dev/null) ui/index.html $(wildcard ui/*.config.ts ui/tsconfig*.json)

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
AIR      := github.com/air-verse/air@v1.67.4
BENCHSTAT := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

BENCH_COUNT ?= 6

# timetzdata: the time zones travel in the binary, for machines and images without them.
GO_BUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags timetzdata

# The Go that is there, never one fetched behind the contributor's back.
export GOTOOLCHAIN := local

comma := ,

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-13s\033[0m %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ---- to use it

.PHONY: run
run: build ## Install and build what's missing, then serve a small demo school
	./messagerie demo --http $(ADDRESS) --dir $(DEMO_DIR)

.PHONY: build
build: ui binary ## Build the client and the one static binary, ./messagerie

.PHONY: dev
dev: ui-modules ## Serve the demo school, restart on changed Go, reload on changed client code
	@(cd ui && ADDRESS=$(ADDRESS) exec node_modules/.bin/vite) & vite=$$!; \
	trap 'kill $$vite 2>/dev/null' EXIT INT TERM; \
	go run $(AIR) \
		--tmp_dir .cache/dev \
		--build.cmd 'CGO_ENABLED=0 go build -buildvcs=false -o .cache/dev/messagerie .' \
		--build.entrypoint .cache/dev/messagerie \
		--build.args_bin 'demo,--http,$(ADDRESS),--dir,$(DEMO_DIR)$(addprefix $(comma)--config=,$(wildcard config.yaml))' \
		--build.include_dir hooks,pb_migrations --build.include_file main.go,config.yaml \
		--build.include_ext go --build.send_interrupt true --build.kill_delay 2s

.PHONY: clean
clean: ## Remove what was built and installed; the data folders stay
	rm -rf messagerie .cache ui/node_modules ui/measure/node_modules ui/lib ui/test-results ui/playwright-report
	find ui/dist -mindepth 1 ! -name .gitkeep -delete

# ---- to check it

.PHONY: test
test: check check-docker test-go test-ui e2e ## Install what's missing and run every check and test

.PHONY: check
check: ui-modules ## Formatting, go vet, linters and types; changes nothing
	@unformatted=$$(gofmt -l $(GO_FILES)); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w is due for:"; echo "$$unformatted"; exit 1; fi
	go vet $(GO_PACKAGES)
	go run $(GOLANGCI) run $(GO_PACKAGES)
	cd ui && npm run lint

.PHONY: test-go
test-go: ## Go tests, with the race detector
	CGO_ENABLED=1 go test -race -timeout 15m $(GO_PACKAGES)

.PHONY: test-ui
test-ui: ui-modules ## Jest tests of the client
	cd ui && npm test

.PHONY: e2e
e2e: build browser ## The compiled binary in a real browser
	@found="$$($(find_chromium))"; \
	if [ -n "$$found" ]; then export CHROMIUM_PATH="$$found"; fi; \
	cd ui && npm run e2e

.PHONY: measure
measure: build browser ## What a user feels, in a real browser at a full school
	@found="$$($(find_chromium))"; \
	if [ -n "$$found" ]; then export CHROMIUM_PATH="$$found"; fi; \
	cd ui && npm run measure

go_bench = go test -run '^$$' -bench . -benchmem ./hooks/...

.PHONY: bench
bench: ## Figures of the promises that depend on speed
	$(go_bench)

.PHONY: bench-compare
bench-compare: ## The same six times, compared with those of the last release
	@mkdir -p .cache
	$(go_bench) -count $(BENCH_COUNT) > .cache/bench.txt
	go run $(BENCHSTAT) hooks/testdata/bench.txt .cache/bench.txt

.PHONY: bench-keep
bench-keep: ## With a release: keep its figures for bench-compare
	@mkdir -p .cache
	$(go_bench) -count $(BENCH_COUNT) > .cache/bench.txt
	grep -E '^(goos|goarch|pkg|cpu|Benchmark)' .cache/bench.txt > hooks/testdata/bench.txt

.PHONY: bench-peers
bench-peers: binary ## Beside other servers, with the load generator in BENCH=…; QUICK=1: two minutes
	go run ./hooks/bench -peers '$(BENCH)' $(if $(QUICK),-quick)

.PHONY: bench-large
bench-large: binary ## Answers from ten million messages and from ten thousand; SIZE='-people N …'
	go run ./hooks/bench -large .cache/large $(SIZE)

.PHONY: bench-mixed
bench-mixed: binary ## How long a message takes while 2000 a second are written, read and answered; RATE=…, LASTS=…
	go run ./hooks/bench -mixed $(or $(RATE),2000) $(if $(LASTS),-lasts $(LASTS))

# No engine builds the image in the tests: instead its steps are these targets, which
# the tests do run, and what it copies must be in the repository.
.PHONY: check-docker
check-docker: ## The Dockerfile runs targets and copies files that exist
	@for target in $$(sed -n 's/^RUN make \([a-z-]*\).*/\1/p' Dockerfile); do \
		grep -q "^$$target:" Makefile || { echo "Dockerfile: there is no target $$target"; exit 1; }; \
	done
	@for source in $$(sed -n '/--from/d; s/^COPY \(.*\) [^ ]*$$/\1/p' Dockerfile); do \
		[ -n "$$(git ls-files -- $$source)" ] || { echo "Dockerfile: $$source isn't in the repository"; exit 1; }; \
		grep -qx "/$$source" .dockerignore && { echo "Dockerfile: $$source is kept out by .dockerignore"; exit 1; } || true; \
	done

.PHONY: example
example: ## Write config.example.yaml anew from hooks/config/keys.go
	UPDATE_EXAMPLE=1 go test -count=1 -run TestExample ./hooks/config

# ---- the parts

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

# Always asked: Go itself knows best whether something changed, the embedded client included.
.PHONY: binary
binary: ## Compile ./messagerie with the client that is in ui/dist
	$(GO_BUILD) -ldflags '-s -w -X main.version=$(VERSION)' -o messagerie .

find_chromium = for name in "$$CHROMIUM_PATH" chromium google-chrome google-chrome-stable; do command -v "$$name" && break; done

# Debian's package needs root; Playwright's own build doesn't.
.PHONY: browser
browser: ui-modules ## Install Chromium unless there is one
	@[ -z "$$($(find_chromium))" ] || exit 0; root=; \
	if command -v apt-get >/dev/null; then \
		[ "$$(id -u)" = 0 ] || root='sudo -n'; \
		{ $$root apt-get update -q && \
		  $$root apt-get install -qy --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji; } || true; \
	fi; \
	[ -n "$$($(find_chromium))" ] || (cd ui && npx playwright install chromium)
