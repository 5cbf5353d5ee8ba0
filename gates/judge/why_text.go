package judge

import (
	"fmt"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// String says it in words: "performance.auroc's lower end is at least 0.8 (now 0.7312)".
func (c Counterfactual) String() string {
	if c.Reading == nil {
		if c.Passes == AtMost || c.Passes == Below {
			return fmt.Sprintf("it would have passed until %s", instant(c.Needed))
		}
		return fmt.Sprintf("it would pass from %s on", instant(c.Needed))
	}
	needed, now := c.Reading.tell(c.Needed), c.Reading.tell(c.Now)
	switch c.Part {
	case PartLow:
		return fmt.Sprintf("%s's lower end is %s %s (now %s)", c.Reading, c.Passes, needed, now)
	case PartHigh:
		return fmt.Sprintf("%s's upper end is %s %s (now %s)", c.Reading, c.Passes, needed, now)
	case PartWhole:
		return fmt.Sprintf("%s is %s %s, with an interval as wide as it is (now %s)", c.Reading, c.Passes, needed, now)
	}
	return fmt.Sprintf("%s is %s %s (now %s)", c.Reading, c.Passes, needed, now)
}

// String names a measurement as the gates do.
func (r Reading) String() string {
	name := r.Gate + "." + r.Name
	if r.Group != "" {
		name += "[" + r.Group + "]"
	}
	return name
}

// tell writes an instant as people do, and every other number as it is.
func (r Reading) tell(number evidence.Decimal) string {
	if r.Unit == "unix seconds" {
		return instant(number)
	}
	return string(number)
}

func instant(seconds evidence.Decimal) string {
	return time.Unix(int64(seconds.Float()), 0).UTC().Format(time.RFC3339)
}
