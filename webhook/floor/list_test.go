package floor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func digest(text string) string { return string(evidence.Sum([]byte(text))) }

// read is what the policy can find in a list.
func read(data map[string]string) map[string][]string {
	found := map[string][]string{}
	for key, text := range data {
		if dot := strings.LastIndexByte(key, '.'); dot > 0 {
			found[key[:dot]] = append(found[key[:dot]], strings.Split(text, "\n")...)
		}
	}
	for _, digests := range found {
		slices.Sort(digests)
	}
	return found
}

func TestTheListHoldsWhatNamespacesCanAskFor(t *testing.T) {
	one, two := digest("one"), digest("two")
	data, err := list(map[string][]string{
		"staging":      {two, one, two},
		"development":  {Any},
		"production.1": {one},
		"no label!":    {one},
		"empty":        nil,
		"odd":          {"sha256:ABC", "sha512:" + strings.Repeat("0", 128), one + "0", ""},
	}, []string{"registry.example.org/models"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"staging": {one, two}, "development": {Any}, "production.1": {one}}
	slices.Sort(want["staging"])
	if got := read(data); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestTheOrderOfWhatIsToldChangesNothing(t *testing.T) {
	a, _ := list(map[string][]string{"staging": {digest("1"), digest("2")}}, []string{"b", "a"})
	b, _ := list(map[string][]string{"staging": {digest("2"), digest("1"), digest("1")}}, []string{"a", "b", "a"})
	if !maps.Equal(a, b) {
		t.Errorf("%v\n%v", a, b)
	}
}

func TestTenThousandReleasesFitAndMoreAreAnError(t *testing.T) {
	many := make([]string, 20000)
	for i := range many {
		many[i] = digest(fmt.Sprint(i))
	}
	data, err := list(map[string][]string{"staging": many[:10000]}, nil)
	if err != nil {
		t.Fatal(err)
	}
	longest := 0
	for _, text := range data {
		longest = max(longest, len(text))
	}
	if longest > 2000 {
		t.Errorf("a line to be searched for each image has %d bytes", longest)
	}
	if _, err := list(map[string][]string{"staging": many}, nil); err == nil || !strings.Contains(err.Error(), "hint: ") {
		t.Errorf("20,000 releases: %v", err)
	}
	if _, err := list(nil, []string{strings.Repeat("a", maxModels)}); err == nil {
		t.Error("a pattern without end is tried on every image")
	}
}

// The pattern takes for a model what the door does.
func TestThePatternIsTheDoors(t *testing.T) {
	models := regexp.MustCompile(pattern([]string{"registry.example.org/models", "other:5000/m"}))
	for image, want := range map[string]bool{
		"registry.example.org/models/breast@" + digest("x"): true,
		"REGISTRY.example.org/Models/breast":                true,
		"registry.example.org/models":                       true,
		"other:5000/m:v1":                                   true,
		"registry.example.org/models-archive/breast":        false,
		"registryXexample.org/models/breast":                false,
		"registry.example.org/serving/predictor":            false,
		"":                                                  false,
	} {
		if models.MatchString(image) != want {
			t.Errorf("%q is a model: %t", image, !want)
		}
	}
	if regexp.MustCompile(pattern(nil)).MatchString("anything") {
		t.Error("without repositories no image is a model")
	}
}

// Whatever names and digests are told, no environment gets one of another.
func FuzzNoEnvironmentGetsAnothersDigest(f *testing.F) {
	f.Add("staging", "production", digest("a"), digest("b"))
	f.Add("staging", "staging.a1b", Any, digest("b"))
	f.Add("a", "a.any", "*\n"+digest("a"), Any)
	f.Fuzz(func(t *testing.T, one, two, first, second string) {
		if one == two {
			return
		}
		data, err := list(map[string][]string{one: {first}, two: {second}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for environment, digests := range read(data) {
			want := map[string]string{one: first, two: second}[environment]
			if !slices.Equal(digests, []string{want}) || !labelText.MatchString(environment) {
				t.Errorf("%q has %q, want %q", environment, digests, want)
			}
		}
	})
}
