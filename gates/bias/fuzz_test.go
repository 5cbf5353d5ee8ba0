package bias_test

import (
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// free are the numbers that may lie outside [0, 1].
var free = map[string]bool{
	"oe_ratio": true, "lowest_oe_ratio": true, "highest_oe_ratio": true, "net_benefit": true, "calibration_slope": true,
	"sensitivity_change": true, "worst_sensitivity_change": true,
}

// Whatever the cohorts, gaps and rates lie in [0, 1], and every number inside
// its interval.
func FuzzGapsLieInTheirIntervals(f *testing.F) {
	f.Add([]byte{9, 1, 0, 1, 0, 0, 8, 1, 1, 2, 0, 1, 5, 1, 2}, .5)
	f.Fuzz(func(t *testing.T, data []byte, threshold float64) {
		var scores, time []float64
		var labels []bool
		attribute, sex := bias.Attribute{Column: "site"}, bias.Attribute{Column: "sex"}
		for ; len(data) >= 3; data = data[3:] {
			scores = append(scores, float64(data[0]%11)/10)
			time = append(time, float64(data[1]/2%8))
			labels = append(labels, data[1]&1 == 1)
			attribute.Values = append(attribute.Values, []string{"", "a", "b", "c", "d"}[data[2]%5])
		}
		champion := slices.Clone(scores)
		slices.Reverse(champion)
		for row := range scores {
			sex.Values = append(sex.Values, []string{"f", "m"}[row%2])
		}
		attributes := []bias.Attribute{attribute, sex}
		binary, _ := bias.Binary(scores, labels, threshold, attributes)
		changed, _ := bias.Changes(scores, champion, labels, threshold, attributes)
		survival, _ := bias.Survival(scores, time, labels, []bias.Attribute{attribute})
		for _, m := range slices.Concat(binary, changed, survival) {
			if err := m.Validate(); err != nil || m.Method == "" {
				t.Errorf("%+v: %v", m, err)
			}
			if m.Low == "" {
				continue
			}
			const rounding = 1e-9
			low, high := m.Low.Float(), m.High.Float()
			if !(low <= high) || !free[m.Name] && !(0 <= low && high <= 1) {
				t.Errorf("%+v: no interval in [0, 1]", m)
			}
			if m.Value != "" && (m.Value.Float() < low-rounding || m.Value.Float() > high+rounding) {
				t.Errorf("%+v: the value is outside its interval", m)
			}
		}
	})
}
