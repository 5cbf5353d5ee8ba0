package floor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Any in place of a digest says that the door denies no model in that
// environment (it only warns there): the floor then asks for a digest, and no
// more.
const Any = "*"

const (
	modelsKey = "models"
	anyPart   = "any"
	// maxList is what a ConfigMap may hold; etcd takes half as much again.
	maxList = 1 << 20
	// maxModels bounds a pattern that is tried on each image of a pod: the cost
	// of CEL is that of the pattern times the text.
	maxModels = 2 << 10
)

// labelText is what a namespace can have as its environment.
var labelText = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$`)

// list is what the policy reads: under "models" a pattern of the images that are
// models, under "<environment>.any" that nothing is denied there, and under
// "<environment>.<three digits>" the digests that begin so, one in a line. One
// key for each digest would be simpler, and would not fit: the API server
// records the owner of each key, which takes more room than the key. One text
// for all digests would have to be searched for each image of a pod.
//
// What no pod can name is left out: an environment that is no label, a digest
// that is none.
func list(admissible map[string][]string, repositories []string) (map[string]string, error) {
	models := pattern(repositories)
	if len(models) > maxModels {
		return nil, fmt.Errorf("the model repositories make a pattern of %d bytes, more than %d\nhint: configure fewer, shorter ones", len(models), maxModels)
	}
	lines, total := map[string][]string{}, 0
	for environment, digests := range admissible {
		if !labelText.MatchString(environment) {
			continue
		}
		for _, digest := range digests {
			if key := keyOf(environment, digest); key != "" {
				lines[key] = append(lines[key], digest)
			}
		}
	}
	data := map[string]string{modelsKey: models}
	for key, digests := range lines {
		slices.Sort(digests)
		data[key] = strings.Join(slices.Compact(digests), "\n")
		total += len(key) + len(data[key])
	}
	if total > maxList {
		return nil, fmt.Errorf("the list has %d bytes, more than the %d of a ConfigMap; it stays as it is\nhint: withdraw releases that no environment needs", total, maxList)
	}
	return data, nil
}

func keyOf(environment, digest string) string {
	if digest == Any {
		return environment + "." + anyPart
	}
	parsed, err := evidence.ParseDigest(digest)
	if err != nil {
		return ""
	}
	return environment + "." + parsed.Hex()[:3]
}

// pattern matches an image that the door would take for a model: whatever the
// case of the host, but not registry/models-archive for registry/models.
func pattern(repositories []string) string {
	if len(repositories) == 0 {
		return `[^\s\S]` // matches nothing
	}
	var quoted []string
	for _, repository := range repositories {
		quoted = append(quoted, regexp.QuoteMeta(repository))
	}
	slices.Sort(quoted)
	return `(?i)(` + strings.Join(slices.Compact(quoted), "|") + `)([^a-z0-9._-]|$)`
}
