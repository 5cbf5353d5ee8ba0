package render

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func folder(t *testing.T, files map[string]string) filesys.FileSystem {
	t.Helper()
	memory := filesys.MakeFsInMemory()
	for name, content := range files {
		if err := memory.WriteFile("/a/"+name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	return memory
}

// A rendering is remembered for whoever has the same files, as far as they are
// read: neither for more nor for fewer.
func TestARenderingIsRememberedByWhatWasRead(t *testing.T) {
	const account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}"
	base := map[string]string{"kustomization.yaml": "resources: [x.yaml]", "x.yaml": account}
	with := func(name, content string) map[string]string {
		files := map[string]string{name: content}
		for other := range base {
			if other != name {
				files[other] = base[other]
			}
		}
		return files
	}
	var cache Cache
	if _, err := cache.kustomize(folder(t, base), "/a"); err != nil {
		t.Fatal(err)
	}
	for name, story := range map[string]struct {
		files map[string]string
		found bool
	}{
		"the same":                  {base, true},
		"another file beside it":    {with("y.yaml", account), true},
		"a file that differs":       {with("x.yaml", strings.Replace(account, "name: a", "name: b", 1)), false},
		"a file that was not there": {with("kustomization.yml", "resources: []"), false},
		"another kustomization":     {with("kustomization.yaml", "namePrefix: a-\nresources: [x.yaml]"), false},
	} {
		if _, found := cache.recall(folder(t, story.files), "/a"); found != story.found {
			t.Errorf("%s: remembered is %t", name, found)
		}
	}
}

func TestAnErrorIsNotRemembered(t *testing.T) {
	var cache Cache
	broken := folder(t, map[string]string{"kustomization.yaml": "resources: [x.yaml]"})
	for range 2 {
		if _, err := cache.kustomize(broken, "/a"); err == nil {
			t.Fatal("rendered")
		}
	}
	if cache.questions != 0 || cache.bytes != 0 {
		t.Errorf("it remembers %d questions, %d bytes", cache.questions, cache.bytes)
	}
}

// However many there are, a cache holds no more than its bounds.
func TestMemoryIsBounded(t *testing.T) {
	var cache Cache
	large := make([]byte, maxRemembered/3)
	for i := range 10 {
		cache.remember("/a", []heard{{probe{contentOf, "/a/x"}, digestOf(fmt.Append(nil, i), nil)}}, large)
		if cache.bytes > maxRemembered {
			t.Fatalf("it remembers %d bytes", cache.bytes)
		}
	}
	var path []heard
	for i := range maxQuestions/2 + 1 {
		path = append(path, heard{probe: probe{contentOf, fmt.Sprint(i)}})
	}
	for i := range 3 {
		path[0].answer = digestOf(fmt.Append(nil, i), nil)
		if cache.remember("/a", path, nil); cache.questions > maxQuestions {
			t.Fatalf("it remembers %d questions", cache.questions)
		}
	}
}

func TestManyRenderAtOnce(t *testing.T) {
	var cache Cache
	want := rendered(t, full(AWS))
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			r := full(AWS)
			if i%2 == 1 {
				r.Replicas, r.Profile.Scaling, r.Profile.MaxReplicas, r.Profile.RequestsPerReplica = i, "", 0, 0
			}
			files, err := cache.Workload(t.Context(), r)
			if err != nil {
				t.Error(err)
			} else if i%2 == 0 && string(files["breast-risk/workload.yaml"]) != want {
				t.Error("one of many differs")
			}
		})
	}
	group.Wait()
}

// A component differs from model to model; so does what is remembered of it.
func TestAComponentIsReadEveryTime(t *testing.T) {
	for _, memory := range []string{"2Gi", "3Gi"} {
		r := extended()
		files := r.Component.(fstest.MapFS)
		files["memory.yaml"].Data = []byte(strings.Replace(string(files["memory.yaml"].Data), "4Gi", memory, 1))
		if got := filledIn(t, r); !strings.Contains(got, "memory: "+memory) {
			t.Errorf("with %s: rendered:\n%s", memory, got)
		}
	}
}

func TestARenderingWritesNothing(t *testing.T) {
	watched := &witness{files: folder(t, nil), seen: map[probe]bool{}}
	for name, err := range map[string]error{
		"file": watched.WriteFile("/a/b", nil), "folder": watched.Mkdir("/b"), "folders": watched.MkdirAll("/b/c"), "removal": watched.RemoveAll("/a"),
	} {
		if err == nil {
			t.Errorf("%s: written", name)
		}
	}
}
