package v1alpha1

import (
	"github.com/mlops-clinical-trials/assay/internal/calendar"
)

// Freeze is freezes/<name>.yaml: an order that nothing new comes into environments
// while it holds. Without a window it is a kill switch, and holds until the file is
// gone. It needs no signature, because it can only deny.
type Freeze struct {
	Header `yaml:",inline" json:",inline"`
	Spec   FreezeSpec `yaml:"spec" json:"spec"`
}

// FreezeSpec is the body of a Freeze: the window comes once (From, Until), or again
// and again (Schedule, Duration, Zone), or there is none.
type FreezeSpec struct {
	Reason       string   `yaml:"reason" json:"reason"`
	By           string   `yaml:"by,omitempty" json:"by,omitempty"`                     // empty where the commit says so
	Environments []string `yaml:"environments,omitempty" json:"environments,omitempty"` // all when empty
	From         string   `yaml:"from,omitempty" json:"from,omitempty"`                 // RFC 3339
	Until        string   `yaml:"until,omitempty" json:"until,omitempty"`               // RFC 3339
	Schedule     string   `yaml:"schedule,omitempty" json:"schedule,omitempty"`         // when it begins: the five fields of cron
	Duration     string   `yaml:"duration,omitempty" json:"duration,omitempty"`         // such as 60h
	Zone         string   `yaml:"zone,omitempty" json:"zone,omitempty"`                 // of the schedule, such as Europe/Paris; UTC when empty
}

// Window is when the freeze holds. One that Decode would refuse always does.
func (s FreezeSpec) Window() calendar.Window {
	window, _ := calendar.Parse(s.text())
	return window
}

func (s FreezeSpec) text() calendar.Text {
	return calendar.Text{From: s.From, Until: s.Until, Schedule: s.Schedule, Duration: s.Duration, Zone: s.Zone}
}

func (f *Freeze) validate() []problem {
	var found problems
	found.order(f.Spec.Environments, f.Spec.Reason, f.Spec.By)
	_, faults := calendar.Parse(f.Spec.text())
	for _, fault := range faults {
		found.add("spec."+fault.Field, "%s", fault.Text)
	}
	return found
}
