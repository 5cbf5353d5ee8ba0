package law

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// madeUp is a house that was never built; of its packages, those without a
// host name are ours.
func madeUp(imports map[string][]string) graph {
	own := slices.DeleteFunc(slices.Sorted(maps.Keys(imports)), thirdParty)
	return graph{imports: imports, own: own}
}

// A law that nothing can break keeps nobody out.
func TestABrokenLawIsNoticed(t *testing.T) {
	for name, test := range map[string]struct {
		imports map[string][]string
		want    string // the start of the only violation; empty for none
	}{
		"down":             {map[string][]string{"gates": {"evidence", "io/fs"}, "cmd/webhook": {"webhook"}, "webhook": {"gates/judge"}}, ""},
		"up":               {map[string][]string{"internal/stats": {"internal/oci"}}, "internal/stats -> internal/oci: floor 1"},
		"sideways":         {map[string][]string{"internal/oci": {"internal/report"}}, "internal/oci -> internal/report: floor 2"},
		"an exception":     {map[string][]string{"reconciler/controller": {"reconciler/promotion"}}, ""},
		"not its converse": {map[string][]string{"reconciler/promotion": {"reconciler/controller"}}, "reconciler/promotion -> reconciler/controller: floor 3"},
		"no floor":         {map[string][]string{"util": {"fmt"}}, "util: this package stands on no floor"},
		"through another": {
			map[string][]string{"webhook": {"example.com/a"}, "example.com/a": {"example.com/b"}, "example.com/b": {"github.com/go-git/go-git/v5"}},
			"webhook -> example.com/a -> example.com/b -> github.com/go-git/go-git/v5: the last door",
		},
		"directly":             {map[string][]string{"gates/judge": {"net/http"}}, "gates/judge -> net/http: a verdict"},
		"what a library links": {map[string][]string{"gates/judge": {"example.com/a"}, "example.com/a": {"net/http"}}, ""},
		"another door":         {map[string][]string{"internal/report": {"github.com/duckdb/duckdb-go/v2"}}, "internal/report -> github.com/duckdb/duckdb-go/v2: internal/table is the door"},
		"its own door":         {map[string][]string{"internal/table": {"github.com/duckdb/duckdb-go/v2"}}, ""},
		"a burden":             {map[string][]string{"policies": {"embed", "fmt"}}, "policies -> fmt: rule text"},
		"a library":            {map[string][]string{"gates": {"example.com/a", "fmt"}}, "gates -> example.com/a: the vocabulary"},
	} {
		t.Run(name, func(t *testing.T) {
			found := madeUp(test.imports).violations()
			switch {
			case test.want == "" && len(found) > 0:
				t.Errorf("nothing is wrong with %v: %v", test.imports, found)
			case test.want != "" && (len(found) != 1 || !strings.HasPrefix(found[0], test.want)):
				t.Errorf("got %q, want one that starts with %q", found, test.want)
			}
		})
	}
}

// Every word of every prohibition is kept: whatever it forbids is found when it
// is imported, and where it must not be reached either, when something between
// imports it.
func TestEveryProhibitionIsKept(t *testing.T) {
	example := strings.NewReplacer("/...", "/deep/below", "/*", "/below")
	for _, row := range prohibitions {
		for _, pattern := range row.packages {
			for _, forbidden := range row.forbidden {
				from, to := example.Replace(pattern), example.Replace(forbidden)
				if !told(madeUp(map[string][]string{from: {to}}), row.why) {
					t.Errorf("nobody notices that %s imports %s", from, to)
				}
				if through := madeUp(map[string][]string{from: {"example.com/a"}, "example.com/a": {to}}); told(through, row.why) == row.directly {
					t.Errorf("%s reaches %s through another: noticed is %t", from, to, row.directly)
				}
			}
		}
	}
}

func told(house graph, why string) bool {
	return slices.ContainsFunc(house.violations(), func(violation string) bool { return strings.HasSuffix(violation, why) })
}

func TestARowAboutNothingIsNoticed(t *testing.T) {
	dead := deadRows(madeUp(map[string][]string{"webhook": {}}))
	if slices.Contains(dead, "webhook") || !slices.Contains(dead, "evidence") {
		t.Errorf("got %v", dead)
	}
}

func TestPatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"gates", "gates", true}, {"gates", "gates/judge", false},
		{"gates/*", "gates/judge", true}, {"gates/*", "gates", false}, {"gates/*", "gates/judge/deep", false}, {"gates/*", "gatesx", false},
		{"gates/...", "gates", true}, {"gates/...", "gates/judge/deep", true}, {"gates/...", "gateskeeper", false},
	} {
		if got := within(test.pattern, test.name); got != test.want {
			t.Errorf("within(%q, %q) is %t", test.pattern, test.name, got)
		}
	}
}
