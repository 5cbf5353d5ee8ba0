package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// ordered is a cluster with one release that passes, a door that keeps a log,
// and a physician who may break the glass.
type ordered struct {
	*audited
	door      *harness.Door
	physician person
	log       string
}

// elsewhere is a namespace of the same environment.
const elsewhere = "models-elsewhere"

// stranger is a release that nobody promoted.
var stranger = evidence.Subject{Name: "sepsis-risk", Digest: evidence.Sum([]byte("sepsis-risk"))}

// What people order in a hurry counts within seconds, against a real API server,
// where it is meant to and until it ends; and it is in the log.
func TestOrdersCountWithinSecondsAndLeaveATrail(t *testing.T) {
	t.Parallel()
	o := newOrdered(t)
	passing, strange := o.audited.release.Spec.Model+"@"+o.audited.release.Spec.Digest, stranger.String()
	o.eventually("a pod of the release", "first", auditedNamespace, passing, "")

	order := &kube.Quarantine{ObjectMeta: metav1.ObjectMeta{Name: "recall"},
		Spec: kube.QuarantineSpec{Digest: o.audited.release.Spec.Digest, Reason: "wrong for patients under 18", By: "ruiz@example.org"}}
	o.create(order)
	o.eventually("a new pod under quarantine", "second", auditedNamespace, passing, "under quarantine recall (ruiz@example.org): wrong for patients under 18")
	if err := o.pod("plain", auditedNamespace, ""); err != nil {
		t.Errorf("a pod without a model: %v", err)
	}
	var running corev1.Pod
	o.get(&running, auditedNamespace, "first")
	running.Labels = map[string]string{"touched": "true"}
	if err := o.Client.Update(t.Context(), &running); err != nil {
		t.Errorf("an update that changes nothing: %v", err)
	}

	glass := o.glass(12 * time.Second)
	if err := o.pod("third", auditedNamespace, strange); err == nil || !strings.Contains(err.Error(), "workload.released") {
		t.Errorf("what nobody promoted: %v", err)
	}
	o.create(glass)
	o.eventually("what nobody promoted, by a break-glass", "third", auditedNamespace, strange, "")
	o.eventually("the same elsewhere", "fourth", elsewhere, strange, "workload.released")
	o.eventually("the model under quarantine, still", "fifth", auditedNamespace, passing, "workload.quarantine")
	o.eventually("the same after it has expired", "sixth", auditedNamespace, strange, "workload.released")

	if err := o.Client.Delete(t.Context(), order); err != nil {
		t.Fatal(err)
	}
	o.eventually("a pod when the quarantine was lifted", "seventh", auditedNamespace, passing, "")
	o.frozen(passing, strange)
	o.logged(evidence.Envelope(glass.Spec.Envelope).Digest())
}

// frozen wants a freeze to keep out what comes after it, and nothing else.
func (o *ordered) frozen(passing, strange string) {
	o.t.Helper()
	freeze := &kube.Freeze{ObjectMeta: metav1.ObjectMeta{Name: "stop"}, Spec: kube.FreezeSpec{Environments: []string{"development"}, Reason: "the ward moves"}}
	o.create(freeze)
	late := &kube.Release{ObjectMeta: metav1.ObjectMeta{Name: "late"}, Spec: kube.ReleaseSpec{
		Model: stranger.Name, Environment: "development", Digest: string(stranger.Digest), Envelopes: []string{},
	}}
	o.create(late)
	o.eventually("what comes in a freeze", "eighth", auditedNamespace, strange, "development is frozen by stop (nobody says by whom) until somebody lifts it: the ward moves")
	o.eventually("what was there before", "ninth", auditedNamespace, passing, "")
	late.Spec.Digest = o.audited.release.Spec.Digest
	if err := o.Client.Update(o.t.Context(), late); err == nil || !strings.Contains(err.Error(), "another digest is another Release") {
		o.t.Errorf("a Release of another digest under an old name: %v", err)
	}
	if err := o.Client.Delete(o.t.Context(), freeze); err != nil {
		o.t.Fatal(err)
	}
	o.until("the freeze is lifted", func() bool {
		err := o.pod("tenth", auditedNamespace, strange)
		return err != nil && !strings.Contains(err.Error(), "workload.freeze")
	}, func() string { return "it still holds" })
}

func newOrdered(t *testing.T) *ordered {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	o := &ordered{audited: &audited{t: t}, physician: newPerson(t, "ruiz@example.org")}
	o.promote()
	if o.World, err = harness.Start(t.Context(), t.TempDir(), bin); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Stop(); err != nil {
			t.Error(err)
		}
	})
	o.open()
	for _, name := range []string{auditedNamespace, elsewhere} {
		o.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"assay.dev/environment": "development"}}})
	}
	o.create(o.audited.release.DeepCopy())
	return o
}

