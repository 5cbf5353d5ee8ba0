package law

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// floors places every package of the module; the first pattern that covers it
// counts.
var floors = []struct {
	floor   int
	pattern string
}{
	{0, "evidence"}, {0, "api/v1alpha1"}, {0, "api/kube"}, {0, "internal/calendar"},
	{1, "gates"}, {1, "policies"}, {1, "manifests"}, {1, "catalog"},
	{1, "internal/stats"}, {1, "internal/modelfile"}, {1, "internal/table"}, {1, "internal/outcome"}, {1, "internal/figure"}, {1, "internal/openvex"}, {1, "internal/keyless"}, {1, "internal/manifest"},
	{2, "gates/*"}, {2, "internal/*"}, {2, "internal/forge/forgetest"},
	{3, "reconciler/*"}, {3, "webhook"}, {3, "webhook/*"}, {3, "qualify"}, {3, "test/harness/..."},
	{4, "cmd/*"}, {4, "test/*"},
}

// sideways are the imports within a floor that are allowed, by name.
var sideways = []struct{ from, to, why string }{
	{"api/v1alpha1", "internal/calendar", "a window that could never be is refused where it is written"},
	{"reconciler/assembly", "reconciler/promotion", "the reconciler's own rooms: assembly gives the phases their tools"},
	{"reconciler/assembly", "reconciler/conversation", "the reconciler's own rooms: assembly judges for the conversation"},
	{"reconciler/assembly", "reconciler/environment", "the reconciler's own rooms: assembly reads the world, and pushes what is planned"},
	{"reconciler/controller", "reconciler/environment", "the reconciler's own rooms: the controller keeps exposures, and what somebody accepted"},
	{"reconciler/environment", "reconciler/promotion", "the reconciler's own rooms: a plan is about promotions and what was admitted"},
	{"reconciler/health", "reconciler/environment", "the reconciler's own rooms: a look is counted there"},
	{"reconciler/controller", "reconciler/conversation", "the reconciler's own rooms: the controller looks at pull requests"},
	{"reconciler/controller", "reconciler/health", "the reconciler's own rooms: the controller looks at what runs"},
	{"reconciler/controller", "reconciler/promotion", "the reconciler's own rooms: the controller runs the phases"},
	{"webhook", "webhook/certificate", "the door's own rooms: the door is opened with a certificate"},
	{"webhook", "webhook/subject", "the door's own rooms: the door asks what of an object reaches a model"},
	{"webhook/audit", "webhook", "the audit asks the door itself what it would say"},
	{"webhook/audit", "webhook/subject", "the audit lists the kinds that the door reads"},
}

// Libraries that are heavy or that reach out.
var (
	kubernetes = []string{"k8s.io/...", "sigs.k8s.io/controller-runtime/...", "sigs.k8s.io/kustomize/...", "sigs.k8s.io/structured-merge-diff/..."}
	opa        = []string{"github.com/open-policy-agent/opa/..."}
	registries = []string{"github.com/google/go-containerregistry/..."}
	trivy      = []string{"github.com/aquasecurity/trivy/...", "github.com/aquasecurity/trivy-db/..."}
	duckdb     = []string{"github.com/duckdb/duckdb-go/...", "github.com/duckdb/duckdb-go-bindings"}
	git        = []string{"github.com/go-git/go-git/..."}
	kustomize  = []string{"sigs.k8s.io/kustomize/..."}
	plot       = []string{"gonum.org/v1/plot/..."}
	argo       = []string{"github.com/argoproj/..."}
	sigstore   = []string{"github.com/sigstore/..."}
	tessera    = []string{"github.com/transparency-dev/..."}
	forges     = []string{"github.com/google/go-github/...", "gitlab.com/gitlab-org/api/client-go/...", "code.gitea.io/sdk/gitea/..."}
	signatures = []string{"github.com/ProtonMail/go-crypto/...", "github.com/hiddeco/sshsig"}
	measurers  = []string{"gates/dataset", "gates/performance", "gates/bias", "gates/compliance", "gates/security"}
)

// prohibition says what a package must never import, by itself or through
// others, and why.
type prohibition struct {
	packages  []string
	directly  bool // what it reaches through others is allowed
	forbidden []string
	why       string
}

