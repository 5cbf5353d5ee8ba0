package bias_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// free holds for the numbers that may lie outside [0, 1].
func free(name string) bool {
	return name == "net_benefit" || strings.HasSuffix(name, "oe_ratio") || strings.HasSuffix(name, "calibration_slope") || strings.HasSuffix(name, "_change")
}

// Whatever the cohorts and whoever is hidden, gaps and rates lie in [0, 1], and
// every number inside its interval.
func FuzzGapsLieInTheirIntervals(f *testing.F) {
	f.Add([]byte{9, 1, 0, 1, 0, 0, 8, 1, 1, 2, 0, 1, 5, 1, 2}, .5, 3., false)
	f.Add(slices.Repeat([]byte{9, 1, 0, 1, 0, 3, 8, 1, 1, 2, 0, 1, 5, 1, 2}, 9), .5, 1., true)
	f.Fuzz(func(t *testing.T, data []byte, threshold, horizon float64, suppressed bool) {
		var scores, time []float64
		var labels []bool
		site, sex := bias.Attribute{Column: "site", Unsuppressed: !suppressed}, bias.Attribute{Column: "sex", Unsuppressed: !suppressed}
		for ; len(data) >= 3; data = data[3:] {
			scores = append(scores, float64(data[0]%11)/10)
			time = append(time, float64(data[1]/2%8))
			labels = append(labels, data[1]&1 == 1)
			site.Values = append(site.Values, []string{"", "a", "b", "c", "d"}[data[2]%5])
		}
		champion := slices.Clone(scores)
		slices.Reverse(champion)
		for row := range scores {
			sex.Values = append(sex.Values, []string{"f", "m"}[row%2])
		}
		attributes := []bias.Attribute{site, sex}
		binary, _ := bias.Binary(scores, labels, threshold, attributes)
		changed, _ := bias.Changes(at(threshold, scores), at(threshold/2, champion), labels, attributes)
		survival, _ := bias.Survival(scores, time, labels, []bias.Attribute{site})
		risks, _ := bias.Horizon(champion, time, labels, horizon, attributes)
		var reordered []evidence.Measurement
		if len(scores) < 40 { // it is resampled
			reordered, _ = bias.SurvivalChanges(scores, champion, time, labels, [32]byte{1}, []bias.Attribute{sex})
		}
		for _, m := range slices.Concat(binary, changed, survival, risks, reordered) {
			honest(t, m)
		}
	})
}

func honest(t *testing.T, m evidence.Measurement) {
	t.Helper()
	if err := m.Validate(); err != nil || m.Method == "" {
		t.Errorf("%+v: %v", m, err)
	}
	if m.Low == "" {
		return
	}
	const rounding = 1e-9
	low, high := m.Low.Float(), m.High.Float()
	if !(low <= high) || !free(m.Name) && !(0 <= low && high <= 1) {
		t.Errorf("%+v: no interval in [0, 1]", m)
	}
	if m.Value != "" && (m.Value.Float() < low-rounding || m.Value.Float() > high+rounding) {
		t.Errorf("%+v: the value is outside its interval", m)
	}
}
