package card

import (
	"encoding/json"
	"io"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// JSON writes all of it for scripts.
func (c Card) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Release evidence.Subject  `json:"release"`
		Card    v1alpha1.CardSpec `json:"card"`
		Results Results           `json:"results"`
		HTI1    []Attribute       `json:"hti1"`
		TRIPOD  []Reported        `json:"tripod"`
	}{c.Release, c.Text, c.Results, c.Attributes(), c.Reporting()})
}
