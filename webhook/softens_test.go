package webhook

import "testing"

func TestWhereADenialLetsIn(t *testing.T) {
	for name, test := range map[string]struct {
		modes Modes
		want  bool
	}{
		"nothing said":      {Modes{}, false},
		"denied":            {Modes{All: Deny, Rules: map[string]Mode{"workload.released": Deny}}, false},
		"everything warns":  {Modes{All: Warn}, true},
		"one rule is tried": {Modes{Rules: map[string]Mode{"workload.released": DryRun}}, true},
	} {
		if got := test.modes.Softens(); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
