package compliance

import (
	"errors"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates"
)

func TestThisProgramAnswersAsPublished(t *testing.T) {
	vectors := Vectors()
	for _, vector := range vectors {
		if !vector.Right() || vector.Name == "" || vector.Source == "" {
			t.Errorf("%s (%s): %s, published %s", vector.Name, vector.Source, vector.Got, vector.Want)
		}
	}
	found := measureSelf(gates.Candidate{Program: "0123abcd"})
	if len(vectors) < 12 || found[0].Value.Float() != float64(len(vectors)) || found[1].Value != "0" || len(found) != 2 {
		t.Errorf("of %d vectors is measured %+v", len(vectors), found)
	}
	if !strings.Contains(found[0].Method, "0123abcd") {
		t.Errorf("nobody knows which program answered: %+v", found[0])
	}
}

// A wrong digit, an error and one number too few are all noticed, and named.
func TestAWrongAnswerIsNoticed(t *testing.T) {
	before := references
	defer func() { references = before }()
	say := func(numbers ...float64) func() ([]float64, error) {
		return func() ([]float64, error) { return numbers, nil }
	}
	references = []reference{
		{"right", "", "0.25 1", say(0.2500001, 1)},
		{"another digit", "", "0.25", say(0.26)},
		{"one too few", "", "0.25 1", say(0.25)},
		{"an error", "", "0.25", func() ([]float64, error) { return []float64{0.25}, errors.New("no data") }},
	}
	found := measureSelf(gates.Candidate{})
	if found[0].Value != "5" || found[1].Value != "3" {
		t.Errorf("measured %+v", found)
	}
	for i, name := range []string{"an error", "another digit", "one too few"} {
		if one := found[i+2]; one.Name != "self_test_failure" || one.Group != name {
			t.Errorf("failure %d is %+v", i, one)
		}
	}
}
