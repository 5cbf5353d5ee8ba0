# Assay: make help

BIN := .assay/bin
GO ?= go
# TAGS=keyless builds a webhook that believes identities (docs/design/0009-keyless.md).
TAGS ?=
# The control plane is pure Go; one setting for build and test keeps one cache.
CONTROLPLANE := CGO_ENABLED=0 $(GO) -C test/controlplane
KUBERNETES = $(shell $(GO) -C test/controlplane list -m -f '{{.Version}}' k8s.io/kubernetes)

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: build
build: ## build the three binaries and the demo's control plane into .assay/bin
	@mkdir -p $(BIN)
	$(GO) build -ldflags='-s -w' -o $(BIN)/ ./cmd/assay
	$(GO) build -tags='$(TAGS)' -ldflags='-s -w' -o $(BIN)/assay-webhook ./cmd/webhook
	$(GO) build -ldflags='-s -w' -o $(BIN)/assay-reconciler ./cmd/reconciler
	$(CONTROLPLANE) build -ldflags='-s -w -X k8s.io/component-base/version.gitVersion=$(KUBERNETES)' -o ../../$(BIN)/controlplane .

.PHONY: demo
demo: build ## tell the whole story once, from a pushed branch to an admitted pod (KEEP=1 keeps it up)
	$(BIN)/assay demo $(if $(KEEP),--keep)

.PHONY: test
test: build test-unit test-e2e test-interop test-crds test-argocd test-chart ## run all tests: unit, stories, rules, end to end, other people's tools

.PHONY: test-unit
test-unit: ## run the tests of every package
	$(GO) vet ./...
	$(GO) test -timeout 20m $$($(GO) list ./... | grep -v -e /test/e2e -e /test/faults -e /test/interop)
	$(CONTROLPLANE) vet ./...
	$(CONTROLPLANE) test -timeout 10m ./...

# The door that asks registries, too (cmd/webhook/fallback.go): one of those under siege.
.PHONY: build-registry
build-registry:
	$(GO) build -tags=registry -ldflags='-s -w' -o $(BIN)/assay-webhook-registry ./cmd/webhook

.PHONY: test-e2e
test-e2e: build build-registry ## run the end-to-end tests against a real API server
	$(GO) test -timeout 20m -count=1 -p 1 ./test/e2e ./test/faults

# What answers many at once. The rest of the repository does one thing after the other.
RACED := ./webhook/... ./gates/judge ./internal/auditlog ./internal/lifecycle ./evidence ./cmd/webhook ./test/load ./test/harness

.PHONY: test-race
test-race: build ## run what answers many at once under the race detector: its unit tests, and besieged doors (half an hour and more)
	$(GO) test -race -timeout 40m $(RACED)
	@mkdir -p .assay/race
	@for binary in assay assay-reconciler controlplane; do ln -sf ../bin/$$binary .assay/race/$$binary; done
	$(GO) build -race -o .assay/race/assay-webhook ./cmd/webhook
	$(GO) build -race -tags=registry -o .assay/race/assay-webhook-registry ./cmd/webhook
	GORACE=halt_on_error=1 ASSAY_BIN=$(CURDIR)/.assay/race ASSAY_FAULTS_RATE=9 $(GO) test -v -timeout 40m -count=1 ./test/faults

.PHONY: faults
faults: build build-registry ## break things under 1,000 reviews a second (ASSAY_FAULTS_RATE), ten of each object (ASSAY_FAULTS_FAN), for long (ASSAY_FAULTS_LULL, seconds); part of test-e2e, gently
	ASSAY_FAULTS_RATE=$${ASSAY_FAULTS_RATE:-1000} ASSAY_FAULTS_FAN=$${ASSAY_FAULTS_FAN:-10} ASSAY_FAULTS_LULL=$${ASSAY_FAULTS_LULL:-10} $(GO) test -v -timeout 60m -count=1 -run Siege ./test/faults

.PHONY: simulate
simulate: ## play the reconciler in 10,000 worlds that fail (SEEDS), or tell one of them step by step (SEED=n)
ifdef SEED
	ASSAY_SIMULATE_SEED=$(SEED) $(GO) test -count=1 -v -timeout 10m -run TestOneSeed ./test/simulation
else
	ASSAY_SIMULATE_SEEDS=$(or $(SEEDS),10000) $(GO) test -count=1 -v -timeout 6h -run TestInvariantsHold ./test/simulation
endif

