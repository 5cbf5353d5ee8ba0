package qualify

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// Installation says what is installed, and whether its parts answer as
// published.
type Installation struct {
	Version  string   `json:"version"`
	Revision string   `json:"revision,omitempty"`
	Go       string   `json:"go"`
	Policy   string   `json:"policy"` // digest of rules and thresholds
	Rules    []string `json:"rules"`
	Vectors  []Vector `json:"vectors"`
}

// Vector is one question whose answer is published.
type Vector struct {
	Name   string `json:"name"`
	Source string `json:"source"`
	Want   string `json:"want"`
	Got    string `json:"got"`
}

func (i Installation) passed() bool {
	return !slices.ContainsFunc(i.Vectors, func(v Vector) bool { return v.Got != v.Want })
}

func inspect(ctx context.Context, court *judge.Judge) (Installation, error) {
	found := Installation{Policy: court.PolicyDigest(), Rules: court.Rules(), Vectors: published()}
	if build, ok := debug.ReadBuildInfo(); ok {
		found.Version, found.Go = build.Main.Version, build.GoVersion
		for _, setting := range build.Settings {
			if setting.Key == "vcs.revision" {
				found.Revision = setting.Value
			}
		}
	}
	nothing, err := judgeNothing(ctx, court)
	if err != nil {
		return found, err
	}
	signed, err := signatures(ctx)
	if err != nil {
		return found, err
	}
	found.Vectors = append(found.Vectors, nothing, signed)
	return found, nil
}

// published asks the statistics for values that papers and manuals print.
func published() []Vector {
	return []Vector{
		{"sha-256 of abc", "FIPS 180-4, example 1",
			"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", string(evidence.Sum([]byte("abc")))},
		{"Wilson's interval of 81/263", "Newcombe 1998, Stat Med 17:857, table I",
			"0.2553 to 0.3662", ends(stats.Proportion{Successes: 81, Trials: 263}.Wilson(stats.Alpha))},
		{"Wilson's interval of 0/20", "Newcombe 1998, Stat Med 17:857, table I",
			"0.0000 to 0.1611", ends(stats.Proportion{Successes: 0, Trials: 20}.Wilson(stats.Alpha))},
		{"Newcombe's interval of 56/70 - 48/80", "Newcombe 1998, Stat Med 17:873, table II, method 10",
			"0.0524 to 0.3339", ends(stats.Newcombe(stats.Proportion{Successes: 56, Trials: 70}, stats.Proportion{Successes: 48, Trials: 80}, stats.Alpha))},
		{"AUROC of four patients", "scikit-learn, roc_auc_score, first example of roc_curve", "0.7500", fourPatients()},
		{"Holm's adjustment of 0.01 0.04 0.03 0.005", "Holm 1979, Scand J Stat 6:65, by hand", "0.0300 0.0600 0.0600 0.0200", adjusted()},
	}
}

func ends(interval stats.Interval) string {
	return fmt.Sprintf("%.4f to %.4f", math.Abs(interval.Low), interval.High)
}

func fourPatients() string {
	ranking, err := stats.DeLong([]float64{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true})
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%.4f", ranking.Value)
}

func adjusted() string {
	values, err := stats.Holm([]float64{0.01, 0.04, 0.03, 0.005})
	if err != nil {
		return err.Error()
	}
	var texts []string
	for _, value := range values {
		texts = append(texts, fmt.Sprintf("%.4f", value))
	}
	return strings.Join(texts, " ")
}

// judgeNothing asks about a release of which nobody has said anything.
func judgeNothing(ctx context.Context, court *judge.Judge) (Vector, error) {
	verdict, err := court.Judge(ctx, judge.Question{
		Environment: profile, Profile: profile, Time: instant,
		Model: &judge.Model{Release: evidence.Subject{Name: "nothing", Digest: evidence.Sum(nil)}},
	})
	got := "denied"
	if verdict.Allowed() {
		got = "allowed"
	}
	return Vector{"a release without evidence", "docs/design/0002-inconclusive.md", "denied", got}, err
}

// signatures signs a statement with a new key, and opens it with that key and
// with another.
func signatures(ctx context.Context) (Vector, error) {
	vector := Vector{Name: "a signature opens by its own key only", Source: "DSSE v1", Want: "opened, refused"}
	trust := make([]evidence.Trust, 2)
	var envelope evidence.Envelope
	for i := range trust {
		private, public, err := evidence.GenerateKey()
		if err != nil {
			return vector, err
		}
		key, err := evidence.ParsePublicKey(public)
		if err != nil {
			return vector, err
		}
		trust[i] = evidence.Trust{{Name: "qualification", Key: key, Predicates: evidence.PredicateTypes()}}
		signer, err := evidence.NewSigner(private)
		if err != nil {
			return vector, err
		}
		if i == 0 {
			subject := evidence.Subject{Name: "nothing", Digest: evidence.Sum(nil)}
			if envelope, err = signer.Sign(ctx, evidence.Measured(subject, evidence.Measurements{Gate: "dataset", Environment: profile})); err != nil {
				return vector, err
			}
		}
	}
	var got []string
	for _, keys := range trust {
		if _, err := keys.Verify(ctx, envelope); err == nil {
			got = append(got, "opened")
		} else {
			got = append(got, "refused")
		}
	}
	vector.Got = strings.Join(got, ", ")
	return vector, nil
}
