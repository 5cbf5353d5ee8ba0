package load

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// oneDelivered is a release with a single statement, which speaks of the release
// by its digest.
func oneDelivered(t *testing.T) *Delivered {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	original := evidence.Subject{Name: "original", Digest: evidence.Sum([]byte("original"))}
	return &Delivered{
		Release: kube.Release{Spec: kube.ReleaseSpec{Environment: "development", Digest: string(original.Digest)}},
		Statements: []evidence.Statement{evidence.Measured(original, evidence.Measurements{
			Gate: "compliance", Environment: "development", Measurements: []evidence.Measurement{{Name: "lineage", Group: "of " + string(original.Digest), Value: "1"}},
		})},
		Pod: corev1.Pod{Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Image: "registry.example.org/server@" + string(evidence.Sum(nil))}},
			Volumes:    []corev1.Volume{{Name: "model", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: "registry.example.org/models/original@" + string(original.Digest)}}}},
		}},
		Configuration: webhook.Configuration{Repositories: []string{"registry.example.org/models"},
			Trust: evidence.Trust{{Name: "measurer", Key: key, Predicates: evidence.ReconcilerTypes()}}},
		signer: signer,
	}
}

// Each of a crowd is a release of its own: signed, about itself in all that is
// said, and mounted by its own pod.
func TestACrowdIsOfIndividuals(t *testing.T) {
	crowd := Crowd{Delivered: oneDelivered(t), Known: 3, Used: 1}
	for i, want := range []int{1, 40, 40} {
		object, err := crowd.Release(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		subject := Subject(i)
		var envelopes []evidence.Envelope
		for _, envelope := range object.Spec.Envelopes {
			envelopes = append(envelopes, evidence.Envelope(envelope))
		}
		opened := evidence.Open(t.Context(), crowd.Configuration.Trust, subject, envelopes)
		if len(opened.Problems) > 0 || object.Spec.Digest != string(subject.Digest) {
			t.Errorf("%d: %v", i, opened.Problems)
		}
		measurements := 0
		for _, statement := range opened.Statements {
			if statement.Measurements != nil {
				measurements += len(statement.Measurements.Measurements)
			}
		}
		if measurements != want {
			t.Errorf("%d has %d measurements, want %d", i, measurements, want)
		}
		if i == 0 && opened.Statements[0].Measurements.Measurements[0].Group != "of "+string(subject.Digest) {
			t.Errorf("it speaks of another release: %+v", opened.Statements[0].Measurements)
		}
		if reference := crowd.Pod(i).Spec.Volumes[0].Image.Reference; !strings.HasSuffix(reference, string(subject.Digest)) {
			t.Errorf("%d is mounted by %s", i, reference)
		}
	}
	if original := crowd.Delivered.Statements[0].Measurements.Measurements[0].Group; !strings.HasSuffix(original, crowd.Delivered.Release.Spec.Digest) {
		t.Errorf("the original became %s", original)
	}
}

// A door that starts from the store knows everybody.
func TestACrowdIsStored(t *testing.T) {
	crowd, folder := Crowd{Delivered: oneDelivered(t), Known: 50, Used: 2, Alike: true}, t.TempDir()
	if err := crowd.Store(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	store, err := webhook.OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	memory := webhook.NewMemory()
	if err := store.Load(t.Context(), memory); err != nil {
		t.Fatal(err)
	}
	if memory.Size() != crowd.Known || !memory.Knows(string(Subject(49).Digest)) || memory.Knows(string(Subject(50).Digest)) {
		t.Errorf("%d are known", memory.Size())
	}
}

// The handler within the process denies what the evidence does not carry: here
// nearly everything is missing.
func TestAHandlerJudges(t *testing.T) {
	crowd := Crowd{Delivered: oneDelivered(t), Known: 1, Used: 1}
	door, err := crowd.Handler(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	reviews, err := crowd.Reviews()
	if err != nil {
		t.Fatal(err)
	}
	reviews[0].Allowed, reviews[0].Rule = false, "could not judge"
	if err := Expect(door, reviews[0]); err != nil {
		t.Error(err)
	}
}
