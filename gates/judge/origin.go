package judge

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// origin is what statements rest on, by digest: what a release was trained on
// and by whom, and what each gate looked at. Rules compare these with each
// other, so that no number is believed which was measured on something else.
type origin struct {
	builders  []string          // identities that trained
	recipes   []string          // commits whose recipe they trained
	materials agreed            // what was trained on, by name
	inputs    map[string]agreed // by gate, then by name
}

func newOrigin() *origin {
	return &origin{builders: []string{}, recipes: []string{}, materials: agreed{}, inputs: map[string]agreed{}}
}

// agreed are digests by name; where two statements disagree it is empty, which
// is the digest of nothing.
type agreed map[string]string

func (a agreed) add(name, digest string) {
	if before, known := a[name]; known && before != digest {
		digest = ""
	}
	a[name] = digest
}

// known leaves out what was not agreed on.
func (a agreed) known() map[string]any {
	digests := map[string]any{}
	for name, digest := range a {
		if digest != "" {
			digests[name] = digest
		}
	}
	return digests
}

func (o *origin) trained(provenance evidence.Provenance) {
	if id := provenance.RunDetails.Builder.ID; !slices.Contains(o.builders, id) {
		o.builders = append(o.builders, id)
	}
	for _, material := range provenance.BuildDefinition.ResolvedDependencies {
		if commit := material.Digest["gitCommit"]; commit != "" && !slices.Contains(o.recipes, commit) {
			o.recipes = append(o.recipes, commit)
		}
		digest, err := evidence.ParseDigest("sha256:" + material.Digest["sha256"])
		if err != nil {
			digest = ""
		}
		o.materials.add(material.Name, string(digest))
	}
}

func (o *origin) measured(measured evidence.Measurements) {
	if o.inputs[measured.Gate] == nil {
		o.inputs[measured.Gate] = agreed{}
	}
	for _, input := range measured.Inputs {
		o.inputs[measured.Gate].add(input.Name, string(input.Digest))
	}
}

// write adds what is known to the document that rules see.
func (o *origin) write(document map[string]any) {
	inputs := map[string]any{}
	for gate, digests := range o.inputs {
		inputs[gate] = digests.known()
	}
	slices.Sort(o.builders)
	slices.Sort(o.recipes)
	document["builders"], document["recipes"], document["materials"], document["inputs"] = o.builders, o.recipes, o.materials.known(), inputs
}
