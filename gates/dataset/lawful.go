package dataset

import "slices"

// limitedDataset are the kinds that a limited data set may hold: of the
// identifiers of 45 CFR 164.514(b)(2)(i), 164.514(e)(2) lets stand dates, ages
// and postal codes, for a recipient who has signed a data use agreement.
var limitedDataset = []string{"date_finer_than_year", ageOver89, "zip_code"}

// lawful holds for what the contract's way of de-identification leaves in. An
// expert's determination (45 CFR 164.514(b)(1)) covers the dates that the
// contract declares as such, and nothing that turns up elsewhere.
func (s *study) lawful(kind string, c column) bool {
	if s.contract == nil {
		return false
	}
	switch s.contract.DataUse.Deidentification {
	case "limited_dataset":
		return slices.Contains(limitedDataset, kind)
	case "expert_determination":
		return kind == "date_finer_than_year" && c.kind == date
	}
	return false
}
