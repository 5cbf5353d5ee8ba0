package performance_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// patientBytes hold a score, a champion's score and a time of 8 bytes each, and
// a label.
const patientBytes = 25

// decode makes patients of arbitrary bytes: any float64 may turn up, and small
// whole bytes make ties.
func decode(data []byte) (scores, champion, time []float64, labels []bool) {
	for ; len(data) >= patientBytes && len(scores) < 50; data = data[patientBytes:] {
		scores = append(scores, float(data))
		champion = append(champion, float(data[8:]))
		time = append(time, float(data[16:]))
		labels = append(labels, data[24]&1 == 1)
	}
	return scores, champion, time, labels
}

func float(data []byte) float64 {
	if data[0] < 250 {
		return float64(data[1]%11) / 10
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(data))
}

// Whatever the scores, there is an error or a list of honest measurements.
func FuzzMeasurementsAreHonest(f *testing.F) {
	f.Add([]byte("0 000000"+"0 100000"+"0 200000"+"0"+"0 900000"+"0 100000"+"0 300000"+"1"), .5)
	f.Add([]byte("0900000000000000000000000"+"0100000000000000000000001"), .1)
	f.Fuzz(func(t *testing.T, data []byte, threshold float64) {
		scores, champion, time, labels := decode(data)
		if measured, err := performance.Binary(scores, labels, threshold, performance.Champion{Scores: champion, Threshold: threshold}, [32]byte{}); err == nil {
			honest(t, measured)
		}
		honest(t, performance.AtHorizon(scores, time, labels, threshold))
		if measured, err := performance.Survival(scores, time, labels, champion, [32]byte{}); err == nil {
			honest(t, measured)
		}
	})
}

func honest(t *testing.T, measured []evidence.Measurement) {
	t.Helper()
	for _, m := range measured {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		certain := m.Method == "counted" || m.Name == "no_information_rate_p" || strings.HasSuffix(m.Method, "no upper end within the follow-up")
		if m.Method == "" || (m.Value == "") != (m.Low == "" && m.High == "" && !certain) {
			t.Errorf("%+v", m)
		}
		const rounding = 1e-9
		if m.Low != "" && !(m.Low.Float() <= m.Value.Float()+rounding && m.Value.Float() <= m.High.Float()+rounding) {
			t.Errorf("%+v: the value is outside its interval", m)
		}
	}
}
