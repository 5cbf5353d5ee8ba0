package report

import (
	"fmt"
	"io"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/figure"
)

// Sheet is what a gate measures of a file, without anything being judged.
type Sheet struct {
	File         string
	Gate         string
	Measurements []evidence.Measurement
	Curves       *figure.Curves
}

// HTML writes the sheet as a page like that of a report.
func (s Sheet) HTML(w io.Writer) error {
	measured := Promotion{Measured: []evidence.Measurements{{Gate: s.Gate, Measurements: s.Measurements}}, Curves: s.Curves}
	shown, err := measured.view("m")
	if err != nil {
		return fmt.Errorf("showing %s: %w", s.File, err)
	}
	return fill(w, "sheet", struct {
		Title string
		section
	}{inWords(s.Gate) + " of " + s.File, shown})
}
