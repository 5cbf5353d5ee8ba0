package compliance

import (
	"regexp"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// substance is a column's name, its words joined by blanks, that tells of the
// use of a substance or its treatment. Tobacco is none (42 CFR 2.11).
var substance = regexp.MustCompile(`\b(substance (use|abuse|misuse)|drug (use|abuse|misuse)|illicit drugs?|alcohol\w*|opioids?|opiates?|heroin|cocaine|methamphetamines?|amphetamines?|cannabis|marijuana|methadone|buprenorphine|naltrexone|detox\w*|addict\w*|sud|oud|aud|audit c|intoxication)\b`)

// measureSubstanceUse looks at 42 CFR part 2: whether anybody has said that
// there are such records, and whether the columns of the contract look so.
func measureSubstanceUse(candidate gates.Candidate) []evidence.Measurement {
	use := candidate.Governance.Spec.SubstanceUse
	present := evidence.Measurement{Name: "substance_use", N: 1, Method: "nobody has said"}
	if use.Present != nil {
		present = stated("substance_use", *use.Present)
	}
	var columns []string
	for _, column := range candidate.Dataset.Spec.Columns {
		if substance.MatchString(strings.Join(wordsOf(column.Name), " ")) {
			columns = append(columns, column.Name)
		}
	}
	return append([]evidence.Measurement{present, stated("substance_use_consent", written(use.Consent))},
		listed("substance_use_columns", "substance_use_column", columns, len(candidate.Dataset.Spec.Columns))...)
}