var prohibitions = []prohibition{
	{[]string{"evidence"}, false, slices.Concat([]string{"gates/...", "api/..."}, kubernetes, registries, opa),
		"a claim about a digest is read by every side, so it knows none"},
	{[]string{"api/v1alpha1"}, false, kubernetes,
		"what people write in a repository is read without a cluster"},
	{[]string{"gates"}, false, []string{"gates/*", "policies"},
		"the vocabulary does not know who speaks it"},
	{measurers, false, slices.Concat([]string{"gates/judge", "policies"}, argo),
		"Go measures, Rego judges: a measurer that knows the limits would measure towards them"},
	{[]string{"gates/dataset", "gates/performance", "gates/bias", "gates/compliance"}, false, slices.Concat(kubernetes, registries),
		"a measurement is a function of the candidate alone (gates/security is excepted: Trivy links Kubernetes)"},
	{[]string{"gates/judge"}, false, measurers,
		"the judge knows evidence and rules, and not who measured"},
	{[]string{"gates/judge"}, true, []string{"net/...", "os/exec", "database/sql"},
		"a verdict is a function of the question (OPA links net/http; no rule may call it)"},
	{[]string{"reconciler/promotion"}, false, slices.Concat([]string{"webhook"}, git, registries, kustomize, trivy, duckdb, tessera),
		"the order of the phases is read without the libraries that do the work"},
	{[]string{"reconciler/environment"}, false, slices.Concat([]string{"internal/forge", "k8s.io/client-go/...", "sigs.k8s.io/controller-runtime/..."}, git, registries, kustomize, trivy, duckdb),
		"where a release goes next is decided from what it is told: the same world, the same plan"},
	{[]string{"reconciler/health"}, false, slices.Concat([]string{"internal/forge", "reconciler/assembly"}, git, registries, argo),
		"a look reads a few fields of what runs: Argo CD's own types do not compile beside ours"},
	{[]string{"webhook"}, false, tessera,
		"the door hands its decisions over; only its command knows to what"},
	{[]string{"internal/auditlog"}, false, slices.Concat([]string{"gates/...", "reconciler/...", "k8s.io/api/...", "k8s.io/apimachinery/...", "k8s.io/client-go/..."}, registries, opa),
		"the log knows how a record is kept and proven, and not who decides (tessera writes its own lines with klog)"},
	{[]string{"internal/card"}, false, slices.Concat([]string{"gates/...", "policies", "reconciler/..."}, kubernetes, opa),
		"a card is what was written and what was measured; whoever judged it is not asked"},
	{[]string{"internal/forge"}, false, slices.Concat([]string{"gates/...", "policies", "evidence", "api/..."}, kubernetes, git, opa),
		"a verdict is carried to a forge as text; whoever carries it does not know what one is"},
	{[]string{"reconciler/conversation"}, false, slices.Concat([]string{"policies"}, measurers, kubernetes, git, registries, opa),
		"a verdict reaches the conversation as a report: whoever speaks does not judge"},
	{[]string{"reconciler/promotion"}, true, opa,
		"the phases ask gates/judge, never the rules themselves"},
	{[]string{"reconciler/*"}, false, []string{"webhook"},
		"evidence is the only thing that the two sides share"},
	{[]string{"webhook", "cmd/webhook", "internal/trust", "evidence"}, false, sigstore,
		"forty modules, a client of TUF and one of Rekor among them: only a webhook that is built for them links them (-tags keyless)"},
	{[]string{"webhook/subject"}, false, []string{"webhook", "webhook/audit", "webhook/floor", "k8s.io/client-go/...", "sigs.k8s.io/controller-runtime/..."},
		"what an object says is in its bytes: it is read without a door, a client or a cache"},
	{[]string{"webhook/certificate"}, false, []string{"webhook", "webhook/audit", "webhook/floor", "webhook/subject", "gates/...", "policies"},
		"what is asked through a connection is no matter of who may open it"},
	{[]string{"webhook/floor"}, false, []string{"webhook", "webhook/audit", "gates/...", "policies"},
		"the list is told to it: a second opinion on who is on it would be a second judge"},
	{[]string{"webhook", "webhook/audit", "cmd/webhook"}, false,
		slices.Concat([]string{"reconciler/...", "test/..."}, measurers, trivy, duckdb, git, kustomize, argo, registries),
		"the last door stays small, and reaches nothing when it decides"},
}

// doors are the libraries that few packages may import themselves.
var doors = []struct {
	library []string
	owners  []string
	why     string
}{
	{trivy, []string{"gates/security", "test/harness/images"}, "gates/security is the door to Trivy (test/harness/images writes the small database that it reads)"},
	{duckdb, []string{"internal/table"}, "internal/table is the door to DuckDB"},
	{git, []string{"internal/gitrepo"}, "internal/gitrepo is the door to go-git"},
	{kustomize, []string{"internal/render"}, "internal/render is the door to kustomize"},
	{plot, []string{"internal/figure"}, "internal/figure is the door to gonum/plot"},
	{sigstore, []string{"internal/signer", "internal/keyless", "test/harness/sigstore"},
		"internal/signer is the door to key services, and internal/keyless to certificates (test/harness/sigstore issues them)"},
	{signatures, []string{"internal/signature"}, "internal/signature is the door to what people sign with"},
	{tessera, []string{"internal/auditlog", "test/harness/sigstore"}, "internal/auditlog is the door to tessera (test/harness/sigstore grows a tree of its own)"},
	{forges, []string{"internal/forge"}, "internal/forge is the door to the forges"},
	{opa, []string{"gates/judge"}, "gates/judge is the door to OPA"},
	{registries, []string{"internal/oci", "gates/security", "test/harness/..."}, "internal/oci is the door to a registry (gates/security pulls the image that it scans)"},
}

