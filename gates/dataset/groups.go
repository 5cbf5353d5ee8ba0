package dataset

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// grouping puts rows together whose expressions are equal; without expressions
// it is not asked. Two missing values are equal.
type grouping struct {
	expressions []string // SQL
	present     string   // the rows it is about, in SQL; all when empty
	label       string   // asks for groups with more than one of it, in SQL
}

// groups is what is found.
type groups struct {
	rows, distinct      int
	shared, conflicting int // groups in both samples, and with two labels
	smallest, small     int // rows of the smallest group; groups of fewer than smallCell rows
}

func (g groups) repeated() int { return g.rows - g.distinct }

// bytesPerGroup is what a group costs the database while it counts, hash table
// and growth included.
const bytesPerGroup = 96

// group asks all groupings at once. Groups are compared by a 64-bit hash: that
// two different ones share it is a chance of 1 in 1.5 million for five million
// rows, and can only report a repetition too many, never one too few. What
// does not fit in memory is counted in several passes, each over the groups
// whose hash is its own.
func (s *study) group(ctx context.Context, groupings ...grouping) ([]groups, error) {
	found := make([]groups, len(groupings))
	var asked []int
	for i, grouping := range groupings {
		if len(grouping.expressions) > 0 {
			asked = append(asked, i)
		}
	}
	passes := 1 + s.rows()*len(asked)*bytesPerGroup/s.memory
	for pass := range passes {
		if len(asked) == 0 {
			break
		}
		answers, err := s.view.Aggregate(ctx, s.groupStatement(groupings, asked, pass, passes))
		if err != nil {
			return nil, err
		}
		for _, answer := range answers {
			found[asked[placeOf(int(answer[0]), len(asked))]].add(answer[1:])
		}
	}
	return found, nil
}

func (g *groups) add(answer []float64) {
	g.rows += int(answer[0])
	g.distinct += int(answer[1])
	g.shared += int(answer[2])
	g.conflicting += int(answer[3])
	g.small += int(answer[5])
	if smallest := int(answer[4]); g.smallest == 0 || smallest < g.smallest {
		g.smallest = smallest
	}
}

func (s *study) groupStatement(groupings []grouping, asked []int, pass, passes int) string {
	var hashes, sets []string
	conflicting := "0"
	for place, i := range asked {
		hash := "h" + strconv.Itoa(place)
		hashes = append(hashes, hash)
		sets = append(sets, "("+hash+")")
		if groupings[i].label != "" {
			conflicting = "CAST(min(l) <> max(l) AS INTEGER)"
		}
	}
	var selects []string
	for i := range s.samples {
		selects = append(selects, s.hashSelect(i, groupings, asked, pass, passes))
	}
	all := strings.Join(hashes, ", ")
	return "SELECT place, sum(n), count(*), sum(shared), sum(conflicting), min(n), count(*) FILTER (WHERE n < " + strconv.Itoa(smallCell) + ") FROM (" +
		"SELECT GROUPING_ID(" + all + ") AS place, coalesce(" + all + ") AS h, count(*) AS n, CAST(min(s) <> max(s) AS INTEGER) AS shared, " + conflicting + " AS conflicting" +
		" FROM (" + strings.Join(selects, " UNION ALL ") + ") GROUP BY GROUPING SETS (" + strings.Join(sets, ", ") + ")) WHERE h IS NOT NULL GROUP BY place"
}

// hashSelect reduces a sample to one hash per grouping, NULL where the row is
// not for this pass. Columns that the sample lacks are missing values.
func (s *study) hashSelect(i int, groupings []grouping, asked []int, pass, passes int) string {
	var selected []string
	label := "NULL"
	for place, at := range asked {
		grouping := groupings[at]
		hash, condition := "hash("+strings.Join(grouping.expressions, ", ")+")", "true"
		if grouping.present != "" {
			condition = grouping.present
		}
		if passes > 1 {
			condition += fmt.Sprintf(" AND %s %% %d = %d", hash, passes, pass)
		}
		selected = append(selected, fmt.Sprintf("CASE WHEN %s THEN %s END AS h%d", condition, hash, place))
		if grouping.label != "" {
			label = "CASE WHEN " + grouping.label + " IS NOT NULL THEN hash(" + grouping.label + ") END"
		}
	}
	return "SELECT " + strings.Join(selected, ", ") + fmt.Sprintf(", %s AS l, CAST(%d AS TINYINT) AS s FROM ", label, i) + s.read(i, s.columns)
}

// placeOf reads GROUPING_ID: a bit for every hash that is not the group's own.
func placeOf(id, places int) int {
	for place := range places {
		if id == (1<<places-1)&^(1<<(places-1-place)) {
			return place
		}
	}
	return 0
}
