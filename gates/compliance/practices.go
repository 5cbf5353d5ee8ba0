package compliance

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// principles is how many there are of good machine learning practice for
// medical devices (FDA, Health Canada and MHRA 2021; IMDRF/AIML WG/N88 2025).
const principles = 10

// measurePractices looks at each principle: it stands once and says how it is
// kept. The place of its pointers is "principle <number>".
func measurePractices(candidate gates.Candidate) []evidence.Measurement {
	practices := candidate.Governance.Spec.Practices
	times, kept := map[int]int{}, map[int]bool{}
	var faults []string
	var found []evidence.Measurement
	for _, practice := range practices {
		times[practice.Principle]++
		kept[practice.Principle] = explains(practice.How)
		found = append(found, pointers("practice_pointer", principle(practice.Principle), practice.Evidence)...)
		if practice.Principle < 1 || practice.Principle > principles {
			faults = append(faults, principle(practice.Principle)+" is none")
		}
	}
	for number := 1; number <= principles; number++ {
		if why := fault(times[number], kept[number]); why != "" {
			faults = append(faults, principle(number)+why)
		}
	}
	shown := count("practice_pointers", len(found), len(practices))
	return append(append(listed("practice_faults", "practice_fault", faults, len(practices)), shown), found...)
}

func principle(number int) string { return fmt.Sprintf("principle %d", number) }

func fault(times int, said bool) string {
	switch {
	case times == 0:
		return " is not there"
	case times > 1:
		return " is there more than once"
	case !said:
		return " does not say how it is kept"
	}
	return ""
}
