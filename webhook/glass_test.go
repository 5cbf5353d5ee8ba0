package webhook

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// unknown is a model that was never released here.
var (
	unknown        = evidence.Subject{Name: "sepsis-risk", Digest: evidence.Sum([]byte("sepsis"))}
	unknownMounted = modelRepository + "/sepsis-risk@" + string(unknown.Digest)
)

// people are those who may break the glass.
type people struct {
	signer evidence.KeySigner
	trust  evidence.Trust
}

func newPeople(t testing.TB) people {
	t.Helper()
	signer := newMeasurer(t)
	key := signer.trust[0]
	key.Name, key.Email, key.Role, key.Predicates = "Dr. Ruiz", "Ruiz@example.org", "clinical", []string{evidence.GlassType}
	return people{signer.signer, evidence.Trust{key}}
}

// glassOf was signed an hour before noon, for four hours, in the clinic.
func glassOf(evidence.Subject) evidence.Glass {
	return evidence.Glass{
		Environment: staging, Namespace: clinic, Reason: "the registry burns", Ticket: "INC-7",
		Issued: "2026-11-23T11:00:00Z", Expires: "2026-11-23T15:00:00Z",
	}
}

// smash signs, and says beside the envelope what it holds.
func (p people) smash(t testing.TB, name string, glass evidence.Glass, subject evidence.Subject) *kube.BreakGlass {
	t.Helper()
	envelope, err := p.signer.Sign(t.Context(), evidence.Broken(subject, glass))
	if err != nil {
		t.Fatal(err)
	}
	return &kube.BreakGlass{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: kube.BreakGlassSpec{
			Model: subject.Name, Digest: string(subject.Digest), Environment: glass.Environment, Namespace: glass.Namespace, Envelope: string(envelope),
		},
	}
}

// burning is a ward in which somebody is trusted to break the glass.
func burning(t testing.TB) (Handler, people) {
	t.Helper()
	handler, signer := newWard(t)
	people := newPeople(t)
	handler.Door.Memory.Trust(append(slices.Clone(signer.trust), people.trust...))
	return handler, people
}

// A break-glass lets in what was never released, and everybody is told.
func TestGlassIsBrokenAndLeavesATrail(t *testing.T) {
	handler, people := burning(t)
	kept := &keeping{}
	handler.Log = kept
	request := creating(t, podMounting(unknownMounted, servingImage))
	if response := handler.Handle(t.Context(), request); response.Allowed {
		t.Fatal("it came in without a break-glass")
	}
	broken := people.smash(t, "open", glassOf(unknown), unknown)
	handler.Door.Memory.BreakGlass(broken)
	response := handler.Handle(t.Context(), request)
	if !response.Allowed {
		t.Fatalf("%s", response.Result.Message)
	}
	if want := "assay: glass broken by Dr. Ruiz (clinical) until 2026-11-23T15:00:00Z, ticket INC-7: the registry burns"; response.Warnings[0] != want {
		t.Errorf("the user was told %q", response.Warnings)
	}
	bundle := evidence.Envelope(broken.Spec.Envelope).Digest()
	if response.AuditAnnotations["glass"] != string(bundle) {
		t.Errorf("the audit log was told %v", response.AuditAnnotations)
	}
	last := kept.decisions[len(kept.decisions)-1]
	if !slices.Equal(last.Glass, []evidence.Digest{bundle}) || last.Outcome != outcomeAllowed {
		t.Errorf("the log was told %+v", last)
	}
	if count := testutil.ToFloat64(handler.Metrics.broken.WithLabelValues(staging)); count != 1 {
		t.Errorf("%v were counted", count)
	}
	if first := kept.decisions[0]; first.Glass != nil {
		t.Errorf("of the denial %v", first.Glass)
	}
	// What passes by itself breaks nothing.
	handler.Door.Memory.BreakGlass(people.smash(t, "needless", glassOf(model), model))
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed || response.AuditAnnotations["glass"] != "" || len(response.Warnings) != 0 {
		t.Errorf("of a pod that needs none: %+v", response)
	}
	handler.Door.Memory.Mend("open")
	if response := handler.Handle(t.Context(), request); response.Allowed {
		t.Error("a break-glass that was removed lets in")
	}
}

// keeping is a log that keeps.
type keeping struct{ decisions []Decision }

