package compliance

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/manifest"
)

const served = `apiVersion: v1
kind: Namespace
metadata: {name: models, labels: {assay.dev/environment: staging}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: model-serving}
automountServiceAccountToken: false
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: model-serving}
spec:
  template:
    spec:
      automountServiceAccountToken: false
      containers: [{name: server, image: server}]
`

func rendered(text string) gates.Candidate {
	candidate := run(v1alpha1.Controls{Access: v1alpha1.Access{Reviewed: "2026-11-23", By: "pia@example.org"}})
	candidate.Environment, candidate.Manifests = "staging", fstest.MapFS{"model/workload.yaml": {Data: []byte(text)}, "README.md": {Data: []byte("{")}}
	return candidate
}

func TestWhatIsRenderedForAModelGivesItNoRights(t *testing.T) {
	candidate := rendered(served)
	expect(t, told(t, measureAccess(candidate)), map[string]string{"excess_rights": "0", "access_reviewer": "1", "access_reviewed": "1795341600"})
	if found := measureAccess(candidate); found[2].N != 3 {
		t.Errorf("%d objects were looked at", found[2].N)
	}
}

func TestRightsThatNoModelNeeds(t *testing.T) {
	role := func(rule string) string {
		return "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x}\n" + rule
	}
	pod := func(spec string) string { return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: " + spec }
	for text, want := range map[string]string{
		role(`rules: [{apiGroups: [""], resources: [pods], verbs: ["*"]}]`):                                                                                                               "Role/x: a wildcard in verbs",
		role(`rules: [{apiGroups: ["*"], resources: [pods], verbs: [get]}]`):                                                                                                              "Role/x: a wildcard in apiGroups",
		role(`rules: [{apiGroups: [""], resources: [pods/*], verbs: [get]}]`):                                                                                                             "Role/x: a wildcard in resources",
		role(`rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [get, bind]}]`):                                                                                 "Role/x: the verb bind",
		strings.Replace(role(`rules: [{nonResourceURLs: ["*"], verbs: [get]}]`), "Role\n", "ClusterRole\n", 1):                                                                            "ClusterRole/x: a wildcard in nonResourceURLs",
		role(`aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}`):                                                                                                          "Role/x: takes over the rules of other roles",
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: cluster-admin}":                                 "ClusterRoleBinding/x: binds cluster-admin",
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nroleRef: {kind: Role, name: view}\nsubjects: [{kind: Group, name: system:authenticated}]": "RoleBinding/x: binds system:authenticated",
		pod("{containers: [{name: a}]}"):                                                                                                         "Pod/x: mounts a token of the cluster",
		pod("{automountServiceAccountToken: true, containers: [{name: a}]}"):                                                                     "Pod/x: mounts a token of the cluster",
		pod(`{automountServiceAccountToken: "false", containers: [{name: a}]}`):                                                                  "Pod/x: mounts a token of the cluster",
		pod("{automountServiceAccountToken: no, containers: [], volumes: [{projected: {sources: [{serviceAccountToken: {path: token}}]}}]}"):     "Pod/x: mounts a token of the cluster",
		"---\napiVersion: example.org/v1\nkind: Rollout\nmetadata: {name: x}\nspec: {pods: [{template: {spec: {containers: [{name: a}]}}}]}":     "Rollout/x: mounts a token of the cluster",
		"---\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: " + strings.Repeat("{a: ", deepest+5) + "1" + strings.Repeat("}", deepest+5): "Pod/x: mounts a token of the cluster",
		"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}":                                                                              "Namespace/x: takes away the label by which the webhook knows the environment",
		"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {assay.dev/environment: development}}":                                "Namespace/x: takes away the label by which the webhook knows the environment",
		"---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: x}":                            "ValidatingWebhookConfiguration/x: decides what the cluster admits",
	} {
		values := told(t, measureAccess(rendered(served+text)))
		if values["excess_rights"] != "1" || values["excess_right "+want] != "1" {
			t.Errorf("%s: %v", text, values)
		}
	}
}

func TestRightsThatMayBe(t *testing.T) {
	for _, text := range []string{
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x}\nrules: [{apiGroups: [''], resources: [configmaps], resourceNames: [x], verbs: [get]}]",
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nroleRef: {kind: Role, name: x}\nsubjects: [{kind: ServiceAccount, name: x}]",
		"---\n# nothing\n",
		"--- # a comment\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {automountServiceAccountToken: no, containers: [{name: a}]}",
	} {
		if values := told(t, measureAccess(rendered(served+text))); values["excess_rights"] != "0" {
			t.Errorf("%s: %v", text, values)
		}
	}
}

func TestManifestsThatCannotBeReadGiveNoNumber(t *testing.T) {
	many := fstest.MapFS{}
	for i := range maxManifests + 1 {
		many[strings.Repeat("a", 1+i%9)+"/"+string(rune('a'+i%26))+strings.Repeat("b", i/26)+".yaml"] = &fstest.MapFile{}
	}
	for name, tree := range map[string]fs.FS{
		"none at all":        nil,
		"a key twice":        fstest.MapFS{"a.yaml": {Data: []byte("kind: Pod\nkind: Role\n")}},
		"a list":             fstest.MapFS{"a.yaml": {Data: []byte("kind: List\nitems: []\n")}},
		"no kind":            fstest.MapFS{"a.yaml": {Data: []byte("a: 1\n")}},
		"a scalar":           fstest.MapFS{"a.json": {Data: []byte("7")}},
		"no YAML":            fstest.MapFS{"a.yml": {Data: []byte("a: [")}},
		"too large":          fstest.MapFS{"a.yaml": {Data: []byte(strings.Repeat("#", manifest.MaxBytes+1))}},
		"too many objects":   fstest.MapFS{"a.yaml": {Data: []byte(strings.Repeat("---\nkind: A\n", manifest.MaxObjects+1))}},
		"too many in all":    fstest.MapFS{"a.yaml": {Data: []byte(strings.Repeat("---\nkind: A\n", manifest.MaxObjects))}, "b.yaml": {Data: []byte("kind: A")}},
		"too many files":     many,
		"aliases of aliases": fstest.MapFS{"a.yaml": {Data: []byte("kind: A\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n")}},
	} {
		candidate := rendered("")
		candidate.Manifests = tree
		if values := told(t, measureAccess(candidate)); values["excess_rights"] != "" {
			t.Errorf("%s: %v", name, values)
		}
	}
}

func TestAccessWasReviewedBySomebodyNamed(t *testing.T) {
	for by, want := range map[string]string{"pia@example.org": "1", "": "0", "Pia": "0", "@": "0", "pia@": "0", "@example.org": "0"} {
		candidate := rendered(served)
		candidate.Platform.Spec.Controls.Access.By = by
		expect(t, told(t, measureAccess(candidate)), map[string]string{"access_reviewer": want})
	}
}

// FuzzManifests: whatever is rendered, an answer is evidence, and a pod that asks
// for a token is never without excess.
func FuzzManifests(f *testing.F) {
	f.Add([]byte(served))
	f.Add([]byte("kind: Pod\nspec: {containers: []}"))
	f.Add([]byte("kind: Role\napiVersion: rbac.authorization.k8s.io/v1\nrules: [1, {verbs: 7}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		own := told(t, measureAccess(rendered(string(text))))
		if own["excess_rights"] == "" {
			return
		}
		with := told(t, measureAccess(rendered("kind: Pod\nmetadata: {name: token}\nspec: {containers: [{name: a}]}\n---\n"+string(text))))
		if with["excess_rights"] == "0" {
			t.Errorf("%q hides a pod that mounts a token", text)
		}
	})
}
