package judge_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// A repository's own policies add rules. A second definition of anything that is
// shipped would be one more way to be satisfied, so there is no room for one.
func TestNothingShippedCanBeExtended(t *testing.T) {
	const metadata = "# METADATA\n# title: x\n# custom:\n#   remedy: y\n#   clause: z\n"
	for name, story := range map[string]struct{ text, want string }{
		"lib/waive.rego":                         {"package lib\n\nwaives(w, rule) if w.rule == rule\n", "package lib is closed"},
		"model/bias/mine/mine.rego":              {"package lib\n\nwaives(w, rule) if w.rule == rule\n", "package lib is closed"},
		"model/bias/equal_opportunity/more.rego": {metadata + "package model.bias.equal_opportunity\n\nsatisfied if true\n", "not extended"},
		"model/bias/equal_opportunity/bare.rego": {"package model.bias.equal_opportunity\n\nsatisfied if true\n", "not extended"},
		"assay/model/main.rego":                  {metadata + "package assay.model\n\nanswer := {}\n", "rules live below"},
	} {
		_, err := judge.New(t.Context(), policies.FS, fstest.MapFS{name: {Data: []byte(story.text)}})
		if err == nil || !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
