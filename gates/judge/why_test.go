package judge_test

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// spoilt is the passing model with one measurement replaced.
func spoilt(gate string, instead ...evidence.Measurement) judge.Question {
	measured := passing()
	for _, m := range instead {
		at := slices.IndexFunc(measured[gate], func(known evidence.Measurement) bool { return known.Name == m.Name && known.Group == m.Group })
		if at < 0 {
			panic(gate + " measures no " + m.Name)
		}
		measured[gate][at] = m
	}
	return ask(measured)
}

// shared is compiled once for all of these tests.
var shared = sync.OnceValues(func() (*judge.Judge, error) { return judge.New(context.Background(), policies.FS) })

func sharedJudge(t testing.TB) *judge.Judge {
	t.Helper()
	court, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return court
}

func why(t testing.TB, question judge.Question, rule string) judge.Why {
	t.Helper()
	told, err := sharedJudge(t).Why(t.Context(), question, rule)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

func TestWhatWouldHavePassed(t *testing.T) {
	instant := func(at time.Time) evidence.Measurement {
		return evidence.Measurement{Name: "data_use_expires", Value: evidence.Number(float64(at.Unix())), N: 1, Unit: "unix seconds"}
	}
	for claim, story := range map[string]struct {
		rule     string
		question judge.Question
		want     []string
	}{
		"an interval that does not prove it": {"model.performance.discrimination",
			spoilt("performance", interval("auroc", 0.6312, 0.78, 0.83)),
			[]string{"performance.auroc's lower end is at least 0.8 (now 0.6312)"}},
		"an interval that lies beyond it": {"model.performance.discrimination",
			spoilt("performance", interval("auroc", 0.5, 0.55, 0.6)),
			[]string{"performance.auroc is at least 0.85, with an interval as wide as it is (now 0.55)"}},
		"a gap between cohorts": {"model.bias.equal_opportunity",
			spoilt("bias", about("sex", interval("equal_opportunity_difference", 0.05, 0.2, 0.35))),
			[]string{"bias.equal_opportunity_difference[sex]'s upper end is at most 0.1 (now 0.35)"}},
		"too few patients": {"model.dataset.events",
			spoilt("dataset", number("events", 7)),
			[]string{"dataset.events is at least 20 (now 7)"}},
		"too many vulnerabilities": {"model.security.vulnerabilities",
			spoilt("security", about("critical", number("vulnerabilities", 7))),
			[]string{"security.vulnerabilities[critical] is at most 0 (now 7)"}},
		"an agreement that has ended": {"model.compliance.data_use",
			spoilt("compliance", instant(now.Add(-time.Hour))),
			[]string{"compliance.data_use_expires is at least 2026-11-23T12:00:01Z (now 2026-11-23T11:00:00Z)",
				"it would have passed until 2026-11-23T10:59:59Z"}},
		"a question that must be answered yes": {"model.compliance.data_use",
			spoilt("compliance", number("data_use_agreement", 0)),
			[]string{"compliance.data_use_agreement is exactly 1 (now 0)"}},
	} {
		t.Run(claim, func(t *testing.T) {
			told := why(t, story.question, story.rule)
			var got []string
			for _, one := range told.Passes {
				got = append(got, one.String())
			}
			if told.Finding == nil || !told.Searched || !slices.Equal(got, story.want) {
				t.Errorf("finding %+v, searched %t, passes\n%q, want\n%q", told.Finding, told.Searched, got, story.want)
			}
		})
	}
}

// Whatever number of whatever rule is spoilt: what is told really passes, and a
// little less does not.
func TestACounterfactualIsTrue(t *testing.T) {
	court := sharedJudge(t)
	told := map[string]int{}
	for _, rule := range court.Rules() {
		if !strings.HasPrefix(rule, "model.") {
			continue
		}
		met, err := court.Why(t.Context(), ask(passing()), rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, reading := range met.Read[:min(len(met.Read), 1)] {
			for _, value := range []float64{1e3, -1e3} {
				worse := reading.Measurement
				if worse.Low != "" {
					worse.Low, worse.High = evidence.Number(value-0.1), evidence.Number(value+0.1)
				}
				worse.Value = evidence.Number(value)
				question := spoilt(reading.Gate, worse)
				answered, err := court.Why(t.Context(), question, rule)
				if err != nil || !answered.Searched {
					t.Fatalf("%s: %v, searched %t", rule, err, answered.Searched)
				}
				for _, one := range answered.Passes {
					told[strings.Split(rule, ".")[1]]++
					holds(t, court, question, rule, one)
				}
				if len(answered.Passes) > 0 {
					break
				}
			}
		}
	}
	t.Logf("counterfactuals by gate: %v", told)
	for _, gate := range []string{"dataset", "performance", "bias", "compliance", "security"} {
		if told[gate] < 5 {
			t.Errorf("only %d counterfactuals of gate %s were tried", told[gate], gate)
		}
	}
}

// holds applies a counterfactual, and a little less of it.
func holds(t *testing.T, court *judge.Judge, question judge.Question, rule string, one judge.Counterfactual) {
	t.Helper()
	needed := one.Needed.Float()
	little := 1e-6 * math.Max(1, math.Abs(needed))
	if one.Part == judge.PartTime || !strings.Contains(string(one.Needed), ".") && one.Reading.Low == "" {
		little = 1
	}
	met := func(value float64) bool {
		changed := question
		if one.Part == judge.PartTime {
			changed.Time = time.Unix(int64(value), 0)
		} else {
			changed = spoiltBy(question, *one.Reading, one.Part, value)
		}
		verdict, err := court.Judge(t.Context(), changed)
		if err != nil {
			t.Fatal(err)
		}
		return !slices.ContainsFunc(verdict.Findings, func(found gates.Finding) bool { return found.Rule == rule })
	}
	passes := map[judge.Direction][]float64{
		judge.AtLeast: {needed}, judge.AtMost: {needed}, judge.Exactly: {needed}, judge.Above: {needed + little}, judge.Below: {needed - little},
	}
	fails := map[judge.Direction][]float64{
		judge.AtLeast: {needed - little}, judge.AtMost: {needed + little}, judge.Exactly: {needed - little, needed + little}, judge.Above: {needed}, judge.Below: {needed},
	}
	for _, value := range passes[one.Passes] {
		if !met(value) {
			t.Errorf("%s: %s: it does not pass at %v", rule, one, value)
		}
	}
	for _, value := range fails[one.Passes] {
		if met(value) {
			t.Errorf("%s: %s: it passes at %v too", rule, one, value)
		}
	}
}

// tidy leaves out the digits that only the arithmetic of a computer has made.
func tidy(value float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 12, 64), 64)
	if err != nil {
		panic(err)
	}
	return short
}

