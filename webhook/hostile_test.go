package webhook

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// forger holds the measurer's own key, and signs with it what no honest program
// would: so it is the form that is refused, and not the signature.
type forger struct {
	measurer
	private ed25519.PrivateKey
}

func newForger(t *testing.T) forger {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.SignerOf(private)
	if err != nil {
		t.Fatal(err)
	}
	return forger{measurer{signer, evidence.Trust{{Name: "measurer", Key: public, Predicates: evidence.PredicateTypes()}}}, private}
}

// again signs an envelope's payload anew, as it is after a change.
func (f forger) again(t *testing.T, envelope, before, after string) string {
	t.Helper()
	var bundle map[string]any
	if err := json.Unmarshal([]byte(envelope), &bundle); err != nil {
		t.Fatal(err)
	}
	signed := bundle["dsseEnvelope"].(map[string]any)
	payload, err := base64.StdEncoding.DecodeString(signed["payload"].(string))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(payload), before, after, 1)
	if changed == string(payload) {
		t.Fatalf("there is no %s in %s", before, payload)
	}
	signed["payload"] = base64.StdEncoding.EncodeToString([]byte(changed))
	preimage := fmt.Sprintf("DSSEv1 28 application/vnd.in-toto+json %d %s", len(changed), changed)
	signed["signatures"].([]any)[0].(map[string]any)["sig"] = base64.StdEncoding.EncodeToString(ed25519.Sign(f.private, []byte(preimage)))
	text, err := json.Marshal(bundle)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hostileWork bounds what any of the releases below makes the door do, in bytes that
// it allocates: how long that takes is the machine's affair.
const hostileWork = 256 << 20

func allocated() uint64 {
	var told runtime.MemStats
	runtime.ReadMemStats(&told)
	return told.TotalAlloc
}