// open starts the door, and lets the API server call it.
func (o *ordered) open() {
	t := o.t
	t.Helper()
	if err := o.ApplySystem(t.Context(), "127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	var platform v1alpha1.Platform
	decode(t, o.bench, "assay.yaml", &platform)
	o.public, o.admission, o.log = platform.Spec.Signers[0].PublicKey, filepath.Join(o.Dir, "admission.yaml"), filepath.Join(o.Dir, "log")
	o.admit("  - {name: Dr. Ruiz, email: ruiz@example.org, role: clinical, predicates: [" + evidence.GlassType + "], publicKey: \"" +
		strings.ReplaceAll(o.physician.public, "\n", `\n`) + "\"}")
	key := filepath.Join(o.Dir, "log.key")
	if err := os.WriteFile(key, o.bench.private, 0o600); err != nil {
		t.Fatal(err)
	}
	door, err := o.StartDoor(t.Context(), "door", o.admission, "--log", o.log, "--log-key", key, "--log-name", "door")
	if err != nil {
		t.Fatal(err)
	}
	o.door = door
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	o.get(&configuration, "", "assay-admission")
	address := "https://" + door.Address + "/admit"
	for i := range configuration.Webhooks {
		configuration.Webhooks[i].ClientConfig.URL = &address
	}
	if err := o.Client.Update(t.Context(), &configuration); err != nil {
		t.Fatal(err)
	}
}

// glass is signed by the physician, now, for the stranger in one namespace.
func (o *ordered) glass(lasting time.Duration) *kube.BreakGlass {
	o.t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	said := evidence.Glass{
		Environment: "development", Namespace: auditedNamespace, Reason: "the registry burns", Ticket: "INC-7",
		Issued: now.Format(time.RFC3339), Expires: now.Add(lasting).Format(time.RFC3339),
	}
	envelope, err := o.physician.signer.Sign(o.t.Context(), evidence.Broken(stranger, said))
	if err != nil {
		o.t.Fatal(err)
	}
	return &kube.BreakGlass{ObjectMeta: metav1.ObjectMeta{Name: "inc-7"}, Spec: kube.BreakGlassSpec{
		Model: stranger.Name, Digest: string(stranger.Digest), Environment: said.Environment, Namespace: said.Namespace, Envelope: string(envelope),
	}}
}

func (o *ordered) create(object client.Object) {
	o.t.Helper()
	if err := o.Client.Create(o.t.Context(), object); err != nil {
		o.t.Fatal(err)
	}
}

// pod asks for a pod that serves the model; for one without, where it is empty.
func (o *ordered) pod(name, namespace, model string) error {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "predictor", Image: scannedImage(o.t, o.bench, o.audited.release.Spec.Model)}},
	}}
	if model != "" {
		reference := o.bench.registry.host() + "/assay/models/" + model
		pod.Spec.Volumes = []corev1.Volume{{Name: "model", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: reference}}}}
	}
	return o.Client.Create(o.t.Context(), pod)
}

// eventually waits until a pod is let in, or denied with those words.
func (o *ordered) eventually(what, name, namespace, model, denial string) {
	o.t.Helper()
	var last error
	o.until(what, func() bool {
		last = o.pod(name, namespace, model)
		if last == nil && denial != "" { // too early: it is tried again
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
			if err := o.Client.Delete(o.t.Context(), pod, client.GracePeriodSeconds(0)); err != nil {
				o.t.Fatal(err)
			}
			return false
		}
		return denial == "" && last == nil || denial != "" && strings.Contains(last.Error(), denial)
	}, func() string {
		if last == nil {
			return "it is let in"
		}
		return last.Error()
	})
}

// logged wants every pod that came in by the break-glass in the log, under its
// digest, and nothing else.
func (o *ordered) logged(bundle evidence.Digest) {
	t := o.t
	t.Helper()
	if err := o.door.Stop(); err != nil {
		t.Fatal(err)
	}
	key := o.bench.signer().Public()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, entries, err := auditlog.Read(ctx, o.log, key, nil, func(entry auditlog.Entry) bool { return entry.Record.Names(bundle) })
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, entry := range entries {
		record := entry.Record
		waived := slices.ContainsFunc(record.Findings, func(f auditlog.Finding) bool { return f.Rule == "workload.released" && f.Severity == "waived" })
		if !record.Allowed || !waived || !strings.Contains(record.Subject.Name, auditedNamespace) || !slices.Contains(record.Admission.Releases, stranger.Digest) {
			t.Errorf("entry %d: %+v, %+v", entry.Index, record, record.Admission)
		}
	}
}