// spoiltBy is the question with one part of a reading changed.
func spoiltBy(question judge.Question, reading judge.Reading, part judge.Part, value float64) judge.Question {
	model := *question.Model
	model.Evidence.Statements = slices.Clone(model.Evidence.Statements)
	for i, statement := range model.Evidence.Statements {
		if statement.Measurements == nil || statement.Measurements.Gate != reading.Gate {
			continue
		}
		measured := *statement.Measurements
		measured.Measurements = slices.Clone(measured.Measurements)
		at := slices.Index(measured.Measurements, reading.Measurement)
		m := &measured.Measurements[at]
		switch part {
		case judge.PartLow:
			m.Low = evidence.Number(value)
		case judge.PartHigh:
			m.High = evidence.Number(value)
		case judge.PartWhole:
			by := value - m.Value.Float()
			m.Low, m.High = evidence.Number(tidy(m.Low.Float()+by)), evidence.Number(tidy(m.High.Float()+by))
			fallthrough
		default:
			m.Value = evidence.Number(value)
		}
		model.Evidence.Statements[i].Measurements = &measured
	}
	question.Model = &model
	return question
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	measured := passing()
	delete(measured, "performance")
	told := why(t, ask(measured), "model.performance.discrimination")
	if len(told.Passes) > 0 || len(told.Missing) != 1 || told.Missing[0].String() != "performance.auroc" || told.Missing[0].Method != "it is not there" {
		t.Errorf("%+v", told)
	}
	measured = passing()
	measured["performance"] = append(measured["performance"], interval("auroc", 0.9, 0.95, 0.99))
	if told := why(t, ask(measured), "model.performance.discrimination"); len(told.Missing) != 1 || told.Missing[0].Method != "it is there more than once" {
		t.Errorf("%+v", told.Missing)
	}
}

func TestWhatMayBeWaived(t *testing.T) {
	if told := why(t, spoilt("performance", interval("auroc", 0.5, 0.55, 0.6)), "model.performance.discrimination"); !told.Waivable {
		t.Error("an AUROC cannot be waived")
	}
	if told := why(t, spoilt("compliance", number("data_use_agreement", 0)), "model.compliance.data_use"); told.Waivable {
		t.Error("an agreement can be waived")
	}
}

func TestWhyIsAskedOfRulesAboutModels(t *testing.T) {
	court := sharedJudge(t)
	for rule, question := range map[string]judge.Question{
		"workload.pinned": ask(passing()), "model.nothing.at_all": ask(passing()), "": ask(passing()),
		"model.bias.equal_opportunity": {Time: now, Workload: &judge.Workload{}},
	} {
		if _, err := court.Why(t.Context(), question, rule); err == nil {
			t.Errorf("%q: no error", rule)
		}
	}
}

// Four thousand measurements are not searched without end.
func TestASearchIsBounded(t *testing.T) {
	measured := passing()
	for i := range evidence.MaxMeasurements {
		measured["bias"] = append(measured["bias"], about(strings.Repeat("x", i%50)+string(evidence.Count(i)), interval("equal_opportunity_difference", 0.5, 0.6, 0.7)))
	}
	court := sharedJudge(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began := time.Now()
	told, err := court.Why(ctx, ask(measured), "model.bias.equal_opportunity")
	if took := time.Since(began); err == nil || told.Searched || took > 10*time.Second {
		t.Errorf("it took %s: %v", took, err)
	}
}
