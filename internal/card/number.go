package card

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// level is that of every interval in evidence, in percent.
const level = 95

// tell is a number as people read it, with its interval where it has one.
func tell(m evidence.Measurement) string {
	if m.Unit == "unix seconds" {
		return time.Unix(int64(m.Value.Float()), 0).UTC().Format(time.DateOnly)
	}
	text := short(m.Value)
	if unit := m.Unit; unit != "" && unit != "1" {
		text += " " + unit
	}
	if hasInterval(m) {
		text += fmt.Sprintf(" (%d%% interval %s to %s)", level, short(m.Low), short(m.High))
	}
	return text
}

func hasInterval(m evidence.Measurement) bool { return m.Low != "" && m.High != "" }

// short rounds to three decimals, and further down to two digits: what was
// measured as small is not told as nothing. Whole numbers stay.
func short(d evidence.Decimal) string {
	value := d.Float()
	switch {
	case math.IsNaN(value): // more digits than a float64 holds
		return string(d)
	case value == math.Trunc(value):
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	decimals := max(3, 1-int(math.Floor(math.Log10(math.Abs(value)))))
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// valueJSON is a number as CHAI's ValueJson holds it, with every digit that was
// measured.
func valueJSON(m evidence.Measurement) (string, error) {
	var value any = struct {
		Kind  string      `json:"kind"`
		Value json.Number `json:"value"`
	}{"single", json.Number(m.Value)}
	if hasInterval(m) {
		value = struct {
			Kind     string      `json:"kind"`
			Estimate json.Number `json:"estimate"`
			Lower    json.Number `json:"lower"`
			Upper    json.Number `json:"upper"`
			Level    int         `json:"level"`
		}{"estimate_ci", json.Number(m.Value), json.Number(m.Low), json.Number(m.High), level}
	}
	text, err := json.Marshal(value)
	return string(text), err
}
