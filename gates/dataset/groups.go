package dataset

import (
	"context"
	"slices"
	"sync"
)

// grouping puts rows together whose traits are equal; without traits it is not
// asked.
type grouping struct {
	traits  []trait
	present bool    // only rows whose first trait is not missing
	label   []trait // at most one: asks for groups with more than one of it
}

// groups is what is found.
type groups struct {
	rows, distinct      int
	shared, conflicting int // groups in both samples, and with two labels
	smallest, small     int // rows of the smallest group; groups of fewer than smallCell rows
	large, mixed        int // other groups that have a label; those of them with two
}

func (g groups) repeated() int { return g.rows - g.distinct }

// group asks all groupings at once. Groups are compared by a 63-bit hash: that
// two different ones share it is a chance of 1 in 700,000 for five million
// rows, and can only report a repetition too many, never one too few. What
// does not fit in memory is counted in several passes.
func (s *study) group(ctx context.Context, groupings ...grouping) ([]groups, error) {
	var asked []*gathering
	found := make([]groups, len(groupings))
	for i, grouping := range groupings {
		if len(grouping.traits) > 0 {
			asked = append(asked, newGathering(grouping, s.memory/len(groupings), &found[i]))
		}
	}
	for pass := 0; len(asked) > 0; pass++ {
		if err := s.gather(ctx, asked, pass); err != nil {
			return nil, err
		}
		asked = slices.DeleteFunc(asked, func(of *gathering) bool { return of.done() })
	}
	return found, nil
}

// gather shows all rows to the gatherings that want another pass.
func (s *study) gather(ctx context.Context, asked []*gathering, pass int) error {
	held := true
	for _, gathering := range asked {
		gathering.pass = pass
		held = held && s.kept.has(slices.Concat(gathering.traits, gathering.label))
	}
	if held {
		s.gatherKept(asked)
		return nil
	}
	for i := range s.samples {
		err := s.each(ctx, i, func(rows *rows) error {
			for _, gathering := range asked {
				gathering.add(rows)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, gathering := range asked {
		gathering.finish()
	}
	return nil
}

func (s *study) gatherKept(asked []*gathering) {
	var all sync.WaitGroup
	for _, gathering := range asked {
		all.Go(func() {
			for i := range s.kept.rows {
				gathering.add(&s.kept.rows[i])
			}
			gathering.finish()
		})
	}
	all.Wait()
}
