package v1alpha1_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const freeze = `apiVersion: assay.dev/v1alpha1
kind: Freeze
metadata:
  name: weekends
spec:
  reason: nobody is there to look at it
  by: ruiz@example.org
  environments: [staging, production]
  schedule: 0 18 * * fri
  duration: 60h
  zone: Europe/Paris
`

func TestAFreezeIsReadAndHolds(t *testing.T) {
	var read v1alpha1.Freeze
	if err := v1alpha1.Decode("freezes/weekends.yaml", []byte(freeze), &read); err != nil {
		t.Fatal(err)
	}
	saturday := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	if got := read.Spec.Window().At(saturday); !got.Holds || !got.Until.Equal(time.Date(2026, 11, 30, 5, 0, 0, 0, time.UTC)) {
		t.Errorf("on a Saturday: %+v", got)
	}
	stop := strings.Split(freeze, "  schedule:")[0]
	if err := v1alpha1.Decode("freezes/weekends.yaml", []byte(stop), &v1alpha1.Freeze{}); err != nil {
		t.Errorf("a kill switch: %v", err)
	}
	if !(v1alpha1.FreezeSpec{Schedule: "whenever"}).Window().At(saturday).Holds {
		t.Error("a freeze that nobody can read is open")
	}
}

func TestAFreezeThatIsMisspeltNamesFileLineAndField(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"a schedule":        {"0 18 * * fri", "0 18 * * friday", `f.yaml:9: spec.schedule: "friday" is no day of the week`},
		"a duration":        {"60h", "60", `f.yaml:10: spec.duration: "60" is not a duration`},
		"a zone":            {"Europe/Paris", "Paris", `f.yaml:11: spec.zone: "Paris" is not a time zone`},
		"both windows":      {"  zone: Europe/Paris", "  from: \"2026-12-24T12:00:00Z\"", `f.yaml:9: spec.schedule: stands beside from`},
		"half a window":     {"  schedule: 0 18 * * fri\n  duration: 60h\n  zone: Europe/Paris", "  until: \"2026-12-24T12:00:00Z\"", `f.yaml:6: spec.from: is missing`},
		"no reason":         {"nobody is there to look at it", `" "`, "f.yaml:6: spec.reason: is empty"},
		"a field":           {"  zone:", "  timezone:", `f.yaml:11: unknown field "timezone"`},
		"an environment":    {"[staging, production]", "[staging, ../production]", "f.yaml:8: spec.environments[1]: "},
		"a list of windows": {"0 18 * * fri", "[0 18 * * fri]", "f.yaml:9: schedule: "},
	} {
		text := strings.Replace(freeze, test.old, test.new, 1)
		if err := v1alpha1.Decode("f.yaml", []byte(text), &v1alpha1.Freeze{}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

// FuzzAFreezeHoldsOrIsRefused: whatever the bytes, reading a freeze ends, and what
// is refused holds as if it had no window.
func FuzzAFreezeHoldsOrIsRefused(f *testing.F) {
	f.Add([]byte(freeze), int64(1795431600))
	f.Add([]byte(strings.Replace(freeze, "60h", "1m", 1)), int64(0))
	f.Fuzz(func(t *testing.T, content []byte, seconds int64) {
		var read v1alpha1.Freeze
		err := v1alpha1.Decode("f.yaml", content, &read)
		if err != nil && !strings.HasPrefix(err.Error(), "f.yaml:") {
			t.Errorf("%v", err)
		}
		now := time.Unix(seconds%(1<<33), 0)
		if at := read.Spec.Window().At(now); !at.Until.IsZero() && !at.Until.After(now) {
			t.Errorf("at %s: %+v", now, at)
		}
	})
}
