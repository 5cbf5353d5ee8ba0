package performance_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// server is a small model: the score is the marker, and so it refuses what is
// no number. A story changes how it answers.
type server struct {
	answer func(features map[string]string) (float64, error)
	pause  time.Duration
	seen   map[string]bool
	open   int
	failed error
}

func (s *server) Load(context.Context) (gates.Session, error) {
	s.open++
	return s, s.failed
}

func (s *server) Close() error { s.open--; return nil }

func (s *server) Predict(_ context.Context, features map[string]string) (float64, error) {
	for name := range features {
		s.seen[name] = true
	}
	time.Sleep(s.pause)
	if s.answer != nil {
		return s.answer(features)
	}
	return marker(features)
}

func marker(features map[string]string) (float64, error) {
	if features["marker"] == "" {
		return 0.5, nil
	}
	value, err := strconv.ParseFloat(features["marker"], 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, fmt.Errorf("%q is not a number", features["marker"])
	}
	return value, nil
}

// ward is a candidate of 40 patients whose scores are the server's answers.
func ward(t *testing.T, runner gates.Runner) gates.Candidate {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("died,marker,stage\n")
	var scores []float64
	for row := range 40 {
		score := float64(1+row) / 50
		fmt.Fprintf(&rows, "%d,%v,%s\n", b2i(row%3 == 0), score, "I")
		scores = append(scores, score)
	}
	c := candidate(t, rows.String(), v1alpha1.Binary, scores...)
	c.Model.Spec.Features = []string{"marker", "stage", "absent"}
	c.Dataset.Spec.Columns = []v1alpha1.Column{{Name: "marker", Type: "number"}, {Name: "stage", Type: "text"}, {Name: "died", Type: "integer"}}
	c.Runner = runner
	return c
}

func tried(t *testing.T, c gates.Candidate) []evidence.Measurement {
	t.Helper()
	measured, err := performance.Gate{}.Measure(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return measured
}

func TestACandidateIsAskedOneRequestAtATime(t *testing.T) {
	runner := &server{seen: map[string]bool{}}
	measured := tried(t, ward(t, runner))
	for name, want := range map[string]float64{
		"requests": 500, "inconsistent_scores": 0, "invalid_answers": 0, "load_seconds": .1, "predict_seconds_p50": .1, "predict_seconds_p95": .1, "predict_seconds_p99": .1,
		"missing_input_answered": 4, "missing_input_refused": 0, "garbage_input_answered": 0, "garbage_input_refused": 3,
	} {
		near(t, measured, name, want, 0)
	}
	if slowest := find(t, measured, "predict_seconds_p99"); slowest.Low != "0" || slowest.High != "0.1" || slowest.Unit != "s" || slowest.N != 500 {
		t.Errorf("got %+v", slowest)
	}
	if runner.seen["died"] || !runner.seen["stage"] {
		t.Errorf("the candidate was told %v", runner.seen)
	}
	if runner.open != 0 {
		t.Errorf("%d sessions were left open", runner.open)
	}
}

func TestAServerThatIsNotTheModelIsNoticed(t *testing.T) {
	trouble := errors.New("no")
	for name, test := range map[string]struct {
		answer                func(map[string]string) (float64, error)
		inconsistent, invalid string
	}{
		"says something else":    {func(f map[string]string) (float64, error) { s, err := marker(f); return s/2 + .5, err }, "500", "0"},
		"adds in another order":  {func(f map[string]string) (float64, error) { s, err := marker(f); return s * (1 + 1e-12), err }, "0", "0"},
		"refuses everybody":      {func(map[string]string) (float64, error) { return 0, trouble }, "500", "0"},
		"divides by zero":        {func(map[string]string) (float64, error) { return math.NaN(), nil }, "500", "507"},
		"is sure beyond measure": {func(map[string]string) (float64, error) { return 1.5, nil }, "500", "507"},
		"panics on missing values": {func(f map[string]string) (float64, error) {
			if f["stage"] == "" {
				panic("index out of range")
			}
			return marker(f)
		}, "0", "2"},
		"takes garbage for infinity": {func(f map[string]string) (float64, error) {
			s, err := strconv.ParseFloat(f["marker"], 64)
			return s, errors.Join(err)
		}, "0", "2"},
	} {
		measured := tried(t, ward(t, &server{seen: map[string]bool{}, answer: test.answer}))
		inconsistent, invalid := find(t, measured, "inconsistent_scores"), find(t, measured, "invalid_answers")
		if string(inconsistent.Value) != test.inconsistent || string(invalid.Value) != test.invalid || inconsistent.N != 500 || invalid.N != 507 {
			t.Errorf("%s: %+v, %+v", name, inconsistent, invalid)
		}
	}
}

// Scores on another scale may be any finite number.
func TestARiskScoreMayExceedOne(t *testing.T) {
	c := ward(t, &server{seen: map[string]bool{}, answer: func(map[string]string) (float64, error) { return 1.5, nil }})
	c.Scores[0], c.Model.Spec.DecisionThreshold = 2, .5
	if invalid := find(t, tried(t, c), "invalid_answers"); invalid.Value != "0" {
		t.Errorf("got %+v", invalid)
	}
}

func TestDurationsAreRoundedOutwards(t *testing.T) {
	c := ward(t, &server{seen: map[string]bool{}, pause: 120 * time.Millisecond})
	synctest.Test(t, func(t *testing.T) { // the pauses take no time here
		measured := tried(t, c)
		if asked := find(t, measured, "requests"); asked.Value != "100" { // 167 in twenty seconds, told as a round number
			t.Errorf("got %+v", asked)
		}
		if usual := find(t, measured, "predict_seconds_p50"); usual.Value != "0.2" || usual.Low != "0.1" || usual.High != "0.2" {
			t.Errorf("got %+v", usual)
		}
		if slowest := find(t, measured, "predict_seconds_p99"); slowest.Value != "0.2" || slowest.High != "" || !strings.HasSuffix(slowest.Method, "no upper end: it takes 368 requests") {
			t.Errorf("got %+v", slowest)
		}
	})
}

// Who never answers is not waited for: one request in its ten seconds, and
// another that starts before the twenty are over.
func TestAServerThatHangsIsNotWaitedFor(t *testing.T) {
	c := ward(t, hanging{})
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		measured := tried(t, c)
		near(t, measured, "requests", 2, 0)
		near(t, measured, "inconsistent_scores", 2, 0)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

type hanging struct{}

func (h hanging) Load(context.Context) (gates.Session, error) { return h, nil }

func (hanging) Predict(ctx context.Context, _ map[string]string) (float64, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

func (hanging) Close() error { return nil }

func TestNobodyToAskIsMeasuredAsSuch(t *testing.T) {
	measured := tried(t, ward(t, nil))
	near(t, measured, "requests", 0, 0)
	for _, name := range []string{"load_seconds", "predict_seconds_p95", "inconsistent_scores", "invalid_answers", "missing_input_answered", "garbage_input_refused"} {
		if m := find(t, measured, name); m.Value != "" || m.Method == "" {
			t.Errorf("got %+v", m)
		}
	}
	broken := &server{failed: errors.New("pickle of another version")}
	if _, err := (performance.Gate{}).Measure(context.Background(), ward(t, broken)); err == nil || !strings.Contains(err.Error(), "loading the candidate: pickle of another version") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	leaves := &server{seen: map[string]bool{}, answer: func(map[string]string) (float64, error) { cancel(); return 0, nil }}
	if _, err := (performance.Gate{}).Measure(ctx, ward(t, leaves)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
