# Everything here runs offline once the modules are downloaded. CI runs "make check" too.

.PHONY: build demo check test race lint fuzz bench shots vendor

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X dossier/cli.Version=$$(git describe --tags --always --dirty)" -o dossier .

demo:
	go run . serve --demo

check: lint test race

test:
	go test ./...

# The packages in which goroutines meet.
race:
	go test -race ./session ./kv ./index ./server ./staff ./fetch

lint:
	test -z "$$(gofmt -l .)"
	go vet ./...
	go tool staticcheck ./...

# A minute for each parser; FUZZTIME=1h for longer.
FUZZTIME ?= 1m
fuzz:
	scripts/fuzz.sh $(FUZZTIME)

bench:
	go test -run '^$$' -bench . ./...

# Screenshots of every page into ./shots.
shots:
	DOSSIER_SHOTS=$(CURDIR)/shots go test -count=1 -run Shots ./e2e

# Fetch the pinned assets and fonts again, and check them.
vendor:
	static/vendor/refresh.sh
	e2e/vendor/refresh.sh
	report/fonts/refresh.sh
	demo/fonts/refresh.sh
