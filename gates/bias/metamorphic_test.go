package bias_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// Neither the order of patients nor what the cohorts are called decides how
// they are served.
func TestNumbersFollowPatientsNotNames(t *testing.T) {
	scores, labels, columns := readPredictions(t, "predictions_tcga_coad.csv")
	champion := make([]float64, len(scores))
	for i, score := range scores {
		champion[i] = math.Sqrt(score)
	}
	measure := func(order []int, rename map[string]string) measurements {
		attribute := bias.Attribute{Column: "gender", Unsuppressed: true}
		var ours, theirs []float64
		var outcomes []bool
		for _, at := range order {
			ours, theirs, outcomes = append(ours, scores[at]), append(theirs, champion[at]), append(outcomes, labels[at])
			attribute.Values = append(attribute.Values, rename[columns["gender"][at]])
		}
		measured, err := bias.Binary(ours, outcomes, .3, []bias.Attribute{attribute})
		if err != nil {
			t.Fatal(err)
		}
		changed, err := bias.Changes(at(.3, ours), at(.3, theirs), outcomes, []bias.Attribute{attribute})
		if err != nil {
			t.Fatal(err)
		}
		return append(measured, changed...)
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	first := measure(order, map[string]string{"FEMALE": "a", "MALE": "b"})
	second := measure(rand.New(rand.NewPCG(3, 4)).Perm(len(scores)), map[string]string{"FEMALE": "z", "MALE": "b"})
	same := func(a, b evidence.Decimal) bool { return a == b || math.Abs(a.Float()-b.Float()) < 1e-9 }
	for _, m := range first {
		group := m.Group
		if group == "gender=a" {
			group = "gender=z"
		}
		other := second.find(t, m.Name, group)
		if !same(m.Value, other.Value) || !same(m.Low, other.Low) || !same(m.High, other.High) || m.N != other.N {
			t.Errorf("got %+v, and then %+v", m, other)
		}
	}
}
