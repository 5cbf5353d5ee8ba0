package harness

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// send speaks to a registry as a client would.
func send(t *testing.T, method, url, kind, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

const manifestKind = "application/vnd.oci.image.manifest.v1+json"

func digestOf(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

// pushModel pushes one blob and a manifest over it.
func pushModel(t *testing.T, base, blob, subject string) string {
	t.Helper()
	if status, said := send(t, http.MethodPost, base+"/blobs/uploads/?digest="+digestOf(blob), "application/octet-stream", blob); status != http.StatusCreated {
		t.Fatalf("blob: %d %s", status, said)
	}
	descriptor := fmt.Sprintf(`{"mediaType":"application/octet-stream","size":%d,"digest":"%s"}`, len(blob), digestOf(blob))
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[]%s}`, manifestKind, descriptor, subject)
	if status, said := send(t, http.MethodPut, base+"/manifests/"+digestOf(manifest), manifestKind, manifest); status != http.StatusCreated {
		t.Fatalf("manifest: %d %s", status, said)
	}
	return manifest
}

func TestTheRegistryHoldsAfterARestartWhatItHeldBefore(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	address, err := ServeRegistry(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + address + "/v2/models/tumour"
	model := pushModel(t, base, "weights", "")
	about := fmt.Sprintf(`,"subject":{"mediaType":"%s","size":%d,"digest":"%s"}`, manifestKind, len(model), digestOf(model))
	evidence := pushModel(t, base, "envelope", about)
	stop()
	again, err := ServeRegistry(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + again + "/v2/models/tumour"
	for _, manifest := range []string{model, evidence} {
		if status, said := send(t, http.MethodGet, base+"/manifests/"+digestOf(manifest), "", ""); status != http.StatusOK || said != manifest {
			t.Errorf("%d: %s", status, said)
		}
	}
	if status, said := send(t, http.MethodGet, base+"/blobs/"+digestOf("weights"), "", ""); status != http.StatusOK || said != "weights" {
		t.Errorf("%d: %s", status, said)
	}
	if _, said := send(t, http.MethodGet, base+"/referrers/"+digestOf(model), "", ""); !strings.Contains(said, digestOf(evidence)) {
		t.Errorf("the evidence is not a referrer any more: %s", said)
	}
}

func TestARegistryThatCannotBeReadBackDoesNotStart(t *testing.T) {
	for _, text := range []string{`{"path":"/v2/a/manifests/b","type":"x","content":"e30="`, `{"path":"/nowhere","type":"x","content":""}`} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "manifests.jsonl"), text)
		if address, err := ServeRegistry(t.Context(), dir); err == nil {
			t.Errorf("%s: started at %s", text, address)
		}
	}
}

func TestAManifestThatIsTooLargeIsRefused(t *testing.T) {
	address, err := ServeRegistry(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	status, _ := send(t, http.MethodPut, "http://"+address+"/v2/a/manifests/latest", manifestKind, strings.Repeat(" ", maxManifest+1))
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", status)
	}
}

// git sends a pack above http.postBuffer (1 MiB) in chunks, without a length.
func TestALargePushArrivesWhole(t *testing.T) {
	dir := t.TempDir()
	url, err := serveGit(t.Context(), filepath.Join(dir, "git"), "promotions.git")
	if err != nil {
		t.Fatal(err)
	}
	clone := filepath.Join(dir, "clone")
	noise := make([]byte, 3<<20) // it does not compress
	for i, random := 0, rand.New(rand.NewPCG(1, 2)); i < len(noise); i++ {
		noise[i] = byte(random.Uint32())
	}
	put(t, filepath.Join(clone, "data.csv"), string(noise))
	for _, arguments := range [][]string{
		{"init", "--quiet", "--initial-branch=main"}, {"add", "."},
		{"-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "data"},
		{"push", "--quiet", url, "main"},
	} {
		if _, err := Git(t.Context(), clone, arguments...); err != nil {
			t.Fatal(err)
		}
	}
	again := filepath.Join(dir, "again")
	if _, err := Git(t.Context(), dir, "clone", "--quiet", url, again); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(again, "data.csv")); err != nil || string(got) != string(noise) {
		t.Errorf("%d bytes came back, %v", len(got), err)
	}
}

func TestGitSaysWhatWentWrong(t *testing.T) {
	if _, err := Git(t.Context(), t.TempDir(), "rev-parse", "HEAD"); err == nil || !strings.Contains(err.Error(), "git rev-parse HEAD: exit status") {
		t.Errorf("error is %v", err)
	}
}