.PHONY: test-interop
test-interop: ## compare us with cosign and trivy, which it builds (ten minutes the first time)
	@mkdir -p $(BIN)
	$(GO) -C test/cosign build -ldflags='-s -w' -o ../../$(BIN)/ github.com/sigstore/cosign/v3/cmd/cosign
	$(GO) -C test/trivy build -ldflags='-s -w' -o ../../$(BIN)/ github.com/aquasecurity/trivy/cmd/trivy
	$(GO) test -timeout 10m -count=1 ./test/interop

# Its requirements follow the root's, which it replaces: -mod=mod writes the difference down.
.PHONY: test-crds
test-crds: ## hold all that is rendered against the definitions of Istio, KEDA, Argo CD and others (82 MB the first time)
	$(GO) -C test/crds vet -mod=mod .
	$(GO) -C test/crds test -mod=mod -timeout 10m -count=1 .

.PHONY: test-argocd
test-argocd: ## hold what Argo CD is given against Argo CD's own types, generators, projects and health
	$(GO) -C test/argocd vet .
	$(GO) -C test/argocd test -timeout 10m .

.PHONY: test-chart
test-chart: ## render the Helm chart with Helm's engine and compare it with kustomize, field by field
	$(GO) -C test/chart vet .
	$(GO) -C test/chart test -timeout 10m .

.PHONY: chart
chart: ## write the Helm chart's templates anew from manifests/system
	$(GO) -C test/chart run .

.PHONY: test-browser
test-browser: ## open the report in headless Chromium (Debian: chromium); screenshots in .assay/screenshots
	ASSAY_BROWSER=1 $(GO) test -count=1 -run Browser ./internal/report

.PHONY: test-xml
test-xml: ## ask xmllint whether a model card is valid (Debian: libxml2-utils)
	ASSAY_XMLLINT=1 $(GO) test -count=1 -run Xmllint ./internal/card

.PHONY: qualify
qualify: build ## plant known defects into real data and see whether the gates find them (minutes)
	$(BIN)/assay qualify

.PHONY: lint
lint: ## check format, modules and common mistakes
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) mod verify >/dev/null

.PHONY: generate
generate: ## write CRDs, deep copies, the rules' page and the webhook's dependency list anew
	$(GO) tool -modfile=go.tools.mod controller-gen object crd:crdVersions=v1 paths=./api/kube output:crd:dir=manifests/system/crd output:object:dir=api/kube
	$(GO) test ./policies -update
	$(GO) test ./cmd/webhook -run TestDependencies -args -update

.PHONY: bench
bench: ## measure the judge, the door, the statistics and the dataset gate (ASSAY_BENCH_ROWS for more rows)
	$(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./gates/judge ./webhook ./internal/stats ./gates/dataset

.PHONY: bench-peers
bench-peers: ## the same work by us and by scikit-learn, lifelines, R and others, in turns (installs Python packages; minutes)
	$(GO) run ./test/peers

# A release that passes every rule today, and its key: what the next three multiply.
.assay/load/admission.yaml: build
	$(BIN)/assay demo --dir .assay/load >/dev/null

.PHONY: bench-doors
bench-doors: .assay/load/admission.yaml ## the door against Gatekeeper's handler and OPA's server over TLS, in turns, which it builds (ASSAY_BENCH_ROUNDS, ASSAY_BENCH_RELEASES)
	$(GO) -C test/doors build -ldflags='-s -w' -o ../../$(BIN)/ ./gatekeeper github.com/open-policy-agent/opa
	GOMEMLIMIT=180MiB $(GO) test -run '^$$' -bench Doors -benchtime 1x -timeout 60m ./test/load
	GOMEMLIMIT=$${GOMEMLIMIT:-180MiB} $(GO) test -run '^$$' -bench Start -benchtime 1x -timeout 60m ./test/load
	$(GO) test -run '^$$' -bench Handler -benchmem -timeout 60m ./test/load

.PHONY: bench-render
bench-render: ## render 900 overlays in process and with the kustomize command, in turns (minutes; ASSAY_BENCH_OVERLAYS for fewer with the command)
	$(GO) -C test/crds test -mod=mod -run '^$$' -bench Fleet -benchtime 1x -timeout 60m .

.PHONY: soak
soak: .assay/load/admission.yaml ## five million reviews in a process (ASSAY_SOAK), and 200,000 over TLS (ASSAY_SOAK_TLS): right, and no memory or goroutine more; hours, beside other work
	ASSAY_SOAK=$${ASSAY_SOAK:-5000000} nice -n 19 $(GO) test -run '^$$' -bench Soak -benchtime 1x -timeout 24h ./test/load

.PHONY: clean
clean: ## remove what was built, and the demo's world
	rm -rf .assay
