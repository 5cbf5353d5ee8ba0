package judge

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// broken is every break-glass that lay before the rules, with what they have
// against it, or else the note under which the workload comes in. Rules that
// leave one out have not looked at it.
func broken(answer map[string]any, workload *Workload) ([]gates.Glass, error) {
	if workload == nil {
		return nil, nil
	}
	told, _ := answer["glass"].([]any)
	if len(told) != len(workload.Glass) {
		return nil, fmt.Errorf("the rules say something of %d break-glasses, and %d lay before them", len(told), len(workload.Glass))
	}
	var seen []gates.Glass
	for i, glass := range workload.Glass {
		said, looked := told[i].(map[string]any)
		objections, listed := said["objections"].([]any)
		if !looked || !listed {
			return nil, fmt.Errorf("the rules say nothing of the break-glass %s", glass.Bundle)
		}
		one := gates.Glass{Bundle: evidence.Digest(glass.Bundle), Release: evidence.Digest(glass.Digest)}
		for _, objection := range objections {
			one.Objections = append(one.Objections, fmt.Sprint(objection))
		}
		if notes, _ := said["notes"].([]any); len(notes) == 1 && len(objections) == 0 {
			one.Note = shorten(fmt.Sprint(notes[0]))
		}
		seen = append(seen, one)
	}
	return seen, nil
}
