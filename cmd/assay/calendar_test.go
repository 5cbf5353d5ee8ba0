package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

func TestTheCalendarTellsWhatEndsFirst(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	release := func(name string, status metav1.ConditionStatus, days int, rule, message string) kube.Release {
		made := kube.Release{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: kube.ReleaseSpec{Environment: "staging"}}
		made.Status = kube.ReleaseStatus{Workloads: 2, Rule: rule, Conditions: []metav1.Condition{{Type: kube.Admissible, Status: status, Message: message}}}
		if days > 0 {
			until := metav1.NewTime(now.AddDate(0, 0, days))
			made.Status.AdmissibleUntil = &until
		}
		return made
	}
	entries := []calendarEntry{
		entryOf(release("stays", metav1.ConditionTrue, 0, "", "every rule is met")),
		entryOf(release("in-may", metav1.ConditionTrue, 170, "model.compliance.ethics", "the decision ends")),
		entryOf(release("this-week", metav1.ConditionTrue, 5, "model.compliance.data_use", "the agreement\x1b[2J ends")),
		entryOf(release("gone", metav1.ConditionFalse, 0, "model.security.freshness", "the scan is old")),
		entryOf(kube.Release{ObjectMeta: metav1.ObjectMeta{Name: "new"}}),
	}
	var told strings.Builder
	slices.SortFunc(entries, soonestFirst)
	if err := tellCalendar(&told, entries, now, 14); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(told.String(), "\n")
	for i, want := range []string{"RELEASE", "gone", "new", "this-week", "in-may", "stays", "warning: gone: the scan is old", "warning: new: ", "warning: this-week: the agreement"} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d is not of %s:\n%s", i, want, told.String())
		}
	}
	for _, want := range []string{"not admissible", "not known", "2026-11-28 (in 5 days)", "2027-05-12", "no end foreseen"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, told.String())
		}
	}
	if strings.Contains(told.String(), "\x1b") {
		t.Error("what was signed reaches the terminal")
	}
}

func TestAnEmptyCalendarSaysWhoWouldFillIt(t *testing.T) {
	var told strings.Builder
	if err := tellCalendar(&told, nil, time.Time{}, 14); err != nil || !strings.Contains(told.String(), "hint: ") {
		t.Error(told.String(), err)
	}
}

func TestACalendarNeedsACluster(t *testing.T) {
	code, _, stderr := assay(t, "calendar", "--kubeconfig", "/nowhere")
	if code != couldNotJudge || !strings.Contains(stderr, "finding the cluster") {
		t.Errorf("%d, %s", code, stderr)
	}
}
