package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// followUp asks how long survival was observed: a model cannot be judged
// beyond the time to which patients were followed (TRIPOD+AI 5b).
func followUp(_ context.Context, s *study) ([]evidence.Measurement, error) {
	duration, timed := s.time()
	event, labelled := s.label()
	if !timed || !labelled {
		return nil, nil
	}
	var found []evidence.Measurement
	for i, sample := range s.samples {
		outcomes := s.outcomes(i, event)
		outcomes.Successes = outcomes.Trials - outcomes.Successes
		found = append(found, share("censored_fraction", sample.name, outcomes), s.longest(i, duration))
		times, events := duration.reference, event.reference
		if i == 0 {
			times, events = duration.current, event.current
		}
		found = append(found, medianFollowUp(sample.name, unit(duration), times, events))
	}
	return found, nil
}

func (s *study) longest(i int, duration column) evidence.Measurement {
	name := s.samples[i].name
	counted := s.counted[claim{"maximum", duration.name}]
	if counted == nil || !(counted[i] >= 0) {
		return unmeasured("follow_up_maximum", name, "there is no follow-up time")
	}
	return evidence.Measurement{Name: "follow_up_maximum", Group: name, Value: evidence.Number(counted[i]), N: s.samples[i].rows, Unit: unit(duration)}
}

// medianFollowUp is that of the reverse Kaplan-Meier curve, in which being
// censored is the event: those who died early could not be followed longer
// (Schemper and Smith 1996, Control Clin Trials 17:343).
func medianFollowUp(group, unit string, times, events []string) evidence.Measurement {
	const name = "follow_up_median"
	if len(times) != len(events) {
		return unmeasured(name, group, "a sample lacks time or event")
	}
	rows := pair(times, events, times)
	censored := make([]bool, len(rows.labels))
	for i, event := range rows.labels {
		censored[i] = !event
	}
	curve, err := stats.KaplanMeier(rows.times, censored)
	if err != nil {
		return unmeasured(name, group, err.Error())
	}
	for _, step := range curve {
		if step.Survival <= 0.5 {
			return evidence.Measurement{Name: name, Group: group, Value: evidence.Number(step.Time), N: len(rows.times), Unit: unit, Method: "reverse Kaplan-Meier"}
		}
	}
	return unmeasured(name, group, "fewer than half are censored at any time")
}
