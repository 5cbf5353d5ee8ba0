package law

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/mlops-clinical-trials/assay/"

// graph holds what each package imports, tests apart. The packages of this
// module go by their folder: gates/judge.
type graph struct {
	imports map[string][]string
	own     []string // the packages of this module, sorted
}

// load asks the go command: it knows build constraints and never guesses.
func load(t *testing.T) graph {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f",
		`{{.ImportPath}} {{with .Module}}{{.Main}}{{else}}false{{end}} {{join .Imports " "}}`, "./...")
	list.Dir = "../.."
	output, err := list.Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	loaded := graph{imports: map[string][]string{}}
	for line := range strings.Lines(strings.ReplaceAll(string(output), module, "")) {
		fields := strings.Fields(line)
		loaded.imports[fields[0]] = fields[2:]
		if fields[1] == "true" {
			loaded.own = append(loaded.own, fields[0])
		}
	}
	slices.Sort(loaded.own)
	return loaded
}

// chain is the shortest way of imports from a package to one that matches, or
// nil. A direct chain has two links.
func (g graph) chain(from string, directly bool, matches func(string) bool) []string {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range g.imports[queue[0]] {
			if _, seen := came[next]; seen {
				continue
			}
			came[next] = queue[0]
			if matches(next) {
				return trace(came, next)
			}
			if !directly {
				queue = append(queue, next)
			}
		}
	}
	return nil
}

func trace(came map[string]string, to string) []string {
	var links []string
	for ; to != ""; to = came[to] {
		links = append(links, to)
	}
	slices.Reverse(links)
	return links
}

// within reports whether a pattern covers a package: a/b is one package, a/*
// is each directly below a, a/... is a with all that is below it.
func within(pattern, name string) bool {
	if root, all := strings.CutSuffix(pattern, "/..."); all {
		return name == root || strings.HasPrefix(name, root+"/")
	}
	if parent, children := strings.CutSuffix(pattern, "/*"); children {
		child, below := strings.CutPrefix(name, parent+"/")
		return below && !strings.Contains(child, "/")
	}
	return pattern == name
}

func anyOf(patterns []string) func(string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool { return within(pattern, name) })
	}
}

// thirdParty reports whether a package comes from another module: only those
// have a host name for their first element.
func thirdParty(name string) bool {
	host, _, _ := strings.Cut(name, "/")
	return strings.Contains(host, ".")
}

func tell(links []string, why string) string {
	return fmt.Sprintf("%s: %s", strings.Join(links, " -> "), why)
}