func (k *keeping) Enter(decision Decision) { k.decisions = append(k.decisions, decision) }

// What a model's own evidence denies comes in too; how it is brought along, and
// what is under quarantine, stays denied.
func TestGlassDoesNotBreakEverything(t *testing.T) {
	handler, people := burning(t)
	memory := handler.Door.Memory
	release := newMeasurer(t).release(t, "released", model, staging, servingDigest) // whom nobody trusts
	memory.Remember(release)
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed {
		t.Fatal("evidence of nobody passed")
	}
	memory.BreakGlass(people.smash(t, "open", glassOf(model), model))
	if response := handler.Handle(t.Context(), serving(t)); !response.Allowed || len(response.Warnings) < 2 {
		t.Errorf("evidence that does not pass: %+v", response)
	}
	memory.Quarantine(quarantine("recall", releasedDigest))
	if response := handler.Handle(t.Context(), serving(t)); response.Allowed || !strings.Contains(response.Result.Message, "workload.quarantine") || response.AuditAnnotations["glass"] != "" {
		t.Errorf("under quarantine: %+v", response)
	}
	memory.Lift("recall")
	tagged := podMounting(modelRepository+"/breast-malignancy:latest", servingImage)
	if response := handler.Handle(t.Context(), creating(t, tagged)); response.Allowed {
		t.Error("a tag came in")
	}
	fetched := podMounting(mounted, servingImage)
	fetched["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)["args"] = []any{mounted}
	if response := handler.Handle(t.Context(), creating(t, fetched)); response.Allowed || !strings.Contains(response.Result.Message, "workload.mounted") {
		t.Errorf("by an argument: %+v", response)
	}
	two := podMounting(mounted, servingImage)
	volumes := two["spec"].(map[string]any)["volumes"].([]any)
	two["spec"].(map[string]any)["volumes"] = append(volumes, map[string]any{"name": "other", "image": map[string]any{"reference": unknownMounted}})
	if response := handler.Handle(t.Context(), creating(t, two)); response.Allowed {
		t.Error("a second model came in under the glass of the first")
	}
}

// It counts for one release, in one namespace of one environment, while it lasts,
// for no longer than agreed, by somebody who may.
func TestGlassIsNotReplayed(t *testing.T) {
	for name, story := range map[string]struct {
		change  func(*evidence.Glass)
		subject evidence.Subject
		at      time.Time
		believe func(*evidence.TrustedKey)
		allowed bool
	}{
		"as it was meant":                   {allowed: true},
		"another environment":               {change: func(g *evidence.Glass) { g.Environment = "production" }},
		"another namespace":                 {change: func(g *evidence.Glass) { g.Namespace = "default" }},
		"another release":                   {subject: evidence.Subject{Name: unknown.Name, Digest: evidence.Sum([]byte("next"))}},
		"the last second":                   {at: time.Date(2026, 11, 23, 14, 59, 59, 0, time.UTC), allowed: true},
		"the end":                           {at: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)},
		"before it was signed":              {at: time.Date(2026, 11, 23, 10, 59, 59, 0, time.UTC)},
		"a day":                             {change: func(g *evidence.Glass) { g.Expires = "2026-11-24T11:00:00Z" }, allowed: true},
		"a day and a second":                {change: func(g *evidence.Glass) { g.Expires = "2026-11-24T11:00:01Z" }},
		"another role":                      {believe: func(k *evidence.TrustedKey) { k.Role = "model_owner" }},
		"no role":                           {believe: func(k *evidence.TrustedKey) { k.Role = "" }},
		"a key for other claims":            {believe: func(k *evidence.TrustedKey) { k.Predicates = []string{evidence.WaiverType} }},
		"a key for another environment":     {believe: func(k *evidence.TrustedKey) { k.Environments = []string{"production"} }},
		"a key that was withdrawn":          {believe: func(k *evidence.TrustedKey) { k.Revoked = noon.Add(-time.Minute) }},
		"a key that is withdrawn this noon": {believe: func(k *evidence.TrustedKey) { k.Revoked = noon }},
	} {
		handler, people := burning(t)
		glass, subject := glassOf(unknown), unknown
		if story.change != nil {
			story.change(&glass)
		}
		if story.subject.Name != "" {
			subject = story.subject
		}
		if story.believe != nil {
			believed := slices.Clone(people.trust)
			story.believe(&believed[0])
			handler.Door.Memory.Trust(believed)
		}
		if !story.at.IsZero() {
			handler.Clock = func() time.Time { return story.at }
		}
		handler.Door.Memory.BreakGlass(people.smash(t, "open", glass, subject))
		response := handler.Handle(t.Context(), creating(t, podMounting(unknownMounted, servingImage)))
		if response.Allowed != story.allowed {
			t.Errorf("%s: allowed is %v: %+v", name, response.Allowed, response.Result)
		}
	}
}

