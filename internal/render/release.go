package render

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Release is what an environment is to serve.
type Release struct {
	Model       string
	Environment string
	Namespace   string
	Artifact    string // the model: host/path@sha256:...
	Image       string // the serving image: host/path@sha256:...
	Replicas    int    // 0 leaves the number to the autoscaler
	Labels      map[string]string
	Envelopes   []evidence.Envelope
	Profile     Profile // what else the promotion asks for; nothing where it is zero
	Component   fs.FS   // a kustomize component to add; nil for none
}

// maxEnvelopes is the schema's own limit (api/kube ReleaseSpec).
const maxEnvelopes = 32

var (
	// dnsLabel leaves room below the 63 characters of a label value for what
	// is put behind the model's name.
	dnsLabel  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$`)
	pinnedRef = regexp.MustCompile(`^[a-z0-9][a-z0-9.:-]*(/[a-z0-9][a-z0-9._-]*)+@(sha256:[0-9a-f]{64})$`)
	labelKey  = regexp.MustCompile(`^([a-z0-9][a-z0-9.-]{0,252}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`)
	labelText = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$`)
)

func (r Release) validate() error {
	for what, name := range map[string]string{"model": r.Model, "environment": r.Environment, "namespace": r.Namespace} {
		if !dnsLabel.MatchString(name) {
			return fmt.Errorf("the %s's name %.80q is not a DNS label of at most 50 characters", what, name)
		}
	}
	for what, reference := range map[string]string{"model": r.Artifact, "serving image": r.Image} {
		if !pinnedRef.MatchString(reference) {
			return fmt.Errorf("the %s %.200q is not pinned: write host/path@sha256:...", what, reference)
		}
	}
	if r.Replicas < 0 {
		return fmt.Errorf("%d replicas cannot be", r.Replicas)
	}
	if err := r.Profile.validate(r.Replicas); err != nil {
		return fmt.Errorf("the serving profile: %w", err)
	}
	return r.validateLabels()
}

func (r Release) validateLabels() error {
	for key, value := range r.Labels {
		if !labelKey.MatchString(key) || !labelText.MatchString(value) {
			return fmt.Errorf("label %.80q: %.80q is not a Kubernetes label", key, value)
		}
		if _, ours := r.identity()[key]; ours || strings.Contains(key, "assay.dev/") || key == "app.kubernetes.io/component" {
			return fmt.Errorf("label %q is not yours to set", key)
		}
	}
	return nil
}

func (r Release) validateEnvelopes() error {
	if len(r.Envelopes) == 0 || len(r.Envelopes) > maxEnvelopes {
		return fmt.Errorf("a release carries 1 to %d envelopes, not %d", maxEnvelopes, len(r.Envelopes))
	}
	return nil
}

// identity are the labels by which selectors find the model's pods.
func (r Release) identity() map[string]string {
	return map[string]string{"app.kubernetes.io/name": r.Model, "assay.dev/model": r.Model}
}

func (r Release) digest() evidence.Digest {
	return evidence.Digest(r.Artifact[strings.LastIndex(r.Artifact, "@")+1:])
}

// name tells releases of one model apart, so that the old one's evidence
// stays in the cluster for as long as the old one's pods do.
func (r Release) name() string {
	return fmt.Sprintf("%s-%s-%s", r.Model, r.Environment, r.digest().Hex()[:12])
}
