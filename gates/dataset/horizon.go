package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// followed asks whether patients were followed as far as the model looks
// ahead. At risk at the horizon are those seen until then without an event;
// known is what became of them and of those who had the event before. Of the
// others nobody knows (TRIPOD+AI 8a).
func followed(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	found := []evidence.Measurement{declared("horizon_declared", s.horizon > 0)}
	duration, timed := s.time()
	event, labelled := s.label()
	if !(s.horizon > 0) || !timed || !labelled {
		return found, nil
	}
	found = append(found, evidence.Measurement{Name: "horizon", Value: evidence.Number(s.horizon), N: 1, Unit: unit(duration)})
	for i, sample := range s.samples {
		if !s.everywhere(duration.name) || !s.everywhere(event.name) {
			found = append(found, unmeasured("at_risk_at_horizon", sample.name, "a sample lacks time or event"))
			continue
		}
		usable := "count(*) FILTER (WHERE " + event.number() + " IN (0, 1) AND " + duration.number() + " >= 0"
		late := duration.number() + " >= " + double(s.horizon)
		counted, err := s.ask(ctx, i, []column{duration, event}, usable+")", usable+" AND "+late+")", usable+" AND ("+late+" OR "+event.number()+" = 1))")
		if err != nil {
			return nil, err
		}
		rows := int(counted[0])
		found = append(found,
			share("at_risk_at_horizon", sample.name, stats.Proportion{Successes: int(counted[1]), Trials: rows}),
			share("known_at_horizon", sample.name, stats.Proportion{Successes: int(counted[2]), Trials: rows}))
	}
	return found, nil
}
