package security

import (
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Severities in the order in which people read them. Unknown is counted too:
// a vulnerability that nobody has rated is not a vulnerability that is absent.
var severities = []string{"critical", "high", "medium", "low", "unknown"}

// maxListed bounds how many items of one kind are named one by one. The counts
// are of all of them. A statement holds 4096 measurements: ten such lists, what
// two images have, and the counts.
const maxListed = 300

// What of two images is named one by one, of the severe. Excused ones get half
// of the room of those that count.
const (
	maxVulnerabilities = 300 // of the serving image; half of it for the training image
	maxLicences        = 75
)

func count(name string, value, n int) evidence.Measurement {
	return evidence.Measurement{Name: name, Value: evidence.Count(value), N: n, Unit: "count"}
}

// item names one thing that was found.
func item(name, group, method string) evidence.Measurement {
	one := count(name, 1, 1)
	one.Group, one.Method = evidence.Line(group), evidence.Line(method)
	return one
}

// severe holds for what is named one by one, and not only counted.
func severe(severity string) bool { return severity == "critical" || severity == "high" }

func rated(severity string) string {
	severity = strings.ToLower(severity)
	for _, known := range severities {
		if severity == known {
			return known
		}
	}
	return "unknown"
}
