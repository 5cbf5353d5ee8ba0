package keyless_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

func TestANameIsBelievedWithoutAKey(t *testing.T) {
	deployment := deploy(t)
	root := rootOf(t, whole(deployment))
	for _, who := range []evidence.Identity{measurer, {Issuer: "https://accounts.hospital.example", Subject: "i.curie@hospital.example"}} {
		envelope := signed(t, deployment, who)
		deployment.Close() // nothing is asked from now on
		trust := trusting(root)
		trust[0].Identity = who
		read, err := trust.Verify(t.Context(), envelope)
		if err != nil {
			t.Fatalf("%s: %v\n%s", who, err, envelope)
		}
		want := statement()
		want.By = evidence.Person{Name: "reconciler"}
		if !reflect.DeepEqual(read, want) {
			t.Errorf("%s: it says %+v", who, read)
		}
		deployment = deploy(t)
		root = rootOf(t, whole(deployment))
	}
}

// The same envelope, and all that may be wrong with whom it is asked about.
func TestANameIsBelievedForWhatItMaySayOnly(t *testing.T) {
	deployment := deploy(t)
	envelope, root, now := signed(t, deployment, measurer), rootOf(t, whole(deployment)), time.Now()
	for name, story := range map[string]struct {
		change func(*evidence.TrustedKey)
		want   string
	}{
		"another issuer": {func(k *evidence.TrustedKey) { k.Identity.Issuer = "https://oidc.elsewhere.example" }, "nobody trusts " + measurer.Subject},
		"another subject": {func(k *evidence.TrustedKey) {
			k.Identity.Subject = "https://kubernetes.io/namespaces/x/serviceaccounts/y"
		}, "nobody trusts"},
		"the beginning of the subject": {func(k *evidence.TrustedKey) {
			k.Identity.Subject = strings.TrimSuffix(measurer.Subject, "reconciler")
		}, "nobody trusts"},
		"a longer subject":    {func(k *evidence.TrustedKey) { k.Identity.Subject += "/x" }, "nobody trusts"},
		"a pattern":           {func(k *evidence.TrustedKey) { k.Identity.Subject = ".*" }, "nobody trusts"},
		"capitals":            {func(k *evidence.TrustedKey) { k.Identity.Issuer = strings.ToUpper(k.Identity.Issuer) }, "nobody trusts"},
		"nobody":              {func(k *evidence.TrustedKey) { k.Identity = evidence.Identity{} }, "nobody trusts"},
		"another predicate":   {func(k *evidence.TrustedKey) { k.Predicates = []string{evidence.ProvenanceType} }, "reconciler may not sign " + evidence.MeasurementsType},
		"another environment": {func(k *evidence.TrustedKey) { k.Environments = []string{"production"} }, "may not sign " + evidence.MeasurementsType + " about staging"},
		"withdrawn":           {func(k *evidence.TrustedKey) { k.Revoked = now }, "none of the 0 signers is trusted by identity"},
		"ended":               {func(k *evidence.TrustedKey) { k.Until = now.Add(-time.Hour) }, "none of the 0 signers"},
		"not yet":             {func(k *evidence.TrustedKey) { k.From = now.Add(time.Hour) }, "none of the 0 signers"},
	} {
		trust := trusting(root)
		story.change(&trust[0])
		_, err := trust.At(now).Verify(t.Context(), envelope)
		if !errors.Is(err, evidence.ErrUntrusted) || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := trusting(root)[0]
	other.Identity.Subject = "https://kubernetes.io/namespaces/x/serviceaccounts/y"
	if _, err := append(evidence.Trust{other}, trusting(root)...).Verify(t.Context(), envelope); err != nil {
		t.Errorf("after another name: %v", err)
	}
}

// What the trusted root does not vouch for is refused, each for its own reason.
func TestEveryLinkOfTheProofIsDemanded(t *testing.T) {
	ours, foreign := deploy(t), deploy(t)
	now := time.Now() // the certificates that are exchanged below are of one second
	ours.Issued, ours.Logged = func() time.Time { return now }, func() time.Time { return now }
	late := deploy(t)
	late.Logged = func() time.Time { return time.Now().Add(sigstore.Life + time.Minute) }
	lateEnvelope := entered(t, late, late)
	envelope, again := signed(t, ours, measurer), signed(t, ours, measurer)
	for name, story := range map[string]struct {
		root     sigstore.Parts
		envelope evidence.Envelope
		want     string
	}{
		"another authority":             {sigstore.Parts{Fulcio: foreign, Certificates: ours, Rekor: ours}, envelope, "no trusted authority issued the certificate"},
		"another log":                   {sigstore.Parts{Fulcio: ours, Certificates: ours, Rekor: foreign}, envelope, "a transparency log that the trusted root does not name"},
		"another log of certificates":   {sigstore.Parts{Fulcio: ours, Certificates: foreign, Rekor: ours}, envelope, "signed certificate timestamp"},
		"logged when it was dead":       {whole(late), lateEnvelope, "the certificate was alive from"},
		"stamped when it was dead":      {sigstore.Parts{Fulcio: late, Timestamps: late}, stamped(t, late), "the certificate was alive from"},
		"stamped, of another authority": {sigstore.Parts{Fulcio: foreign, Timestamps: ours}, stamped(t, ours), "no trusted authority issued the certificate"},
		"stamped by somebody":           {sigstore.Parts{Fulcio: ours, Timestamps: foreign}, stamped(t, ours), "timestamps"},
		"no time":                       {sigstore.Parts{Fulcio: ours, Timestamps: ours}, without(t, envelope, "tlogEntries"), "nothing says when the certificate was used"},
		"no entry":                      {whole(ours), without(t, envelope, "tlogEntries"), "holds no entry of a transparency log"},
		"a time where a log is trusted": {sigstore.Parts{Fulcio: ours, Rekor: ours, Timestamps: ours}, stamped(t, ours), "holds no entry of a transparency log"},
		"an entry about another":        {whole(ours), swapped(t, envelope, again, "tlogEntries"), "transparency log"},
		"a certificate over another":    {whole(ours), swapped(t, envelope, again, "certificate"), "transparency log certificate does not match"},
		"both of another":               {whole(ours), swapped(t, envelope, again, "certificate", "tlogEntries"), "transparency log signature does not match"},
		"a changed entry": {whole(ours), changed(t, envelope, func(bundle map[string]any) {
			entry(bundle)["integratedTime"] = "1700000000"
		}), "not what the transparency log has promised"},
		"a promise without a proof": {whole(ours), changed(t, envelope, func(bundle map[string]any) {
			delete(entry(bundle), "inclusionProof")
		}), "inclusion proof missing"},
		"a proof without a promise": {whole(ours), changed(t, envelope, func(bundle map[string]any) {
			delete(entry(bundle), "inclusionPromise")
		}), "threshold not met"},
		"a key as well": {whole(ours), changed(t, envelope, func(bundle map[string]any) {
			material(bundle)["publicKey"] = map[string]any{"hint": "x"}
		}), "which one key signed it"},
		"a chain of certificates": {whole(ours), changed(t, envelope, func(bundle map[string]any) {
			material(bundle)["x509CertificateChain"] = map[string]any{"certificates": []any{material(bundle)["certificate"]}}
			delete(material(bundle), "certificate")
		}), "x509CertificateChain"},
		"another name of a field": {whole(ours), changed(t, envelope, func(bundle map[string]any) {
			entry(bundle)["log_index"] = entry(bundle)["logIndex"]
			delete(entry(bundle), "logIndex")
		}), "more than one way"},
	} {
		read, err := trusting(rootOf(t, story.root)).Verify(t.Context(), story.envelope)
		if err == nil {
			t.Errorf("%s: believed, %+v", name, read)
		} else if !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := trusting(rootOf(t, sigstore.Parts{Fulcio: ours, Timestamps: ours})).Verify(t.Context(), stamped(t, ours)); err != nil {
		t.Errorf("stamped in time: %v", err)
	}
}

// No byte of a stored envelope can be another: not of what was signed, and not
// of what proves by whom and when.
func TestNoByteCanBeChanged(t *testing.T) {
	t.Parallel()
	deployment := deploy(t)
	signed(t, deployment, measurer) // so that the next entry has a path
	envelope, trust := signed(t, deployment, measurer), trusting(rootOf(t, whole(deployment)))
	if _, err := trust.Verify(t.Context(), envelope); err != nil {
		t.Fatal(err)
	}
	for i := range envelope {
		touched := bytes.Clone(envelope)
		touched[i] ^= 1
		if _, err := trust.Verify(t.Context(), touched); err == nil {
			t.Errorf("byte %d (%q, after %q) changed to %q: believed", i, envelope[i], envelope[max(0, i-30):i], touched[i])
		}
		if _, err := trust.Verify(t.Context(), append(bytes.Clone(envelope[:i]), envelope[i+1:]...)); err == nil {
			t.Errorf("without byte %d: believed", i)
		}
	}
}

// Whoever trusts keys only is not asked to believe a certificate, and whoever
// trusts names only believes no key.
func TestKeysAndNamesStandApart(t *testing.T) {
	deployment := deploy(t)
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	holder, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	byKey, err := holder.Sign(t.Context(), statement())
	if err != nil {
		t.Fatal(err)
	}
	byName := signed(t, deployment, measurer)
	keys := evidence.Trust{{Name: "key", Key: key, Predicates: evidence.ReconcilerTypes()}}
	names := trusting(rootOf(t, whole(deployment)))
	if _, err := keys.Verify(t.Context(), byName); !errors.Is(err, evidence.ErrUntrusted) || !strings.Contains(err.Error(), "trusted by identity") {
		t.Errorf("a certificate where keys are trusted: %v", err)
	}
	if _, err := names.Verify(t.Context(), byKey); !errors.Is(err, evidence.ErrUntrusted) {
		t.Errorf("a key where names are trusted: %v", err)
	}
	for _, envelope := range []evidence.Envelope{byKey, byName} {
		if _, err := append(names, keys...).Verify(t.Context(), envelope); err != nil {
			t.Errorf("both are trusted: %v", err)
		}
	}
	if _, err := (*keyless.Root).Identify(rootOf(t, whole(deployment)), byKey); err == nil {
		t.Error("a key was taken for a name")
	}
}