// bare are packages that import nothing but what is listed; std is whatever
// the standard library has.
var bare = []struct {
	name    string
	allowed []string
	why     string
}{
	{"policies", []string{"embed"}, "rule text and its digest, and nothing that runs"},
	{"manifests", []string{"embed"}, "text, and nothing that runs"},
	{"catalog", []string{"embed"}, "text, and nothing that runs"},
	{"gates", []string{"std", "evidence", "api/v1alpha1"}, "the vocabulary has no library of its own"},
	{"internal/forge/forgetest", []string{"std"}, "it would believe what it is there to test"},
	{"internal/calendar", []string{"std"}, "it reads what people write, in every program, and the last door is one of them"},
	{"internal/modelfile", []string{"std"}, "it looks into hostile files, and can load none of them"},
}

// place is the floor of a package, or -1 for what is not ours.
func place(name string) int {
	for _, row := range floors {
		if within(row.pattern, name) {
			return row.floor
		}
	}
	return -1
}

func (g graph) climbs() []string {
	var broken []string
	for _, from := range g.own {
		if place(from) < 0 {
			broken = append(broken, tell([]string{from}, "this package stands on no floor"))
		}
		for _, to := range g.imports[from] {
			floor := place(to)
			if floor >= 0 && floor >= place(from) && !excepted(from, to) {
				broken = append(broken, tell([]string{from, to}, fmt.Sprintf("floor %d may not import floor %d", place(from), floor)))
			}
		}
	}
	return broken
}

func excepted(from, to string) bool {
	for _, row := range sideways {
		if row.from == from && row.to == to {
			return true
		}
	}
	return false
}

func (g graph) trespasses() []string {
	var broken []string
	for _, row := range prohibitions {
		for _, name := range g.own {
			if anyOf(row.packages)(name) {
				if links := g.chain(name, row.directly, anyOf(row.forbidden)); links != nil {
					broken = append(broken, tell(links, row.why))
				}
			}
		}
	}
	return broken
}

func (g graph) breakIns() []string {
	var broken []string
	for _, name := range g.own {
		for _, door := range doors {
			if links := g.chain(name, true, anyOf(door.library)); links != nil && !anyOf(door.owners)(name) {
				broken = append(broken, tell(links, door.why))
			}
		}
	}
	return broken
}

func (g graph) burdens() []string {
	var broken []string
	for _, row := range bare {
		for _, to := range g.imports[row.name] {
			standard := place(to) < 0 && !thirdParty(to) && slices.Contains(row.allowed, "std")
			if !standard && !slices.Contains(row.allowed, to) {
				broken = append(broken, tell([]string{row.name, to}, row.why))
			}
		}
	}
	return broken
}

func (g graph) violations() []string {
	return slices.Concat(g.climbs(), g.trespasses(), g.breakIns(), g.burdens())
}

func TestImportsKeepTheLaw(t *testing.T) {
	house := load(t)
	for _, violation := range house.violations() {
		t.Error(violation)
	}
	for _, row := range deadRows(house) {
		t.Errorf("the law speaks of %s, of which there is nothing", row)
	}
}

// deadRows are the packages and exceptions of which the tables speak and that
// the house does not have: a misspelt prohibition prohibits nothing.
func deadRows(house graph) []string {
	var dead []string
	standing := func(patterns []string, among []string) {
		for _, pattern := range patterns {
			if !slices.ContainsFunc(among, func(name string) bool { return within(pattern, name) }) {
				dead = append(dead, pattern)
			}
		}
	}
	everything := slices.Collect(maps.Keys(house.imports))
	for _, row := range floors {
		standing([]string{row.pattern}, house.own)
	}
	for _, row := range prohibitions {
		standing(row.packages, house.own)
	}
	for _, door := range doors {
		standing(door.owners, house.own)
		standing(door.library, everything)
	}
	for _, row := range bare {
		standing([]string{row.name}, house.own)
	}
	for _, row := range sideways {
		if !slices.Contains(house.imports[row.from], row.to) {
			dead = append(dead, row.from+" -> "+row.to)
		}
	}
	return dead
}
