package v1alpha1

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// problem is a field that holds what it must not.
type problem struct{ field, text string }

// problems collects them all before answering.
type problems []problem

func (p *problems) add(field, format string, args ...any) {
	*p = append(*p, problem{field, fmt.Sprintf(format, args...)})
}

func (p *problems) required(field, value string) {
	if strings.TrimSpace(value) == "" {
		p.add(field, "is required")
	}
}

func (p *problems) oneOf(field, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		p.add(field, "%q is not one of %s", value, strings.Join(allowed, ", "))
	}
}

func (p *problems) name(field, value string) {
	if !nameText.MatchString(value) {
		p.add(field, "%q is not a name (lower-case letters, digits and hyphens, 63 at most)", value)
	}
}

func (p *problems) digest(field, value string) {
	if !digestText.MatchString(value) {
		p.add(field, "%.80q is not a digest (sha256: and 64 hexadecimal digits)", value)
	}
}

func (p *problems) date(field, value string) {
	if _, err := time.Parse(time.DateOnly, value); value != "" && err != nil {
		p.add(field, "%q is not a date (YYYY-MM-DD)", value)
	}
}

func (p *problems) finite(field string, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		p.add(field, "is not a finite number")
	}
}

// maxHorizon is beyond every follow-up, in days, of any study.
const maxHorizon = 1e6

