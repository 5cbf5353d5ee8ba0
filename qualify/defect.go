package qualify

import (
	"math/rand/v2"
	"slices"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Defect is one way in which a candidate can be bad, planted at several
// strengths.
type Defect struct {
	Name      string
	About     string   // how it is planted, and what the number of a strength means
	Gate      string   // which gate has to notice it
	Expected  []string // rules, any of which is there for it
	Data      []string // the populations that it is planted into
	Strengths []Strength
	plant     func(s *specimen, random *rand.Rand, strength float64)
	noticed   func(seen examined) bool // instead of Expected: not denied, but told
}

// Strength is how much of a defect there is.
type Strength struct {
	Name  string
	Value float64
	// Borderline strengths lie at a limit or inside it. They show the operating
	// curve, and count towards no sensitivity.
	Borderline bool
}

func counted(name string, value float64) Strength { return Strength{Name: name, Value: value} }

func borderline(name string, value float64) Strength { return Strength{name, value, true} }

// The populations, by the name of their data set.
const (
	breast = "wdbc"
	colon  = "tcga-coad"
	lung   = "ncctg-lung"
)

var (
	everything    = []string{breast, lung, colon}
	probabilities = []string{breast, colon} // a survival score is no probability
)

// Defects lists all defects that are planted.
func Defects() []Defect {
	return slices.Concat(dataDefects, performanceDefects, biasDefects)
}

func datasetRules(names ...string) []string     { return rules(gates.Dataset, names) }
func performanceRules(names ...string) []string { return rules(gates.Performance, names) }
func biasRules(names ...string) []string        { return rules(gates.Bias, names) }

func rules(gate string, names []string) []string {
	var ids []string
	for _, name := range names {
		ids = append(ids, "model."+gate+"."+name)
	}
	return ids
}
