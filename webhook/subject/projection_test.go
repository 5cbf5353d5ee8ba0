package subject

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "rewrite the expected projections")

// The configured model repository, and the one digest that a Release has.
const modelRepository = "registry.example.org:5000/models"

var releasedDigest = "sha256:" + strings.Repeat("a1", 32)

func exampleModels() Models {
	return Models{Repositories: []string{modelRepository}, Known: func(digest string) bool { return digest == releasedDigest }}
}

// TestProjection reads stories: the file's name is the claim.
func TestProjection(t *testing.T) {
	files, err := filepath.Glob("testdata/projection/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { projectStory(t, file) })
	}
}

func projectStory(t *testing.T, file string) {
	story, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := retold(t, strings.TrimSpace(string(story.Files[0].Data)), story.Files[1].Data)
	if *update {
		story.Files[2].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(story), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(story.Files[2].Data); got != want {
		t.Errorf("projection:\n%swant:\n%s", got, want)
	}
}

// retold writes a projection as people read it.
func retold(t *testing.T, resource string, object []byte) string {
	raw, err := yaml.YAMLToJSON(object)
	if err != nil {
		t.Fatal(err)
	}
	every := maps.Clone(builtIn)
	maps.Copy(every, customKinds)
	for known, read := range every {
		if known.String() != resource {
			continue
		}
		workload, err := read.workload(raw, exampleModels())
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		var text strings.Builder
		fmt.Fprintf(&text, "%s %s\n", workload.Kind, workload.Name)
		for _, image := range workload.Images {
			fmt.Fprintf(&text, "image %s %s digest=%s\n", image.Container, image.Reference, image.Digest)
		}
		for _, use := range workload.Models {
			fmt.Fprintf(&text, "model %s %s %s name=%s digest=%s\n", use.Where, use.How, use.Reference, use.Name, use.Digest)
		}
		for _, volume := range workload.Volumes {
			fmt.Fprintf(&text, "volume %s %s %s\n", volume.Where, volume.Kind, volume.Name)
		}
		return text.String()
	}
	t.Fatalf("no kind %q", resource)
	return ""
}

func TestAnObjectWithTooManyReferencesIsRefusedNotCutShort(t *testing.T) {
	var arguments []string
	for i := range maxUses + 1 {
		arguments = append(arguments, fmt.Sprintf("%s/m%d", modelRepository, i))
	}
	raw, _ := json.Marshal(map[string]any{"spec": map[string]any{
		"containers": []any{map[string]any{"name": "c", "args": []string{strings.Join(arguments, " ")}}}}})
	if _, err := builtIn[Resource{"", "pods", ""}].workload(raw, exampleModels()); err == nil {
		t.Fatal("it was accepted")
	}
}

// FuzzProject holds the promise of project: it never panics, and a reference
// to the model repository that stands anywhere in a pod is in the projection.
func FuzzProject(f *testing.F) {
	for _, seed := range []string{
		`{"spec":{"volumes":[{"name":"m","image":{"reference":"registry.example.org:5000/models/x"}}]}}`,
		`{"spec":{"containers":[{"name":"c","image":"registry.example.org:5000/models/x:v1","env":[{"name":"A","value":"oci://registry.example.org:5000/models/x"}]}]}}`,
		`{"spec":{"nodeSelector":{"registry.example.org:5000/models/x":"y"},"containers":[{"name":"c","args":["=REGISTRY.example.org:5000/models/x"]}]}}`,
		`{"spec":{"hostname":"\registry.example.org:5000/models/x"}}`, // a carriage return and "egistry"
		`{"metadata":{"annotations":{"a":"registry.example.org:5000/models/x"}},"spec":{"hostname":"\u0130registry.example.org:5000/models/x"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		read := builtIn[Resource{"", "pods", ""}]
		object, err := read.read(raw)
		if err != nil {
			return
		}
		workload, err := read.workload(raw, exampleModels())
		if err != nil {
			return // refused as a whole
		}
		if mentionsModels(object.spec) && len(workload.Models) == 0 {
			t.Errorf("%s mentions the model repository, and the projection does not", raw)
		}
	})
}

// mentionsModels looks for the repository in another way than the projection.
func mentionsModels(value *node) bool {
	if value == nil {
		return false
	}
	speaks := strings.Contains(strings.ToLower(value.key+" "+value.text), modelRepository+"/")
	return speaks || slices.ContainsFunc(value.nodes, func(inner node) bool { return mentionsModels(&inner) })
}
