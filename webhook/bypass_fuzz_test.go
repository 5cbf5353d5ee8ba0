package webhook

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// FuzzBypass holds the two laws by which nothing walks around the door. What is
// admitted is a pod that shouldDeny, which knows nothing of the projection,
// would admit. And however a pod is disguised, as long as the same model is
// reached when it runs, the answer is never more than it was undisguised.
func FuzzBypass(f *testing.F) {
	for seed := range uint64(64) {
		f.Add(seed, []byte{byte(seed), byte(7 * seed), byte(31 * seed)})
	}
	var t testing.T
	door := guarded(&t, &txtar.Archive{})
	f.Fuzz(func(t *testing.T, seed uint64, moves []byte) {
		random := rand.New(rand.NewPCG(seed, 1))
		pod := randomPod(random)
		plain := attempt{Resource: "pods", Operation: "CREATE", Namespace: clinic, Object: pod}
		before := door.Handle(t.Context(), plain.request(t))
		if before.Allowed && shouldDeny(pod) {
			t.Fatalf("it is admitted and must not be:\n%s", raw(t, pod).Raw)
		}
		hidden := disguise(t, random, plain, moves)
		if after := door.Handle(t.Context(), hidden.request(t)); after.Allowed && !before.Allowed {
			t.Fatalf("what was denied (%s)\n%s\nis admitted as %s %s\n%s%s",
				abridged(before), raw(t, pod).Raw, hidden.Operation, hidden.Resource, hidden.Text, raw(t, hidden.Object).Raw)
		}
	})
}

// TestTheOracleAndTheDoorAgree: an oracle that denies everything, or a generator
// that makes nothing to be admitted, would make FuzzBypass say nothing.
func TestTheOracleAndTheDoorAgree(t *testing.T) {
	door := guarded(t, &txtar.Archive{})
	count := map[bool]int{}
	for seed := range uint64(2000) {
		pod := randomPod(rand.New(rand.NewPCG(seed, 1)))
		response := door.Handle(t.Context(), attempt{Resource: "pods", Operation: "CREATE", Namespace: clinic, Object: pod}.request(t))
		if response.Allowed == shouldDeny(pod) {
			t.Fatalf("allowed is %t (%s), of\n%s", response.Allowed, abridged(response), raw(t, pod).Raw)
		}
		count[response.Allowed]++
	}
	if count[true] < 100 || count[false] < 500 {
		t.Errorf("of the pods %d are admitted and %d denied", count[true], count[false])
	}
}

// shouldDeny is the rule in plain Go: what is mounted is a release by its digest
// alone, beside it runs nothing but the image that was scanned for it, no storage
// is mounted, and no other text names a model.
func shouldDeny(pod map[string]any) bool {
	text, err := json.Marshal(pod)
	if err != nil {
		return true
	}
	var read struct {
		Spec struct {
			Volumes []struct {
				Image *struct{ Reference string }
				Claim *struct{} `json:"persistentVolumeClaim"`
				Path  *struct{} `json:"hostPath"`
			}
			InitContainers, Containers, EphemeralContainers []struct{ Image string }
		}
	}
	if json.Unmarshal(text, &read) != nil {
		return true
	}
	rest, mounts := string(text), false
	for _, volume := range read.Spec.Volumes {
		if volume.Claim != nil || volume.Path != nil {
			return true
		}
		if volume.Image != nil {
			name, digest, _ := strings.Cut(volume.Image.Reference, "@")
			if digest != releasedDigest || strings.Contains(name[strings.LastIndex(name, "/")+1:], ":") {
				return true
			}
			mounts, rest = true, strings.ReplaceAll(rest, `"reference":"`+volume.Image.Reference+`"`, "")
		}
	}
	for _, container := range slices.Concat(read.Spec.InitContainers, read.Spec.Containers, read.Spec.EphemeralContainers) {
		name, digest, _ := strings.Cut(container.Image, "@")
		if mounts && (digest != servingDigest || strings.Contains(name[strings.LastIndex(name, "/")+1:], ":")) {
			return true
		}
	}
	for _, model := range []string{"s3://", "hf://", modelRepository + "/", releasedDigest} {
		if strings.Contains(rest, model) {
			return true
		}
	}
	return false
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

// randomPod is harmless now and then: each part of it mostly is.
func randomPod(random *rand.Rand) map[string]any {
	mostly := func(harmless string, others ...string) string {
		if random.IntN(8) > 0 {
			return harmless
		}
		return pick(random, others...)
	}
	container := func(name string) map[string]any {
		return map[string]any{
			"name":  name,
			"image": mostly(servedBy+servingDigest, servedBy+unknownDigest, "registry.example.org:5000/serve:v1", "registry.example.org:5000/serve:v1@"+servingDigest, "busybox", modelRepository+"/other:v1"),
			"args":  []any{"--threads=4", mostly("--quiet", "--model=s3://bucket/model", "hf://owner/model", modelRepository+"/other:v1", "https://example.org/"+releasedDigest)},
			"env":   []any{map[string]any{"name": "LEVEL", "value": mostly("info", "s3://bucket/model", "oci://"+mounted)}},
		}
	}
	spec := map[string]any{"containers": []any{container("serve")}}
	if random.IntN(3) == 0 {
		spec["initContainers"] = []any{container("warm")}
	}
	volumes := []any{map[string]any{"name": "tmp", "emptyDir": map[string]any{}}}
	if random.IntN(3) > 0 {
		volumes = append(volumes, map[string]any{"name": "model", "image": map[string]any{"reference": mostly(mounted,
			modelRepository+"/other@"+unknownDigest, modelRepository+"/breast-malignancy:v1", "evil/model:v1", modelRepository+"/breast-malignancy:v1@"+releasedDigest)}})
	}
	if random.IntN(10) == 0 {
		volumes = append(volumes, pick(random,
			map[string]any{"name": "data", "persistentVolumeClaim": map[string]any{"claimName": "models"}},
			map[string]any{"name": "data", "hostPath": map[string]any{"path": "/models"}}))
	}
	spec["volumes"] = volumes
	annotations := map[string]any{"note": mostly("none", "s3://bucket/model")}
	return map[string]any{"metadata": map[string]any{"name": "serve", "annotations": annotations}, "spec": spec}
}
