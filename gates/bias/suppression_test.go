package bias

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func column(sizes []int) []cohort {
	named := make([]cohort, len(sizes))
	for i, size := range sizes {
		named[i] = cohort{name: string(rune('a' + i)), rows: make([]int, size)}
	}
	return named
}

func hiddenOf(sizes []int) string {
	named := column(sizes)
	hide(named)
	names := ""
	for _, c := range named {
		if c.hidden {
			names += c.name
		}
	}
	return names
}

func TestASmallCohortIsNotGivenAwayByTheOthers(t *testing.T) {
	for name, test := range map[string]struct {
		sizes []int
		want  string
	}{
		"none is small":                        {[]int{11, 40, 300}, ""},
		"the next smallest hides the one":      {[]int{300, 5, 29, 106}, "bc"},
		"two that are small hide each other":   {[]int{300, 5, 9, 106}, "bc"},
		"two that are very small need a third": {[]int{300, 2, 3, 106}, "bcd"},
		"a single cohort":                      {[]int{4}, "a"},
	} {
		if got := hiddenOf(test.sizes); got != test.want {
			t.Errorf("%s: hidden are %q, want %q", name, got, test.want)
		}
	}
}

// Whoever knows how many patients there are in all, the sizes that are told and
// how it is decided what is told, finds at least two sizes for each cohort that
// is hidden.
func TestNoHiddenSizeCanBeSolved(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 10))
	for range 300 {
		sizes := make([]int, 2+random.IntN(3))
		for i := range sizes {
			sizes[i] = 1 + random.IntN(25)
		}
		hidden, sum := hiddenOf(sizes), 0
		for i, size := range sizes {
			if slices.Contains([]byte(hidden), byte('a'+i)) {
				sum += size
			}
		}
		if sum < minCell { // all are hidden, and together they are few
			continue
		}
		possible := make([]map[int]bool, len(sizes))
		guess(slices.Clone(sizes), hidden, sum, 0, possible)
		for i, of := range possible {
			if of != nil && len(of) < 2 {
				t.Fatalf("sizes %v, hidden %q: %c can only be %v", sizes, hidden, 'a'+i, of)
			}
		}
	}
}

// guess tries all sizes of the hidden cohorts that leave their sum, and keeps
// those of which the same cohorts would have been hidden.
func guess(sizes []int, hidden string, left, at int, possible []map[int]bool) {
	if at == len(hidden) {
		if left == 0 && hiddenOf(sizes) == hidden {
			for _, name := range hidden {
				i := int(name - 'a')
				if possible[i] == nil {
					possible[i] = map[int]bool{}
				}
				possible[i][sizes[i]] = true
			}
		}
		return
	}
	for size := 1; size <= left; size++ {
		sizes[hidden[at]-'a'] = size
		guess(sizes, hidden, left-size, at+1, possible)
	}
}

// Five are of one cohort and twenty of the next smallest. However their
// outcomes and scores are dealt out among the 25, the same is told.
func TestNothingThatIsToldDependsOnWhoIsHidden(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 20))
	var scores, champion, time []float64
	var labels []bool
	race, sex := Attribute{Column: "race"}, Attribute{Column: "sex"}
	for row := range 325 {
		label := row%3 == 0
		score := random.Float64()
		scores, champion, labels = append(scores, score), append(champion, random.Float64()), append(labels, label)
		time = append(time, random.Float64()*10)
		race.Values = append(race.Values, dealt(row))
		sex.Values = append(sex.Values, []string{"f", "m"}[row/25%2])
	}
	told := func() []evidence.Measurement {
		attributes := []Attribute{race, sex}
		binary, err := Binary(scores, labels, 0.5, attributes)
		if err != nil {
			t.Fatal(err)
		}
		changed, err := Changes(Scored{scores, 0.5}, Scored{champion, 0.4}, labels, attributes)
		if err != nil {
			t.Fatal(err)
		}
		survival, err := Survival(scores, time, labels, attributes)
		if err != nil {
			t.Fatal(err)
		}
		risks, err := Horizon(scores, time, labels, 4, attributes)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Concat(binary, changed, survival, risks)
	}
	first := told()
	for range 20 {
		random.Shuffle(25, func(i, j int) { race.Values[i], race.Values[j] = race.Values[j], race.Values[i] })
		for i, m := range told() {
			if m != first[i] {
				t.Fatalf("%+v, and then %+v", first[i], m)
			}
		}
	}
	for _, m := range first {
		if blank := m.Group == "race=few" || m.Group == "race=next"; blank && (m.Value != "" || m.N != 0 || m.Low != "") {
			t.Errorf("told: %+v", m)
		}
	}
}

func dealt(row int) string {
	switch {
	case row < 5:
		return "few"
	case row < 25:
		return "next"
	}
	return fmt.Sprint("race ", row%2)
}