var (
	nameText   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	digestText = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	imageText  = regexp.MustCompile(`^[a-z0-9][a-z0-9.:_/-]*@sha256:[0-9a-f]{64}$`)
	columnText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]{0,127}$`)
)

func headerProblems(object Object) []problem {
	var found problems
	header := object.header()
	if header.APIVersion != APIVersion {
		found.add("apiVersion", "%q is not %s", header.APIVersion, APIVersion)
	}
	if header.Kind != object.kind() {
		found.add("kind", "%q is not %s", header.Kind, object.kind())
	}
	found.name("metadata.name", header.Metadata.Name)
	return found
}

func (p *Platform) validate() []problem {
	var found problems
	found.required("spec.registry", p.Spec.Registry)
	if len(p.Spec.Environments) == 0 {
		found.add("spec.environments", "names no environment")
	}
	for i, name := range p.Spec.Environments {
		found.name(fmt.Sprintf("spec.environments[%d]", i), name)
	}
	for i, signer := range p.Spec.Signers {
		at := fmt.Sprintf("spec.signers[%d]", i)
		found.required(at+".name", signer.Name)
		if (signer.PublicKey == "") == (signer.Identity == nil) {
			found.add(at, "has either a publicKey or an identity")
		}
		if len(signer.Predicates) == 0 {
			found.add(at+".predicates", "names no predicate: the key could sign nothing")
		}
	}
	found.people(p.Spec.People)
	found.keyless(p.Spec)
	return found
}

// keyless demands what it takes to sign by identity, whole.
func (p *problems) keyless(spec PlatformSpec) {
	for i, signer := range spec.Signers {
		if signer.Identity == nil {
			continue
		}
		at := fmt.Sprintf("spec.signers[%d].identity", i)
		p.required(at+".issuer", signer.Identity.Issuer)
		p.required(at+".subject", signer.Identity.Subject)
		if spec.Keyless == nil {
			p.add(at, "needs spec.keyless: nothing else says whose certificates count")
		}
	}
	if spec.Keyless != nil {
		p.required("spec.keyless.fulcio", spec.Keyless.Fulcio)
		p.required("spec.keyless.rekor", spec.Keyless.Rekor)
		p.required("spec.keyless.trustedRoot", spec.Keyless.TrustedRoot)
	}
}

// people leaves names, keys and who shares them to those who read signatures.
func (p *problems) people(people []Person) {
	for i, person := range people {
		at := fmt.Sprintf("spec.people[%d]", i)
		if !strings.Contains(person.Email, "@") {
			p.add(at+".email", "%.80q is not an e-mail address", person.Email)
		}
		if len(person.Roles) == 0 {
			p.add(at+".roles", "names no role: nobody approves without one")
		}
		for j, role := range person.Roles {
			p.oneOf(fmt.Sprintf("%s.roles[%d]", at, j), role, roles...)
		}
	}
}

func (m *Model) validate() []problem {
	var found problems
	spec := m.Spec
	found.oneOf("spec.task", string(spec.Task), string(Binary), string(Survival))
	found.oneOf("spec.purpose", spec.Purpose, "risk", "detection", "prognosis")
	found.oneOf("spec.riskClass", spec.RiskClass, "low", "moderate", "high")
	found.name("spec.dataset", spec.Dataset)
	if len(spec.Features) == 0 {
		found.add("spec.features", "names no column")
	}
	for i, feature := range spec.Features {
		if slices.Index(spec.Features, feature) != i {
			found.add(fmt.Sprintf("spec.features[%d]", i), "%q stands twice", feature)
		}
	}
	if spec.Task == Binary && !(spec.DecisionThreshold > 0 && spec.DecisionThreshold < 1) {
		found.add("spec.decisionThreshold", "%v is not between 0 and 1: a binary model needs the threshold at which a clinician acts", spec.DecisionThreshold)
	}
	found.horizon(spec)
	if !imageText.MatchString(spec.Serving.Image) {
		found.add("spec.serving.image", "%.120q is not an image by digest (repository@sha256:...)", spec.Serving.Image)
	}
	if spec.Trainer.Image != "" && !imageText.MatchString(spec.Trainer.Image) {
		found.add("spec.trainer.image", "%.120q is not an image by digest (repository@sha256:...)", spec.Trainer.Image)
	}
	found.trainer(spec)
	return found
}

func (p *problems) horizon(spec ModelSpec) {
	switch {
	case spec.Horizon != 0 && spec.Task != Survival:
		p.add("spec.horizon", "belongs to the task survival")
	case spec.Horizon < 0 || spec.Horizon > maxHorizon:
		p.add("spec.horizon", "%v is not a time between 0 and %v", spec.Horizon, maxHorizon)
	}
	p.finite("spec.horizon", spec.Horizon)
	between := spec.DecisionRange
	switch {
	case between == nil:
	case spec.Task != Binary:
		p.add("spec.decisionRange", "belongs to the task binary")
	case !(between.From > 0 && between.From <= spec.DecisionThreshold && spec.DecisionThreshold <= between.To && between.To < 1):
		p.add("spec.decisionRange", "%v to %v does not hold the decision threshold %v, between 0 and 1", between.From, between.To, spec.DecisionThreshold)
	}
}

func (p *problems) trainer(spec ModelSpec) {
	p.oneOf("spec.trainer.kind", spec.Trainer.Kind, "logistic", "cox", "command")
	p.finite("spec.trainer.penalty", spec.Trainer.Penalty)
	if spec.Trainer.Penalty < 0 {
		p.add("spec.trainer.penalty", "is negative")
	}
	commands := len(spec.Trainer.Train) > 0 && len(spec.Trainer.Predict) > 0
	if spec.Trainer.Kind == "command" && !commands {
		p.add("spec.trainer", "kind command needs train and predict")
	}
	if spec.Trainer.Kind != "command" && (len(spec.Trainer.Train) > 0 || len(spec.Trainer.Predict) > 0) {
		p.add("spec.trainer", "train and predict belong to kind command")
	}
	if fits := map[string]Task{"logistic": Binary, "cox": Survival}; fits[spec.Trainer.Kind] != "" && fits[spec.Trainer.Kind] != spec.Task {
		p.add("spec.trainer.kind", "%s does not fit the task %s", spec.Trainer.Kind, spec.Task)
	}
}

// validate leaves the contents to the compliance gate, as with the card.
func (g *Governance) validate() []problem { return nil }

// validate leaves the card's contents to the compliance gate: an empty field
// is a finding with a remedy, not a mistake of form.
func (c *ModelCard) validate() []problem { return nil }

func (d *Dataset) validate() []problem {
	var found problems
	spec := d.Spec
	if spec.Source == "" || strings.ContainsAny(spec.Source, `/\`) || strings.HasPrefix(spec.Source, ".") {
		found.add("spec.source", "%q is not the name of a file beside dataset.yaml", spec.Source)
	}
	found.digest("spec.digest", spec.Digest)
	found.required("spec.key", spec.Key)
	binary, survival := spec.Label != "", spec.Time != "" && spec.Event != ""
	if binary == survival || (spec.Time == "") != (spec.Event == "") {
		found.add("spec.label", "a dataset has either a label (binary) or both time and event (survival)")
	}
	found.columns(spec)
	found.split(spec)
	found.date("spec.extracted", spec.Extracted)
	found.date("spec.dataUse.expires", spec.DataUse.Expires)
	found.date("spec.dataUse.ethics.expires", spec.DataUse.Ethics.Expires)
	return found
}

func (p *problems) columns(spec DatasetSpec) {
	names := map[string]bool{}
	for i, column := range spec.Columns {
		at := fmt.Sprintf("spec.columns[%d]", i)
		if !columnText.MatchString(column.Name) {
			p.add(at+".name", "%.80q is not a column name", column.Name)
		}
		if names[column.Name] {
			p.add(at+".name", "%q stands twice", column.Name)
		}
		names[column.Name] = true
		p.oneOf(at+".type", column.Type, "number", "integer", "text", "date")
		p.limits(at, column)
	}
	roles := []string{spec.Key, spec.Label, spec.Time, spec.Event, spec.Split.Column, spec.IndexDate, spec.Site}
	for _, role := range slices.Concat(roles, spec.Groups, spec.Adjudication.Raters) {
		if role != "" && !names[role] {
			p.add("spec.columns", "has no column %q, which the contract uses", role)
		}
	}
	if raters := spec.Adjudication.Raters; len(raters) != 0 && (len(raters) != 2 || raters[0] == raters[1]) {
		p.add("spec.adjudication.raters", "names %d columns: agreement is that of two people", len(raters))
	}
}

// limits holds the bounds of a column against their order: min, low, high, max.
func (p *problems) limits(at string, column Column) {
	last, least := "", math.Inf(-1)
	for _, bound := range []struct {
		name  string
		value *float64
	}{{"min", column.Min}, {"low", column.Low}, {"high", column.High}, {"max", column.Max}} {
		if bound.value == nil {
			continue
		}
		p.finite(at+"."+bound.name, *bound.value)
		if *bound.value < least {
			p.add(at+"."+last, "is above %s", bound.name)
		}
		last, least = bound.name, *bound.value
	}
}

func (p *problems) split(spec DatasetSpec) {
	split := spec.Split
	p.required("spec.split.column", split.Column)
	p.required("spec.split.train", split.Train)
	p.required("spec.split.holdout", split.Holdout)
	if split.Train == split.Holdout {
		p.add("spec.split", "train and holdout are the same value: the model would grade itself")
	}
	switch split.Kind {
	case "", RandomSplit:
	case TemporalSplit:
		p.required("spec.indexDate", spec.IndexDate)
	case ExternalSplit:
		p.required("spec.site", spec.Site)
	default:
		p.oneOf("spec.split.kind", split.Kind, RandomSplit, TemporalSplit, ExternalSplit)
	}
}

func (p *Promotion) validate() []problem {
	var found problems
	found.name("spec.model", p.Spec.Model)
	if p.Spec.Release != "" {
		found.digest("spec.release", p.Spec.Release)
	}
	if p.Spec.Replicas < 0 || p.Spec.Replicas > 10_000 {
		found.add("spec.replicas", "%d is not between 0 and 10000", p.Spec.Replicas)
	}
	return found
}
