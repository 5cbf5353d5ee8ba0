package controller

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var digest = evidence.Sum([]byte("tumour"))

// done is the state of a promotion that was delivered.
func done() *promotion.State {
	state := &promotion.State{Request: promotion.Request{Environment: "development", Model: "tumour"},
		Release: evidence.Subject{Name: "tumour", Digest: digest}, Verdict: gates.Verdict{Evaluated: []string{"a.rule"}}}
	for _, phase := range promotion.Phases() {
		state.Outputs = append(state.Outputs, promotion.Output{Phase: phase, Input: digest, Output: digest})
	}
	return state
}

// denied is the state of a promotion that a rule stopped.
func denied(message string) *promotion.State {
	state := done()
	state.Request.Environment, state.Outputs = "staging", state.Outputs[:7]
	state.Verdict.Findings = []gates.Finding{
		{Rule: "a.warning", Severity: gates.Warn, Message: "look"},
		{Rule: "a.rule", Severity: gates.Deny, State: gates.Failed, Message: message, Remedy: "retrain"},
	}
	return state
}

func says(t *testing.T, status kube.PromotionStatus, kind string, value metav1.ConditionStatus, reason, message string) {
	t.Helper()
	condition := meta.FindStatusCondition(status.Conditions, kind)
	if condition == nil || condition.Status != value || condition.Reason != reason || !strings.Contains(condition.Message, message) {
		t.Errorf("%s is %+v, want %s, %s, %q", kind, condition, value, reason, message)
	}
}

func TestADeliveredPromotionIsReady(t *testing.T) {
	shown := statusOf(kube.PromotionStatus{}, done(), nil, 7, time.Time{})
	for _, phase := range promotion.Phases() {
		says(t, shown, phase, metav1.ConditionTrue, "Done", string(digest))
	}
	says(t, shown, "Ready", metav1.ConditionTrue, "Delivered", "serves tumour@"+string(digest))
	if shown.ObservedGeneration != 7 || shown.Release != string(digest) || len(shown.Outputs) != len(promotion.Phases()) || len(shown.Findings) != 0 {
		t.Errorf("shown %+v", shown)
	}
}

func TestADeniedPromotionSaysByWhatAndKeepsWhatItServes(t *testing.T) {
	shown := statusOf(statusOf(kube.PromotionStatus{}, done(), nil, 1, time.Time{}), denied("gap 0.12, limit 0.10"), nil, 2, time.Time{})
	says(t, shown, "Judged", metav1.ConditionFalse, "Denied", "a.rule: gap 0.12, limit 0.10 (1 findings deny)")
	says(t, shown, "Ready", metav1.ConditionFalse, "Denied", "a.rule")
	says(t, shown, "Packed", metav1.ConditionTrue, "Done", "")
	says(t, shown, "Delivered", metav1.ConditionTrue, "Done", "") // what was delivered before serves on
	if len(shown.Findings) != 2 || len(shown.Outputs) != 7 {
		t.Errorf("%d findings, %d outputs", len(shown.Findings), len(shown.Outputs))
	}
}

// A verdict that evaluated nothing never makes a promotion ready.
func TestAVerdictOfNothingIsADenial(t *testing.T) {
	state := done()
	state.Verdict = gates.Verdict{}
	says(t, statusOf(kube.PromotionStatus{}, state, nil, 1, time.Time{}), "Ready", metav1.ConditionFalse, "Denied", "no rule was evaluated")
}

func TestAnErrorSaysWhereAndLeavesTheRest(t *testing.T) {
	before := statusOf(kube.PromotionStatus{}, done(), nil, 1, time.Time{})
	stopped := &promotion.Error{Phase: "Packed", Err: errors.New("the registry did not answer")}
	shown := statusOf(before, &promotion.State{}, stopped, 2, time.Time{})
	says(t, shown, "Packed", metav1.ConditionFalse, "Error", "the registry did not answer")
	says(t, shown, "Ready", metav1.ConditionFalse, "PackedError", "the registry did not answer")
	says(t, shown, "Delivered", metav1.ConditionTrue, "Done", "")
	if shown.Release != before.Release || len(shown.Outputs) != len(promotion.Phases()) || shown.ObservedGeneration != 1 {
		t.Errorf("shown %+v", shown)
	}
	if before.ObservedGeneration != 1 {
		t.Error("what was shown before was changed in place")
	}
}

// Messages hold text of a repository: they are bounded and stay UTF-8, else the
// API server would keep something else than was written.
func TestLongMessagesAreCutBetweenCharacters(t *testing.T) {
	state := denied("x" + strings.Repeat("ü", 5000))
	for range 200 {
		state.Verdict.Findings = append(state.Verdict.Findings, state.Verdict.Findings[1])
	}
	shown := statusOf(kube.PromotionStatus{}, state, nil, 1, time.Time{})
	if len(shown.Findings) != maxFindings {
		t.Errorf("%d findings", len(shown.Findings))
	}
	texts := []string{cut(strings.Repeat("\xff", 10))}
	for _, condition := range shown.Conditions {
		texts = append(texts, condition.Message)
	}
	for _, finding := range shown.Findings {
		texts = append(texts, finding.Message, finding.Remedy)
	}
	for _, text := range texts {
		if len(text) > maxMessage || !utf8.ValidString(text) {
			t.Errorf("%d bytes, UTF-8 %v", len(text), utf8.ValidString(text))
		}
	}
}

func TestPhasesAreTimedByHowTheyEnded(t *testing.T) {
	Observe(t.Context(), promotion.Event{Phase: "Tested"})
	Observe(t.Context(), promotion.Event{Phase: "Tested", Done: true, Output: promotion.Output{Took: time.Second}})
	Observe(t.Context(), promotion.Event{Phase: "Tested", Done: true, Output: promotion.Output{Cached: true}})
	Observe(t.Context(), promotion.Event{Phase: "Tested", Done: true, Output: promotion.Output{Cached: true}, Err: errors.New("no")})
	families, err := metrics.Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]uint64{}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if labels := metric.GetLabel(); family.GetName() == "assay_phase_seconds" && labels[0].GetValue() == "Tested" {
				counted[labels[1].GetValue()] = metric.GetHistogram().GetSampleCount()
			}
		}
	}
	if want := map[string]uint64{"done": 1, "cached": 1, "error": 1}; !maps.Equal(counted, want) {
		t.Errorf("counted %v", counted)
	}
}
