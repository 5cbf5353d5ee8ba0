package webhook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Judge answers questions. The implementation is gates/judge; every door asks
// the same one.
type Judge interface {
	Judge(ctx context.Context, question judge.Question) (gates.Verdict, error)
}

// Door asks the judge about a workload and about each model that it uses.
type Door struct {
	Court  Judge
	Memory *Memory

	Fallback *Fallback // nil for none
}

// Judge gives one verdict: what the workload rules find, and beside it what is
// wrong with each model that is not admissible. An error means that nothing is
// known.
func (d Door) Judge(ctx context.Context, environment, profile string, now time.Time, workload judge.Workload) (gates.Verdict, error) {
	d.Memory.Refresh(now)
	d.Court = sitting(d.Court)
	verdicts := make([]gates.Verdict, 1, 1+len(workload.Models))
	workload.Models = slices.Clone(workload.Models)
	if d.Fallback != nil {
		d.Fallback.begin(environment, workload.Models)
	}
	var unknown unanswered
	for i := range workload.Models {
		models, err := d.look(ctx, environment, profile, now, &workload.Models[i])
		if err != nil && !errors.As(err, &unknown) {
			return gates.Verdict{}, err
		}
		verdicts = append(verdicts, models...)
	}
	if err := d.Memory.orders.complete(ctx, environment, &workload); err != nil {
		return gates.Verdict{}, err
	}
	d.Memory.thaw(environment, now, &workload)
	verdict, err := d.Court.Judge(ctx, judge.Question{
		Environment: environment, Profile: profile, Time: now, Workload: &workload,
	})
	if err != nil {
		return gates.Verdict{}, fmt.Errorf("judging the workload: %w", err)
	}
	verdicts[0] = verdict
	merged, err := merge(verdicts)
	if err == nil && unknown != (unanswered{}) && !merged.Allowed() {
		// It is as if nothing was released, which only a broken glass lets in: that
		// has to work above all when registries burn.
		return gates.Verdict{}, unknown
	}
	return merged, err
}

// look completes what is known of one use of a model, and gives the verdict of
// every Release object that speaks of it.
func (d Door) look(ctx context.Context, environment, profile string, now time.Time, use *judge.ModelUse) ([]gates.Verdict, error) {
	if use.Digest == "" {
		return nil, nil
	}
	releases, err := d.releases(ctx, environment, *use)
	if err != nil {
		return nil, err
	}
	var verdicts []gates.Verdict
	var images []string
	use.Released, use.Admitted = len(releases) > 0, len(releases) > 0
	for _, release := range releases {
		release.wanted.Store(now.UnixNano())
		answer, err := release.answer(ctx, d.Court, profile, now)
		if err != nil {
			return nil, fmt.Errorf("judging %s: %w", release.subject, err)
		}
		use.Admitted = use.Admitted && answer.verdict.Allowed()
		verdicts = append(verdicts, answer.verdict)
		images = append(images, string(answer.image))
	}
	use.Image = agreed(images)
	return verdicts, nil
}

// merge joins the workload's verdict, which comes first, with those of its
// models: of these only what denies, each finding once, or what would deny
// without the glass that was broken for the model. A verdict that
// evaluated nothing would be hidden by the others, so it is an error.
func merge(verdicts []gates.Verdict) (gates.Verdict, error) {
	merged := verdicts[0]
	merged.Evaluated, merged.Findings = nil, slices.Clone(merged.Findings)
	for i, verdict := range verdicts {
		if len(verdict.Evaluated) == 0 {
			return gates.Verdict{}, errors.New("the judge evaluated no rule")
		}
		if verdict.Policy != merged.Policy {
			return gates.Verdict{}, errors.New("the judge answered by two policies")
		}
		merged.Evaluated = append(merged.Evaluated, verdict.Evaluated...)
		if i > 0 {
			merged.Findings = append(merged.Findings, underGlass(verdict, merged.Glass)...)
		}
	}
	slices.Sort(merged.Evaluated)
	merged.Evaluated = slices.Compact(merged.Evaluated)
	slices.SortFunc(merged.Findings, func(a, b gates.Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Severity, b.Severity))
	})
	merged.Findings = slices.Compact(merged.Findings)
	merged.Glass = unneeded(merged)
	return merged, nil
}
