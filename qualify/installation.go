package qualify

import (
	"context"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/compliance"
	"github.com/mlops-clinical-trials/assay/gates/judge"
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

// published are the reference vectors that the compliance gate asks in every
// run, too.
func published() []Vector {
	var vectors []Vector
	for _, one := range compliance.Vectors() {
		vectors = append(vectors, Vector(one))
	}
	return vectors
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
