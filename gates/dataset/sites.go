package dataset

import (
	"context"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// sites counts the places that both samples share: a holdout that claims to be
// external shares none, or the model is graded where it learnt (TRIPOD+AI 12d).
// A site is the same however it is capitalised or padded; its name is not told.
func sites(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	found := []evidence.Measurement{
		declared("external_split", s.contract.Split.Kind == v1alpha1.ExternalSplit),
		declared("site_declared", s.contract.Site != ""),
	}
	site, has := s.find(s.contract.Site)
	if !has || !s.everywhere(site.name) || len(s.samples) < 2 {
		return found, nil
	}
	groups, err := s.group(ctx, grouping{traits: []trait{{column: site, as: folded}}, present: true})
	if err != nil {
		return nil, err
	}
	return append(found,
		count("site_overlap", "", groups[0].shared, groups[0].distinct),
		count("site_missing", "", s.total("missing", site.name), s.rows())), nil
}

// apart holds for the column in which the split makes the samples differ: to
// find it different is no drift.
func (s *study) apart(name string) bool {
	if s.contract == nil || name == "" {
		return false
	}
	switch s.contract.Split.Kind {
	case v1alpha1.TemporalSplit:
		return name == s.contract.IndexDate
	case v1alpha1.ExternalSplit:
		return name == s.contract.Site
	}
	return false
}