// TestHostileEvidenceKeepsTheDoorShut puts one bad envelope beside seven good
// ones, or one bad key behind all of them. Each denies, says why in its own
// words, and does so within its bound.
func TestHostileEvidenceKeepsTheDoorShut(t *testing.T) {
	f, stranger := newForger(t), newMeasurer(t)
	other := evidence.Subject{Name: model.Name, Digest: evidence.Sum([]byte("another"))}
	honest := f.release(t, "breast", model, staging, servingDigest).Spec.Envelopes
	replace := func(before, after string) func(*kube.Release) {
		return func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, strings.Replace(honest[1], before, after, 1))
		}
	}
	sign := func(before, after string) func(*kube.Release) {
		return func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, f.again(t, honest[1], before, after))
		}
	}
	key := func(spoil func(*evidence.TrustedKey)) evidence.Trust {
		bad := f.trust[0]
		spoil(&bad)
		return evidence.Trust{bad}
	}
	for name, story := range map[string]struct {
		spoil func(*kube.Release)
		trust evidence.Trust // f's own when nil
		want  string
	}{
		"another media type":              {spoil: replace(evidence.BundleType, "application/vnd.example+json"), want: `the envelope is a "application/vnd.example+json"`},
		"another payload type":            {spoil: replace("vnd.in-toto+json", "vnd.example+json"), want: "does not hold an in-toto statement"},
		"a key of the bundle twice":       {spoil: replace(`"mediaType":`, `"mediaType":"x","mediaType":`), want: `duplicate field "mediaType"`},
		"a key of the bundle in capitals": {spoil: replace(`"dsseEnvelope":`, `"DsseEnvelope":`), want: `unknown field "DsseEnvelope"`},
		"loose base64":                    {spoil: replace(`"payload":"`, `"payload":"\n`), want: "loose base64"},
		"an envelope cut short":           {spoil: func(r *kube.Release) { r.Spec.Envelopes = append(r.Spec.Envelopes, honest[1][:len(honest[1])/2]) }, want: "unexpected end of JSON"},
		"an envelope of 9 MiB": {spoil: func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, honest[1]+strings.Repeat(" ", 9<<20))
		}, want: "the envelope is larger than"},
		"an envelope of 16 MiB": {spoil: func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, honest[1]+strings.Repeat(" ", 16<<20))
		}, want: "larger than 16777216 bytes"},
		"envelopes without end":              {spoil: func(r *kube.Release) { r.Spec.Envelopes = append(r.Spec.Envelopes, make([]string, 100_000)...) }, want: "envelopes"},
		"a key of the statement twice":       {spoil: sign(`"n":100`, `"n":100,"n":1`), want: `duplicate field`},
		"a key of the statement in capitals": {spoil: sign(`"value"`, `"Value"`), want: `unknown field`},
		"a number that is none":              {spoil: sign(`"100"`, `"NaN"`), want: `NaN`},
		"a huge exponent":                    {spoil: sign(`"100"`, `"1e999999999"`), want: `1e999999999`},
		"a count that is no number":          {spoil: sign(`"n":100`, `"n":1e999`), want: "1e999"},
		"another version of statements":      {spoil: sign("Statement/v1", "Statement/v0.2"), want: "not an in-toto statement v1"},
		"a good statement and a forged one": {spoil: func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, stranger.release(t, "x", model, staging, servingDigest).Spec.Envelopes[1])
		}, want: "no trusted signature"},
		"a statement about another model": {spoil: func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, f.release(t, "x", other, staging, servingDigest).Spec.Envelopes[1])
		}, want: "it is about breast-malignancy@" + other.Digest.Short()},
		"a statement about another environment": {spoil: func(r *kube.Release) {
			r.Spec.Envelopes = append(r.Spec.Envelopes, f.release(t, "x", model, "production", servingDigest).Spec.Envelopes[1])
		}, want: "is for environment production"},
		"a key that was withdrawn":                   {trust: key(func(k *evidence.TrustedKey) { k.Revoked = noon }), want: "the key measurer was withdrawn on 2026-11-23T12:00:00Z"},
		"a key that has ended":                       {trust: key(func(k *evidence.TrustedKey) { k.Until = noon }), want: "the key measurer ended on 2026-11-23T12:00:00Z"},
		"a key of tomorrow, or a clock of yesterday": {trust: key(func(k *evidence.TrustedKey) { k.From = noon.Add(time.Second) }), want: "the key measurer is not to be believed before 2026-11-23T12:00:01Z"},
		"a key for other claims":                     {trust: key(func(k *evidence.TrustedKey) { k.Predicates = []string{evidence.WaiverType} }), want: "may not sign"},
		"a key for another environment":              {trust: key(func(k *evidence.TrustedKey) { k.Environments = []string{"production"} }), want: "may not sign"},
	} {
		t.Run(name, func(t *testing.T) {
			memory := NewMemory()
			if story.trust == nil {
				story.trust = f.trust
			}
			memory.Trust(story.trust)
			memory.Refresh(noon)
			object := f.release(t, "breast", model, staging, servingDigest)
			if story.spoil != nil {
				story.spoil(object)
			}
			door := newHandler(t, realJudge(t), memory)
			before := allocated()
			memory.Remember(object)
			for _, arrived := range memory.uninspected() {
				arrived.open(t.Context()) // as Inspect does, before anybody asks
			}
			response := door.Handle(t.Context(), creating(t, podMounting(mounted, servedBy+servingDigest)))
			if work := allocated() - before; work > hostileWork {
				t.Errorf("%d MiB were allocated", work>>20)
			} else {
				t.Logf("%d MiB were allocated: %s", work>>20, response.Result.Message)
			}
			if response.Allowed || !strings.Contains(response.Result.Message, "model.evidence.verified") || !strings.Contains(response.Result.Message, story.want) {
				t.Errorf("allowed=%t, no %q in\n%s", response.Allowed, story.want, response.Result.Message)
			}
		})
	}
}

// A waiver from the future, as of a clock that runs fast, is not yet one. How a
// waiver was signed does not say when: its own word and the key's span do.
func TestAWaiverOfTomorrowCountsTomorrow(t *testing.T) {
	f := newForger(t)
	f.trust[0].Name, f.trust[0].Email, f.trust[0].Role = "Dr. Ruiz", "ruiz@example.org", "quality"
	object := f.release(t, "breast", model, staging, servingDigest)
	envelope, err := f.signer.Sign(t.Context(), evidence.Waived(model, evidence.Waiver{
		Rule: "model.evidence.complete", Environment: staging, Reason: "r", Control: "c",
		Issued: noon.Add(time.Hour).Format(time.RFC3339), Expires: noon.AddDate(0, 0, 30).Format(time.RFC3339),
	}))
	if err != nil {
		t.Fatal(err)
	}
	envelopes := []evidence.Envelope{envelope}
	for _, measured := range object.Spec.Envelopes {
		envelopes = append(envelopes, evidence.Envelope(measured))
	}
	for at, want := range map[time.Time]bool{noon: true, noon.Add(time.Hour): false} {
		verdict, err := realJudge(t).Judge(t.Context(), judge.Question{Environment: staging, Profile: staging, Time: at,
			Model: &judge.Model{Release: model, Evidence: evidence.Open(t.Context(), f.trust, model, envelopes)}})
		if err != nil || len(verdict.Waivers) != 1 {
			t.Fatalf("%d waivers, %v", len(verdict.Waivers), err)
		}
		if told := slices.Contains(verdict.Waivers[0].Objections, "it has not begun"); told != want {
			t.Errorf("at %s: %q", at, verdict.Waivers[0].Objections)
		}
	}
}
