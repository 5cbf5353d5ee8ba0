package judge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

const (
	maxPolicyFile  = 1 << 20
	thresholdsPath = "thresholds/data.yaml"
)

// rule is one requirement: its package, and what its metadata says.
type rule struct {
	id       string // model.bias.equal_opportunity
	title    string
	remedy   string
	clause   string
	severity gates.Severity // of evidence that does not meet it; without evidence every rule denies
	absolute bool           // nothing softens it
}

// kind is the first part of a rule's path: change, model or workload.
func (r rule) kind() string { return strings.SplitN(r.id, ".", 2)[0] }

// bundle is the parsed form of one or more policy trees.
type bundle struct {
	modules map[string]*ast.Module
	rules   []rule // sorted by id
	data    map[string]any
	digest  evidence.Digest
}

// loadBundle reads the policy trees in order. Later trees may add rules and
// tighten thresholds; they can neither replace a module nor loosen a number.
func loadBundle(trees []fs.FS) (*bundle, error) {
	loaded := &bundle{modules: map[string]*ast.Module{}, data: map[string]any{}}
	digest := sha256.New()
	for i, tree := range trees {
		files, err := policyFiles(tree)
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			content, err := readBounded(tree, name)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(digest, "%d %s %s\n", i, name, evidence.Sum(content))
			if err := loaded.add(name, content, i == 0); err != nil {
				return nil, err
			}
		}
	}
	sort.Slice(loaded.rules, func(i, j int) bool { return loaded.rules[i].id < loaded.rules[j].id })
	loaded.digest = evidence.Digest("sha256:" + hex.EncodeToString(digest.Sum(nil)))
	return loaded, nil
}

// policyFiles lists the rules and thresholds of a tree; tests of rules are not
// part of what is shipped and digested.
func policyFiles(tree fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if name == thresholdsPath || path.Ext(name) == ".rego" && !strings.HasSuffix(name, "_test.rego") {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing policies: %w", err)
	}
	sort.Strings(files)
	return files, nil
}

func readBounded(tree fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return nil, fmt.Errorf("reading policy %s: %w", name, err)
	}
	if info.Size() > maxPolicyFile {
		return nil, fmt.Errorf("policy %s is larger than %d bytes", name, maxPolicyFile)
	}
	return fs.ReadFile(tree, name)
}

func (b *bundle) add(name string, content []byte, shipped bool) error {
	if name == thresholdsPath {
		return b.addThresholds(name, content)
	}
	if _, taken := b.modules[name]; taken {
		return fmt.Errorf("policy %s stands in two bundles: a rule can be added, not replaced", name)
	}
	module, err := ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{
		ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: capabilities(),
	})
	if err != nil {
		return fmt.Errorf("parsing policy: %w", err)
	}
	if module == nil {
		return fmt.Errorf("policy %s is empty", name)
	}
	b.modules[name] = module
	id := strings.TrimPrefix(module.Package.Path.String(), "data.")
	switch {
	case id != "lib":
		return b.addRule(name, id, module)
	case !shipped: // one more way to hold would loosen every rule that asks
		return fmt.Errorf("policy %s: package lib is closed: keep what a rule needs in the rule", name)
	}
	return nil
}

// addRule takes a module as a rule. Its package is its folder, so that two
// files cannot speak for one rule.
func (b *bundle) addRule(name, id string, module *ast.Module) error {
	if want := strings.ReplaceAll(path.Dir(name), "/", "."); id != want {
		return fmt.Errorf("policy %s: its package is %s, its folder says %s", name, id, want)
	}
	if slices.ContainsFunc(b.rules, func(known rule) bool { return known.id == id }) {
		return fmt.Errorf("policy %s: the rule %s stands in another file: a rule can be added, not extended", name, id)
	}
	added := rule{id: id}
	switch added.kind() {
	case "change", "model", "workload":
	default:
		return fmt.Errorf("policy %s: rules live below change, model or workload", name)
	}
	if err := added.describe(module.Annotations); err != nil {
		return fmt.Errorf("policy %s: %w", name, err)
	}
	b.rules = append(b.rules, added)
	return nil
}

// describe takes what the rule's metadata says of it.
func (r *rule) describe(annotations []*ast.Annotations) error {
	r.severity = gates.Deny
	for _, annotation := range annotations {
		if annotation.Scope != "package" {
			continue
		}
		r.title = annotation.Title
		r.remedy, _ = annotation.Custom["remedy"].(string)
		r.clause, _ = annotation.Custom["clause"].(string)
		if said, given := annotation.Custom["severity"]; given {
			text, _ := said.(string)
			r.severity = gates.Severity(text)
		}
		if said, given := annotation.Custom["absolute"]; given {
			if r.absolute = said == true; !r.absolute || r.severity != gates.Deny {
				return errors.New("its custom.absolute is not true, or does not stand beside a denial")
			}
		}
	}
	if r.title == "" || r.remedy == "" {
		return errors.New("its metadata needs a title and a custom.remedy")
	}
	if r.severity != gates.Deny && r.severity != gates.Warn {
		return errors.New("its custom.severity is neither deny nor warn")
	}
	return nil
}

func (b *bundle) addThresholds(name string, content []byte) error {
	var added map[string]any
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(&added); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if len(b.data) == 0 {
		b.data = added
		return nil
	}
	return tighten(b.data, added, "")
}
