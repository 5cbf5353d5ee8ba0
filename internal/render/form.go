package render

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// form is a release whose words are blank, and how to fill them in. Models that
// are served in the same way differ in names and digests only: they are one
// rendering, remembered once.
type form struct {
	release Release
	words   *strings.Replacer
}

// blank is in no name of a model, an image or an identity: those have no capital
// letters and underscores in a row.
const blank = "BLANK__"

// formOf answers false where filling in might not give what rendering gives:
// where a word would be quoted in YAML ("123"), or a blank is there already.
// Lines are broken at spaces only, and nothing that holds a word has one.
func formOf(release Release, chosen []byte) (form, bool) {
	blanked := release
	var words []string
	for name, field := range map[string]struct{ value, blank *string }{
		"model": {&release.Model, &blanked.Model}, "artifact": {&release.Artifact, &blanked.Artifact},
		"image": {&release.Image, &blanked.Image}, "identity": {&release.Profile.Identity, &blanked.Profile.Identity},
	} {
		if *field.value == "" {
			continue
		}
		if !plain(*field.value) {
			return form{}, false
		}
		*field.blank = blank + name
		words = append(words, *field.blank, *field.value)
	}
	return form{blanked, strings.NewReplacer(words...)}, !blanks(release, chosen)
}

// plain tells whether YAML writes a text as it is.
func plain(text string) bool {
	encoded, err := yaml.Marshal(text)
	return err == nil && string(encoded) == text+"\n"
}

// blanks tells whether what is not filled in holds a blank.
func blanks(release Release, chosen []byte) bool {
	texts := slices.Concat(slices.Collect(maps.Keys(release.Labels)), slices.Collect(maps.Values(release.Labels)), release.Profile.Secrets)
	return bytes.Contains(chosen, []byte(blank)) || slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, blank) })
}
