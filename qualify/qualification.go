package qualify

import (
	"context"
	"encoding/json"
	"io"
	"strconv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// PredicateType names the claim that a Qualification is.
const PredicateType = "https://assay.dev/predicate/qualification/v1alpha1"

// Target is the least sensitivity and specificity of a gate that qualifies.
const Target = 0.95

// Qualification is the outcome of a run. It holds no time and no name of a
// machine: the same binary and seed give the same bytes.
type Qualification struct {
	Qualified    bool         `json:"qualified"`
	Seed         string       `json:"seed"`
	Replicates   int          `json:"replicates"`
	Profile      string       `json:"profile"`
	Gates        []Gate       `json:"gates"`
	Installation Installation `json:"installation"`
	Operational  []Planted    `json:"operational"`
	Performance  []Population `json:"performance"`
}

// Gate is how often one gate was right.
type Gate struct {
	Name        string `json:"name"`
	Sensitivity Share  `json:"sensitivity"` // planted defects that an expected rule denied
	Specificity Share  `json:"specificity"` // clean candidates that none of its rules denied
}

// Share is a proportion with Wilson's interval (95 %).
type Share struct {
	Of    int              `json:"successes"`
	N     int              `json:"n"`
	Value evidence.Decimal `json:"value"` // empty: nothing was tried
	Low   evidence.Decimal `json:"low"`
	High  evidence.Decimal `json:"high"`
}

func newShare(of, n int) Share {
	proportion := stats.Proportion{Successes: of, Trials: n}
	share := Share{Of: of, N: n}
	if value, err := proportion.Value(); err == nil {
		interval := proportion.Wilson(stats.Alpha)
		share.Value, share.Low, share.High = evidence.Number(value), evidence.Number(interval.Low), evidence.Number(interval.High)
	}
	return share
}

// reached holds when the share is at least the target. Nothing tried is
// nothing reached.
func (s Share) reached() bool { return s.Value.Float() >= Target }

// Planted is what became of one defect, strength by strength.
type Planted struct {
	Defect      string    `json:"defect"`
	About       string    `json:"about"`
	Gate        string    `json:"gate"`
	Expected    []string  `json:"expected,omitempty"`
	Data        []string  `json:"data"`
	Sensitivity Share     `json:"sensitivity"`
	Strengths   []Outcome `json:"strengths"`
}

// Outcome is what became of one strength: a point of the operating curve.
type Outcome struct {
	Strength   string `json:"strength"`
	Borderline bool   `json:"borderline,omitempty"`
	Counted
}

// Population is what became of the clean candidates of one data set.
type Population struct {
	Data    string `json:"data"`
	Train   int    `json:"trainRows"`
	Holdout int    `json:"holdoutRows"`
	Clean
}

func (r *run) qualification(ctx context.Context, pools []*pool) (Qualification, error) {
	installation, err := inspect(ctx, r.court)
	if err != nil {
		return Qualification{}, err
	}
	q := Qualification{
		Seed: strconv.FormatUint(r.Seed, 10), Replicates: r.Replicates, Profile: profile, Installation: installation,
	}
	for i := range r.defects {
		q.Operational = append(q.Operational, r.planted(&r.defects[i]))
	}
	for _, from := range pools {
		q.Performance = append(q.Performance, Population{from.name, from.train, from.holdout, *r.tally.clean[from.name]})
	}
	q.Qualified = installation.passed()
	for _, gate := range measurers {
		counted := q.gate(gate.Name())
		q.Gates = append(q.Gates, counted)
		q.Qualified = q.Qualified && counted.Sensitivity.reached() && counted.Specificity.reached()
	}
	return q, nil
}

func (r *run) planted(defect *Defect) Planted {
	found := Planted{Defect: defect.Name, About: defect.About, Gate: defect.Gate, Expected: defect.Expected, Data: defect.Data}
	caught, n := 0, 0
	for at, strength := range defect.Strengths {
		counts := r.tally.planted[trial{defect, at}]
		if counts == nil {
			continue // borderline, and nobody asked for it
		}
		found.Strengths = append(found.Strengths, Outcome{strength.Name, strength.Borderline, *counts})
		if !strength.Borderline {
			caught, n = caught+counts.Failed+counts.Inconclusive, n+counts.N
		}
	}
	found.Sensitivity = newShare(caught, n)
	return found
}

func (q *Qualification) gate(name string) Gate {
	var caught, planted, passed, clean int
	for _, defect := range q.Operational {
		if defect.Gate == name {
			caught, planted = caught+defect.Sensitivity.Of, planted+defect.Sensitivity.N
		}
	}
	for _, population := range q.Performance {
		clean += population.N
		passed += population.N - population.Gates[name]
	}
	return Gate{name, newShare(caught, planted), newShare(passed, clean)}
}

// JSON writes the outcome as an in-toto statement about the rules by which the
// judge answered.
func (q Qualification) JSON(w io.Writer) error {
	digest := evidence.Digest(q.Installation.Policy)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Type          string                        `json:"_type"`
		Subject       []evidence.ResourceDescriptor `json:"subject"`
		PredicateType string                        `json:"predicateType"`
		Predicate     Qualification                 `json:"predicate"`
	}{
		"https://in-toto.io/Statement/v1",
		[]evidence.ResourceDescriptor{{Name: "policies", Digest: map[string]string{"sha256": digest.Hex()}}},
		PredicateType, q,
	})
}

// Missed names the defects of a gate that escaped at a strength that counts.
func (q Qualification) Missed() []string {
	var missed []string
	for _, defect := range q.Operational {
		for _, outcome := range defect.Strengths {
			if outcome.Missed > 0 && !outcome.Borderline {
				missed = append(missed, defect.Defect+" at "+outcome.Strength)
			}
		}
	}
	return missed
}
