package evidence

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Decimal is a finite number written as plain decimal text: an optional minus
// sign, digits, and optionally a point and more digits. There is no exponent,
// no plus sign, no leading zero, no infinity and no NaN. The empty Decimal
// means "not measured"; no rule is ever satisfied by it.
type Decimal string

var decimalText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// maxDecimal is the longest text that a float64 needs without an exponent (the
// smallest subnormal), rounded up.
const maxDecimal = 1100

// Number writes a float64 with the fewest digits that read back as the same
// float64. NaN and the infinities give the empty Decimal.
func Number(value float64) Decimal {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return ""
	}
	if value == 0 {
		return "0" // and never "-0", which is another text for the same number
	}
	return Decimal(strconv.FormatFloat(value, 'f', -1, 64))
}

// Count writes a whole number.
func Count(value int) Decimal { return Decimal(strconv.Itoa(value)) }

// Float reads the number back; the empty Decimal gives NaN.
func (d Decimal) Float() float64 {
	if d == "" {
		return math.NaN()
	}
	value, err := strconv.ParseFloat(string(d), 64)
	if err != nil {
		return math.NaN()
	}
	return value
}

// Validate reports text that is not a decimal number.
func (d Decimal) Validate() error {
	if d == "" || len(d) <= maxDecimal && decimalText.MatchString(string(d)) && d != "-0" {
		return nil
	}
	return fmt.Errorf("%.40q is not decimal text", string(d))
}

// UnmarshalJSON accepts a JSON string that is decimal text, and nothing else.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a decimal is a JSON string: %w", err)
	}
	if err := Decimal(text).Validate(); err != nil {
		return err
	}
	*d = Decimal(text)
	return nil
}
