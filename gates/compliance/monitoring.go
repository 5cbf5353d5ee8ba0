package compliance

import (
	"regexp"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// route is where a report of an incident can be sent to: an e-mail address, a
// web address or a telephone number.
var route = regexp.MustCompile(`^([^@\s]+@[^@\s]+\.[^@\s]+|https://[^\s/]+\.[^\s]+|\+?[0-9][0-9 ()/-]{5,})$`)

// measureMonitoring looks at what happens after delivery (EU AI Act, articles
// 72 and 73; SOC 2 CC7.2 to CC7.4; 21 CFR 803).
func measureMonitoring(candidate gates.Candidate) []evidence.Measurement {
	watch := candidate.Governance.Spec.Monitoring
	every := evidence.Measurement{Name: "monitoring_interval", N: 1, Unit: "s", Method: "no duration is given"}
	if duration, err := time.ParseDuration(watch.Every); err == nil {
		every.Value, every.Method = evidence.Number(duration.Seconds()), "as declared"
	}
	found := []evidence.Measurement{
		count("monitoring_metrics", len(watch.Metrics), len(watch.Metrics)),
		count("monitoring_metrics_unlimited", len(watch.Metrics)-limited(watch.Metrics), len(watch.Metrics)),
		every,
		stated("incident_route", route.MatchString(strings.TrimSpace(watch.Incidents))),
		count("serious_incident_days", watch.SeriousDays, 1),
		count("critical_incident_days", watch.CriticalDays, 1),
	}
	return append(found, pointers("monitoring_pointer", "monitoring.metrics", watch.Metrics)...)
}
