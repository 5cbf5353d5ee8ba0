package webhook

import (
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// TestBypass reads the stories of those who would walk around the door: the
// file's name is the group of attacks and the claim, and each attempt in it lies
// in the folder of its answer. The real judge answers, with signed evidence.
//
//	-- denied/by-tag.yaml --      an attempt, and what must become of it
//	-- admission.yaml --          what the Admission file says beside the usual
//	-- releases --                model environment digest image, one a line
//	-- owner/<resource>.yaml --   what the API server holds
//	-- answers --                 the rules and words of each answer (-update)
//
// In all of them $RELEASED is the digest of a model that was promoted to
// staging, $UNKNOWN one of which nobody has heard, $SCANNED the digest of the
// serving image, $SERVE and $MODEL the two as references and $MODELS the
// configured repository.
func TestBypass(t *testing.T) {
	for _, file := range bypasses(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { tryToBypass(t, file) })
	}
}

func bypasses(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/bypass/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	return files
}

var symbols = strings.NewReplacer(
	"$RELEASED", releasedDigest, "$SCANNED", servingDigest,
	"$UNKNOWN", unknownDigest, "$MODELS", modelRepository,
	"$MODEL", mounted, "$SERVE", servedBy+servingDigest)

// spoken puts the symbols back, so that answers can be read.
var spoken = strings.NewReplacer(
	mounted, "$MODEL", servedBy+servingDigest, "$SERVE",
	releasedDigest, "$RELEASED", servingDigest, "$SCANNED", unknownDigest, "$UNKNOWN", modelRepository, "$MODELS")

var unknownDigest = "sha256:" + strings.Repeat("0e", 32)

// attempt is one request to the API server, as a story tells it.
type attempt struct {
	Resource  string         `json:"resource"` // pods/ephemeralcontainers, deployments.apps; pods when it is empty
	Version   string         `json:"version"`
	Operation string         `json:"operation"`
	Namespace string         `json:"namespace"`
	User      string         `json:"user"`
	Groups    []string       `json:"groups"`
	DryRun    bool           `json:"dryRun"`
	Behind    int            `json:"behind"` // how many harmless containers come first
	Object    map[string]any `json:"object"`
	Text      string         `json:"text"` // the object, where it must stay as it is written
	OldObject map[string]any `json:"oldObject"`
}

func tryToBypass(t *testing.T, file string) {
	story, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	door := guarded(t, story)
	var answers strings.Builder
	for _, part := range story.Files {
		wanted, _ := path.Split(part.Name)
		if wanted != "allowed/" && wanted != "denied/" && wanted != "error/" {
			continue
		}
		tried := readAttempt(t, part)
		response := door.Handle(t.Context(), tried.request(t))
		if got := outcomeOf(response) + "/"; got != wanted {
			t.Errorf("%s: it is %s: %s", part.Name, got, response.Result.Message)
		}
		fmt.Fprintf(&answers, "%s: %s\n", strings.TrimSuffix(part.Name, ".yaml"), abridged(response))
	}
	last := &story.Files[len(story.Files)-1]
	if last.Name != "answers" {
		t.Fatal("the last part of a story is its answers")
	}
	if *update {
		last.Data = []byte(answers.String())
		if err := os.WriteFile(file, txtar.Format(story), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := answers.String(), string(last.Data); got != want {
		t.Errorf("answers:\n%swant:\n%s", got, want)
	}
}

func readAttempt(t *testing.T, part txtar.File) attempt {
	t.Helper()
	tried := attempt{Resource: "pods", Operation: string(admissionv1.Create), Namespace: clinic, User: "mallory"}
	if err := yaml.UnmarshalStrict([]byte(symbols.Replace(string(part.Data))), &tried); err != nil {
		t.Fatalf("%s: %v", part.Name, err)
	}
	return tried
}

// request is what the API server sends of it.
func (a attempt) request(t *testing.T) admission.Request {
	t.Helper()
	name, group, _ := strings.Cut(a.Resource, ".")
	name, subresource, _ := strings.Cut(name, "/")
	if a.Version == "" {
		a.Version = registeredVersion(schema.GroupResource{Group: group, Resource: name})
	}
	hide(a.Object, a.Behind)
	object := runtime.RawExtension{Raw: []byte(a.Text)}
	if a.Text == "" {
		object = raw(t, a.Object)
	}
	var old runtime.RawExtension
	if a.OldObject != nil {
		old = raw(t, a.OldObject)
	}
	return admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		UID: types.UID("bypass"), Operation: admissionv1.Operation(a.Operation), Namespace: a.Namespace, Name: "serve",
		Resource: metav1.GroupVersionResource{Group: group, Version: a.Version, Resource: name}, SubResource: subresource,
		UserInfo: authenticationv1.UserInfo{Username: a.User, Groups: a.Groups}, DryRun: &a.DryRun,
		Object: object, OldObject: old,
	}}
}

// registeredVersion is the one to which the API server converts an object.
func registeredVersion(wanted schema.GroupResource) string {
	for _, kind := range subject.Kinds(nil) {
		if kind.Resource.GroupResource() == wanted {
			return kind.Resource.Version
		}
	}
	return "v1"
}

// hide puts harmless containers before those of a pod.
func hide(object map[string]any, count int) {
	spec, _ := object["spec"].(map[string]any)
	for range count {
		before, _ := spec["containers"].([]any)
		spec["containers"] = append([]any{map[string]any{"name": fmt.Sprintf("c%d", len(before)), "image": servedBy + servingDigest}}, before...)
	}
}

func outcomeOf(response admission.Response) string {
	switch {
	case response.Allowed:
		return "allowed"
	case response.Result.Code == http.StatusForbidden:
		return "denied"
	}
	return "error"
}

// abridged is the answer's rules and its first words, or why there is none.
func abridged(response admission.Response) string {
	message := spoken.Replace(response.Result.Message)
	switch outcomeOf(response) {
	case "allowed":
		return "admitted" + strings.Join(append([]string{""}, response.Warnings...), "; ")
	case "denied":
		first, _, _ := strings.Cut(message, "; remedy:")
		return strings.ReplaceAll(response.AuditAnnotations["rules"], ",", " ") + "\n  " + strings.TrimPrefix(first, "assay: denied: ")
	}
	first, _, _ := strings.Cut(message, "\n")
	return strings.TrimPrefix(first, "assay: ")
}
