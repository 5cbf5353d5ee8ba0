package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func openStore(t *testing.T, folder string) *Store {
	t.Helper()
	store, err := OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// restarted is a memory that knows only what lies in a folder.
func restarted(t *testing.T, folder string, signer measurer) (*Memory, *Store) {
	t.Helper()
	memory, store := NewMemory(), openStore(t, folder)
	memory.Trust(signer.trust)
	if err := store.Load(t.Context(), memory); err != nil {
		t.Fatal(err)
	}
	return memory, store
}

func believed(t *testing.T, memory *Memory) int {
	t.Helper()
	statements := 0
	for _, filed := range memory.all() {
		statements += len(filed.open(t.Context()).Statements)
	}
	return statements
}

func TestWhatIsKeptOutlivesARestart(t *testing.T) {
	signer, folder := newMeasurer(t), t.TempDir()
	memory, store := restarted(t, folder, signer)
	memory.Remember(signer.release(t, "one/of:them", model, staging, servingDigest))
	memory.Remember(signer.release(t, "two", model, staging, servingDigest))
	if err := store.Save(memory, map[string]string{clinic: staging}); err != nil {
		t.Fatal(err)
	}
	again, store := restarted(t, folder, signer)
	if again.Size() != 2 || believed(t, again) != 12 || store.Namespaces()[clinic] != staging {
		t.Fatalf("%d releases, %d statements, namespaces %v", again.Size(), believed(t, again), store.Namespaces())
	}
	again.Forget("two")
	if err := store.Save(again, nil); err != nil {
		t.Fatal(err)
	}
	if last, _ := restarted(t, folder, signer); last.Size() != 1 {
		t.Errorf("what the cluster has deleted lies there still: %d releases", last.Size())
	}
}

func TestTheClusterHasTheLastWord(t *testing.T) {
	signer, folder := newMeasurer(t), t.TempDir()
	memory, store := restarted(t, folder, signer)
	for _, name := range []string{"stays", "goes"} {
		memory.Remember(signer.release(t, name, model, staging, servingDigest))
	}
	if err := store.Save(memory, nil); err != nil {
		t.Fatal(err)
	}
	again, _ := restarted(t, folder, signer)
	again.Remember(signer.release(t, "stays", model, staging, servingDigest))
	again.settle()
	if again.Size() != 1 || again.releases["stays"] == nil {
		t.Errorf("%d releases are left", again.Size())
	}
}

// Every byte of a stored release is damaged in turn: what is loaded is the
// release as it was, or none.
func TestADamagedFileIsNoRelease(t *testing.T) {
	signer, folder := newMeasurer(t), t.TempDir()
	memory, store := restarted(t, folder, signer)
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
	if err := store.Save(memory, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, fileOf("one"))
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, content []byte) {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		again, store := restarted(t, folder, signer)
		if again.Size() != 0 {
			t.Errorf("%s: %d releases", what, again.Size())
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: the file is still there", what)
		}
		if err := store.Save(again, nil); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := 0; i < len(whole)-1; i += 7 {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 1
		try(fmt.Sprint("byte ", i), damaged)
	}
	for _, length := range []int{0, 1, len(whole) / 2, len(whole) - 2} {
		try(fmt.Sprint("cut to ", length), whole[:length])
	}
	try("another's name", bytes.Replace(whole, []byte(`"one"`), []byte(`"two"`), 1))
}

func TestAFullDiskCostsOnlyTheNextStart(t *testing.T) {
	signer, folder := newMeasurer(t), filepath.Join(t.TempDir(), "store")
	memory, store := restarted(t, folder, signer)
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
	if err := os.RemoveAll(folder); err != nil { // a write fails, whoever runs this test
		t.Fatal(err)
	}
	if err := store.Save(memory, nil); err == nil {
		t.Error("nothing was written, and nobody is told")
	}
	if memory.Size() != 1 {
		t.Error("the release is forgotten")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := store.Save(memory, nil); err != nil {
		t.Fatal(err)
	}
	if again, _ := restarted(t, folder, signer); again.Size() != 1 {
		t.Error("the second try wrote nothing")
	}
}

// The API server is gone and the door starts anew: it answers from the store.
func TestADoorAnswersWithoutACluster(t *testing.T) {
	signer, folder := newMeasurer(t), t.TempDir()
	memory, store := restarted(t, folder, signer)
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
	if err := store.Save(memory, map[string]string{clinic: staging}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	options := servedAlone(t, signer, folder)
	options.HealthAddress = freeAddress(t)
	go func() {
		ended <- Serve(ctx, &rest.Config{Host: "https://127.0.0.1:1"}, options, openCourt(t, ""))
	}()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	good := creating(t, podMounting(mounted, servedBy+servingDigest)).AdmissionRequest
	if response := ask(t, options.Port, good); !response.Allowed {
		t.Errorf("it is denied: %s", response.Result.Message)
	}
	bad := creating(t, podMounting(modelRepository+"/breast-malignancy:v1", servedBy+servingDigest)).AdmissionRequest
	if response := ask(t, options.Port, bad); response.Allowed || !strings.Contains(response.Result.Message, "workload.pinned") {
		t.Errorf("a tag is answered by %+v", response)
	}
	if said := readiness(t, options.HealthAddress); said != http.StatusOK {
		t.Errorf("it knew all of this a moment ago, and /readyz says %d", said)
	}
	bad = good
	bad.Namespace = "unheard-of"
	if response := ask(t, options.Port, bad); response.Allowed {
		t.Error("a namespace that nobody knows is admitted")
	}
}

// ask sends a review over TLS, until the door listens.
func ask(t *testing.T, port int, request admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
	t.Helper()
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: &request,
	})
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		answer, err := client.Post(fmt.Sprintf("https://127.0.0.1:%d%s", port, Path), "application/json", bytes.NewReader(body))
		if err != nil && time.Since(begun) < 20*time.Second {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		var review admissionv1.AdmissionReview
		if err := json.Unmarshal(text, &review); err != nil || review.Response == nil {
			t.Fatalf("%s: %v", text, err)
		}
		return review.Response
	}
}

// servedAlone are the options of a door that gets nothing from a cluster.
func servedAlone(t *testing.T, signer measurer, store string) Options {
	t.Helper()
	folder := t.TempDir()
	certificate, key := selfSigned(t)
	for name, text := range map[string][]byte{
		"tls.crt": certificate, "tls.key": key, "admission.yaml": []byte(admissionOf(signer)),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, text, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Configuration: filepath.Join(folder, "admission.yaml"), CertificateFolder: folder, Webhooks: "assay-admission",
		Namespace: "assay-system", Host: "127.0.0.1", Port: port,
		HealthAddress: "0", MetricsAddress: "0", Store: store,
	}
}

// selfSigned is a certificate for 127.0.0.1, and its key.
func selfSigned(t *testing.T) (certificate, key []byte) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	pair := server.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})
	return certificate, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func admissionOf(signer measurer) string {
	der, err := x509.MarshalPKIXPublicKey(signer.signer.Public())
	if err != nil {
		panic(err)
	}
	public := strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	text := fmt.Sprintf(admissionFile, "      "+strings.ReplaceAll(public, "\n", "\n      ")+"\n")
	text = strings.Replace(text, "profile: strict", "profile: staging", 1)
	return strings.Replace(text, "[https://slsa.dev/provenance/v1]", "["+strings.Join(evidence.ReconcilerTypes(), ", ")+"]", 1)
}
