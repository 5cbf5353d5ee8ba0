package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func TestAFreezeIsWrittenForThePullRequestAndTakenAway(t *testing.T) {
	t.Chdir(t.TempDir())
	code, stdout, stderr := assay(t, "freeze", "--name", "weekends", "--environment", "staging", "--environment", "production", "--reason", "no changes on weekends",
		"--by", "ruiz@example.org", "--schedule", "0 18 * * fri", "--duration", "60h", "--zone", "Europe/Paris")
	if code != allowed || !strings.Contains(stdout, "wrote freezes/weekends.yaml: nothing new comes into staging, production from ") {
		t.Fatal(code, stdout, stderr)
	}
	var read v1alpha1.Freeze
	if err := v1alpha1.Decode("freezes/weekends.yaml", []byte(readFile(t, "freezes/weekends.yaml")), &read); err != nil {
		t.Fatal(err)
	}
	if read.Metadata.Name != "weekends" || len(read.Spec.Environments) != 2 || read.Spec.Schedule != "0 18 * * fri" || read.Spec.By != "ruiz@example.org" {
		t.Errorf("wrote %+v", read)
	}
	if code, _, stderr := assay(t, "freeze", "--name", "weekends", "--reason", "again"); code != couldNotJudge || !strings.Contains(stderr, "is there already") {
		t.Errorf("again: %d, %s", code, stderr)
	}
	if code, stdout, stderr := assay(t, "thaw", "weekends"); code != allowed || !strings.Contains(stdout, "removed freezes/weekends.yaml") {
		t.Errorf("lifted: %d, %s%s", code, stdout, stderr)
	}
	for want, name := range map[string]string{"there is no freezes/weekends.yaml": "weekends", "is not the name of a freeze": "../assay"} {
		if code, _, stderr := assay(t, "thaw", name); code != couldNotJudge || !strings.Contains(stderr, want) {
			t.Errorf("%s: %d, %s", name, code, stderr)
		}
	}
	if err := os.WriteFile("freezes/notes.yaml", []byte("kind: Note\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := assay(t, "thaw", "notes"); code != couldNotJudge {
		t.Error("it removed what is no freeze")
	}
}

func TestAFreezeInAHurryIsAnObject(t *testing.T) {
	t.Chdir(t.TempDir())
	code, stdout, stderr := assay(t, "freeze", "--reason", "the registry was broken into", "-o", "yaml")
	var object kube.Freeze
	if err := yaml.UnmarshalStrict([]byte(stdout), &object); code != allowed || err != nil {
		t.Fatal(code, err, stdout, stderr)
	}
	if object.Kind != "Freeze" || !strings.HasPrefix(object.Name, "everywhere-") || object.Spec.Reason != "the registry was broken into" || object.Spec.Until != "" {
		t.Errorf("printed %s", stdout)
	}
	if _, err := os.Stat("freezes"); err == nil {
		t.Error("and wrote a file")
	}
}

func TestAFreezeThatEndsWithoutABeginningBeginsNow(t *testing.T) {
	now := time.Date(2026, 12, 24, 12, 0, 0, 500, time.UTC)
	order, _, err := freezeOf("", v1alpha1.FreezeSpec{Environments: []string{"production"}, Reason: "x", Until: "4h"}, now)
	if err != nil || order.Spec.From != "2026-12-24T12:00:00Z" || order.Spec.Until != "2026-12-24T16:00:00Z" || !strings.HasPrefix(order.Metadata.Name, "production-") {
		t.Errorf("%+v, %v", order, err)
	}
	for want, spec := range map[string]v1alpha1.FreezeSpec{
		"--until":                  {Reason: "x", Until: "yesterday"},
		"spec.until: is missing":   {Reason: "x", From: "2026-12-24T12:00:00Z"},
		"spec.reason":              {Reason: " "},
		"spec.environments[0]":     {Reason: "x", Environments: []string{"../.."}},
		"spec.schedule":            {Reason: "x", Schedule: "soon", Duration: "1h"},
		"spec.zone: \"Atlantis\"":  {Reason: "x", Schedule: "0 0 * * *", Duration: "1h", Zone: "Atlantis"},
		"spec.schedule: stands be": {Reason: "x", Until: "4h", Schedule: "0 0 * * *", Duration: "1h"},
	} {
		if _, _, err := freezeOf("stop", spec, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestTheCalendarTellsOfFreezes(t *testing.T) {
	now := time.Date(2026, 12, 20, 12, 0, 0, 0, time.UTC)
	freeze := func(name string, spec kube.FreezeSpec) kube.Freeze {
		spec.Reason = "nobody\x1b[2J is there"
		return kube.Freeze{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec}
	}
	coming := comingFreezes([]kube.Freeze{
		freeze("holidays", kube.FreezeSpec{Environments: []string{"production"}, From: "2026-12-24T12:00:00Z", Until: "2027-01-04T06:00:00Z"}),
		freeze("over", kube.FreezeSpec{From: "2026-11-24T12:00:00Z", Until: "2026-11-25T12:00:00Z"}),
		freeze("far", kube.FreezeSpec{From: "2027-11-24T12:00:00Z", Until: "2027-11-25T12:00:00Z"}),
		freeze("nightly", kube.FreezeSpec{Schedule: "0 22 * * *", Duration: "8h"}),
		freeze("stop", kube.FreezeSpec{}),
	}, now, 14)
	var names []string
	for _, one := range coming {
		names = append(names, one.Freeze)
	}
	if !slices.Equal(names, []string{"stop", "nightly", "holidays"}) {
		t.Errorf("listed %v", names)
	}
	var told strings.Builder
	if err := tellFreezes(&told, coming); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"somebody lifts it", "2026-12-20T22:00:00Z", "2026-12-21T06:00:00Z", "2026-12-24T12:00:00Z", "production"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, told.String())
		}
	}
	if strings.Contains(told.String(), "\x1b") {
		t.Error("a reason reaches the terminal as it is")
	}
	told.Reset()
	if err := tellFreezes(&told, nil); err != nil || told.Len() != 0 {
		t.Errorf("of none it says %q", told.String())
	}
}
