package bias_test

import (
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/bias"
)

// Whatever the cohorts, gaps lie in [0, 1] and inside their intervals.
func FuzzGapsLieInTheirIntervals(f *testing.F) {
	f.Add([]byte{9, 1, 0, 1, 0, 0, 8, 1, 1, 2, 0, 1, 5, 1, 2}, .5)
	f.Fuzz(func(t *testing.T, data []byte, threshold float64) {
		var scores, time []float64
		var labels []bool
		attribute := bias.Attribute{Column: "site"}
		for ; len(data) >= 3; data = data[3:] {
			scores = append(scores, float64(data[0]%11)/10)
			time = append(time, float64(data[1]/2%8))
			labels = append(labels, data[1]&1 == 1)
			attribute.Values = append(attribute.Values, []string{"", "a", "b", "c", "d"}[data[2]%5])
		}
		binary, _ := bias.Binary(scores, labels, threshold, []bias.Attribute{attribute})
		survival, _ := bias.Survival(scores, time, labels, []bias.Attribute{attribute})
		for _, m := range append(binary, survival...) {
			if err := m.Validate(); err != nil || m.Method == "" {
				t.Errorf("%+v: %v", m, err)
			}
			if m.Low == "" {
				continue
			}
			const rounding = 1e-9
			low, high := m.Low.Float(), m.High.Float()
			if !(0 <= low && low <= high && high <= 1) {
				t.Errorf("%+v: no interval in [0, 1]", m)
			}
			if m.Value != "" && (m.Value.Float() < low-rounding || m.Value.Float() > high+rounding) {
				t.Errorf("%+v: the value is outside its interval", m)
			}
		}
	})
}
