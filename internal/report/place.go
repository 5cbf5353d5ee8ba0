package report

import (
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// editedFor tells in which file, and at which field of it, the remedy of a rule
// is written. The first that is a prefix of the rule counts.
var editedFor = []struct{ rule, file, field string }{
	{"change.", promotionFile, "spec.release"},
	{"model.compliance.card_complete", "models/MODEL/card.yaml", "spec"},
	{"model.compliance.intended_use", "models/MODEL/card.yaml", "spec.intendedUse"},
	{"model.compliance.out_of_scope", "models/MODEL/card.yaml", "spec.outOfScope"},
	{"model.compliance.approvals", promotionFile, "spec"},
	{"model.compliance.ethics", datasetFile, "spec.dataUse.ethics"},
	{"model.compliance.data_use", datasetFile, "spec.dataUse"},
	{"model.compliance.deidentification", datasetFile, "spec.dataUse.deidentification"},
	{"model.compliance.audit_log", platformFile, "spec"},
	{"model.compliance.least_privilege", platformFile, "spec.controls"},
	{"model.compliance.encryption", platformFile, "spec.controls"},
	{"model.compliance.builder_identity", platformFile, "spec.signers"},
	{"model.compliance.", "models/MODEL/governance.yaml", "spec"},
	{"model.dataset.adjudication", datasetFile, "spec.adjudication"},
	{"model.dataset.freshness", datasetFile, "spec.extracted"},
	{"model.dataset.sites", datasetFile, "spec.site"},
	{"model.dataset.temporal", datasetFile, "spec.indexDate"},
	{"model.dataset.subgroups", datasetFile, "spec.groups"},
	{"model.dataset.schema", datasetFile, "spec.columns"},
	{"model.dataset.units", datasetFile, "spec.columns"},
	{"model.dataset.soft_limits", datasetFile, "spec.columns"},
	{"model.dataset.", datasetFile, "spec.source"},
	{"model.bias.cohorts_declared", datasetFile, "spec.groups"},
	{"model.performance.sensitivity", recipeFile, "spec.decisionThreshold"},
	{"model.performance.net_benefit", recipeFile, "spec.decisionRange"},
	{"model.performance.horizon", recipeFile, "spec.horizon"},
	{"model.security.training_image", recipeFile, "spec.trainer.image"},
	{"model.security.vulnerabilities", recipeFile, "spec.serving.image"},
	{"model.security.exploitability", recipeFile, "spec.serving.image"},
	{"model.security.licences", recipeFile, "spec.serving.image"},
	{"model.", recipeFile, "spec.trainer"},
	{"", recipeFile, "spec"},
}

const (
	recipeFile    = "models/MODEL/model.yaml"
	datasetFile   = "datasets/DATASET/dataset.yaml"
	promotionFile = "environments/ENVIRONMENT/MODEL.yaml"
	platformFile  = "assay.yaml"
)

// placeOf is the file and the field of a rule's remedy. The recipe stands in
// when the data set is not known: it names it.
func (p Promotion) placeOf(rule string) (file, field string) {
	for _, edited := range editedFor {
		if !strings.HasPrefix(rule, edited.rule) || edited.file == datasetFile && p.Dataset == "" {
			continue
		}
		if p.Pinned && (edited.file == recipeFile || strings.HasPrefix(rule, "model.dataset.")) {
			return promotionFile, "spec.release" // a pinned release brings its recipe and its data along
		}
		return edited.file, edited.field
	}
	return platformFile, "spec"
}

// uriOf names the file as a relative URI (RFC 3986).
func (p Promotion) uriOf(rule string) string {
	file, _ := p.placeOf(rule)
	return p.named(file, segment)
}

func (p Promotion) named(file string, escape func(string) string) string {
	return path.Clean(strings.NewReplacer("MODEL", escape(p.Model), "ENVIRONMENT", escape(p.Environment), "DATASET", escape(p.Dataset)).Replace(file))
}

// segment is one step of a path, and never one upwards.
func segment(name string) string {
	if strings.Trim(name, ".") == "" {
		return "unnamed"
	}
	return url.PathEscape(name)
}

// File is where the remedy of a rule is written, and the line of its field; the
// line is 0 where nobody has looked, or there is no such file.
func (p Promotion) File(rule string) (name string, line int) {
	file, _ := p.placeOf(rule)
	return p.named(file, func(name string) string { return name }), p.Lines[rule]
}

// Locate looks up the lines of the fields that the findings are about.
func (p *Promotion) Locate(tree fs.FS) {
	p.Lines = map[string]int{}
	for _, finding := range p.Verdict.Findings {
		name, _ := p.File(finding.Rule)
		_, field := p.placeOf(finding.Rule)
		if content, err := fs.ReadFile(tree, name); err == nil {
			p.Lines[finding.Rule] = v1alpha1.Line(content, field)
		}
	}
}
