# Foule. `make help` lists the targets.

GO   ?= go
DATA ?= data
GEO  := .cache/geo/country.mmdb
BIN  := bin/collector bin/dashboard
# Everything that the binaries are made of.
SOURCES := $(shell find . -path ./node_modules -prune -o \( -name '*.go' -o -name '*.sql' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.json' -o -name '*.txt' \) -not -path '*/node_modules/*' -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run demo build setup engines test lint bench bench-clickhouse fuzz clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build, then run collector and dashboard on the embedded store in ./data
	@$(MAKE) --no-print-directory $(DATA)/geo/country.mmdb || echo "The country file could not be fetched: countries stay unknown until it is."
	./bin/collector run --data $(DATA)

demo: build ## the same with a made-up audience of 90 days, in ./data-demo
	./bin/collector demo --data data-demo

build: $(BIN) ## build bin/collector and bin/dashboard

bin/%: go.mod $(SOURCES)
	$(GO) build -trimpath -o $@ ./cmd/$*

%/geo/country.mmdb: $(GEO)
	mkdir -p $(@D)
	cp $(GEO) $@

$(GEO): deploy/geo/package-lock.json
	npm ci --prefix deploy/geo --silent --no-audit --no-fund
	mkdir -p $(@D)
	cp deploy/geo/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb $@

setup: $(GEO) test/node_modules/.ready anonymize/device/oracle/node_modules/.ready .cache/tools engines ## install what the tests need

%/node_modules/.ready: %/package-lock.json
	npm ci --prefix $* --silent --no-audit --no-fund
	touch $@

# ClickHouse as a library, 560 MB, kept outside the clone, for the next one too.
engines:
	@test/engines/fetch.sh

# Debian's packages that the tests need, each with a program or file by which to
# tell that it is there; asks for root only if one of them is missing. Services that
# come with them are not left running.
TOOLS := chromium:chromium fonts-dejavu-core:chromium gcc:gcc libc6-dev:gcc \
	nginx:nginx caddy:caddy systemd:systemd-analyze \
	clickhouse-server:clickhouse-server libzookeeper-java:/usr/share/java/zookeeper.jar default-jre-headless:java
SERVICES := nginx caddy clickhouse-server

.cache/tools: Makefile
	@PATH="$$PATH:/usr/sbin"; missing=; \
	for tool in $(TOOLS); do command -v $${tool#*:} >/dev/null || [ -e $${tool#*:} ] || missing="$$missing $${tool%:*}"; done; \
	if [ -n "$$missing" ]; then \
		as=; [ "$$(id -u)" = 0 ] || as=sudo; \
		$$as apt-get update -q && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing || exit 1; \
		[ ! -d /run/systemd/system ] || $$as systemctl disable --now $(SERVICES) || true; fi
	mkdir -p .cache
	touch $@

# Packages whose tests are mostly an engine's own code at work, SQLite's in Go
# above all: the race detector makes them take five times as long and has no more
# to find there than in those that use them.
ENGINES := /(storage/(sqlite|clickhouse|move)|web/dashboard)$$

test: setup lint ## set everything up and run all tests, with the race detector and in a real browser
	FOULE_E2E=1 $(GO) test -race -timeout 25m $$($(GO) list ./... | grep -vE '$(ENGINES)')
	FOULE_E2E=1 $(GO) test -timeout 25m $$($(GO) list ./... | grep -E '$(ENGINES)')
	npm --prefix test run --silent test

lint: test/node_modules/.ready ## formatting, vet, staticcheck, TypeScript
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "not formatted: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	npm --prefix test run --silent check

bench: build ## cost per hit of each stage, and of the whole process beside a bare handler
	$(GO) test -run '^$$' -bench . -benchmem . ./ingest/matomo ./anonymize/... ./aggregate ./ingest/journal ./storage/sqlite ./report ./web/dashboard
	$(GO) test -count=1 -run '^TestCostPerMillion$$' -v ./test/bench -bench-process

bench-clickhouse: engines ## ClickHouse for a year of 100,000 visits a day: an hour, 3 GB of disk; ARGS='-days 60' and such for less
	$(GO) test -count=1 -timeout 6h -run '^TestClickHouse$$' -v ./test/bench/clickhouse -bench-clickhouse $(ARGS)

fuzz: ## every fuzz target for ten seconds
	@for pkg in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
		echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 10s $$pkg || exit 1; done; done

clean: ## remove what was built and fetched, not the data
	rm -rf bin .cache deploy/geo/node_modules test/node_modules anonymize/device/oracle/node_modules
