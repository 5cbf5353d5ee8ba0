package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// measurementTable aligns measurements in columns for a terminal.
func measurementTable(w io.Writer, measured []evidence.Measurement) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tGROUP\tVALUE\tINTERVAL\tN\tMETHOD")
	for _, m := range measured {
		interval := "-"
		if m.Low != "" && m.High != "" {
			interval = fmt.Sprintf("[%s, %s]", shown(m.Low), shown(m.High))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\n", m.Name, printable(m.Group), shown(m.Value), interval, m.N, printable(m.Method))
	}
	return table.Flush() // it keeps the first error of those before
}

// shown rounds to four digits, but whole numbers not at all.
func shown(d evidence.Decimal) string {
	switch {
	case d == "":
		return "-"
	case !strings.Contains(string(d), "."):
		return string(d)
	}
	if value := d.Float(); math.Abs(value) >= 1000 {
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	return strconv.FormatFloat(d.Float(), 'g', 4, 64)
}

// printable keeps what a data file calls its cohorts and columns from moving
// the cursor, or a cell.
func printable(text string) string {
	if text == "" {
		return "-"
	}
	return report.Line(text)
}