// Nobody can make another break-glass of one that was signed: whichever byte of
// the envelope is another, it is not believed, and the fields that people read
// cannot say another thing.
func TestEveryByteOfABreakGlassCounts(t *testing.T) {
	people := newPeople(t)
	good := people.smash(t, "open", glassOf(unknown), unknown).Spec
	if _, err := (&pane{spec: good, trust: people.trust}).open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for at := range len(good.Envelope) {
		spoilt := good
		flipped := []byte(good.Envelope)
		flipped[at] ^= 1
		spoilt.Envelope = string(flipped)
		if _, err := (&pane{spec: spoilt, trust: people.trust}).open(t.Context()); err == nil {
			t.Errorf("byte %d may be another: %s", at, spoilt.Envelope)
		}
	}
	for name, spoil := range map[string]func(*kube.BreakGlassSpec){
		"model": func(s *kube.BreakGlassSpec) { s.Model = "x" }, "digest": func(s *kube.BreakGlassSpec) { s.Digest = releasedDigest },
		"environment": func(s *kube.BreakGlassSpec) { s.Environment = "x" }, "namespace": func(s *kube.BreakGlassSpec) { s.Namespace = "x" },
		"size": func(s *kube.BreakGlassSpec) { s.Envelope += strings.Repeat(" ", maxGlassEnvelope) },
	} {
		spoilt := good
		spoil(&spoilt)
		if _, err := (&pane{spec: spoilt, trust: people.trust}).open(t.Context()); err == nil {
			t.Errorf("the %s may be another", name)
		}
	}
}

// A thousand objects that nobody signed keep no true one from being found, and
// those that last longest are put before the rules.
func TestAFloodOfGlassIsBounded(t *testing.T) {
	_, people := burning(t)
	memory := NewMemory()
	memory.Trust(people.trust)
	for n := range 40 {
		glass := glassOf(unknown)
		glass.Expires = noon.Add(time.Duration(n) * time.Minute).Format(time.RFC3339)
		memory.BreakGlass(people.smash(t, strings.Repeat("x", n+1), glass, unknown))
	}
	found := memory.orders.broken(t.Context(), []judge.ModelUse{{Digest: string(unknown.Digest)}, {Digest: string(unknown.Digest)}})
	if len(found) != maxOrders || found[0].Until != noon.Add(39*time.Minute).Format(time.RFC3339) {
		t.Errorf("%d were found, the first until %s", len(found), found[0].Until)
	}
}

// FuzzNoBreakGlassIsMadeUp: of whatever object arrives, only what was signed is
// handed to the rules.
func FuzzNoBreakGlassIsMadeUp(f *testing.F) {
	people := newPeople(f)
	good := people.smash(f, "open", glassOf(unknown), unknown).Spec
	f.Add(good.Model, good.Digest, good.Environment, good.Namespace, good.Envelope)
	f.Add("", "", "", "", "{}")
	f.Add(good.Model, good.Digest, "production", good.Namespace, good.Envelope)
	f.Add(good.Model, good.Digest, good.Environment, good.Namespace, strings.Replace(good.Envelope, "mediaType", "MediaType", 1))
	f.Fuzz(func(t *testing.T, model, digest, environment, namespace, envelope string) {
		spec := kube.BreakGlassSpec{Model: model, Digest: digest, Environment: environment, Namespace: namespace, Envelope: envelope}
		glass, err := (&pane{spec: spec, trust: people.trust}).open(t.Context())
		if err != nil {
			return
		}
		if glass.Model != good.Model || glass.Digest != good.Digest || glass.Environment != staging || glass.Namespace != clinic || glass.Until != "2026-11-23T15:00:00Z" {
			t.Errorf("%q was believed as %+v", envelope, glass)
		}
	})
}
