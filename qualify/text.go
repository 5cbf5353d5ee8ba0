package qualify

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Text writes the outcome for a terminal: the gates first, then each defect.
func (q Qualification) Text(w io.Writer) error {
	var out strings.Builder
	outcome := "qualified"
	if !q.Qualified {
		outcome = "NOT qualified"
	}
	fmt.Fprintf(&out, "%s: profile %s, seed %s, %d replicates; target %.2f\npolicy %s, %d rules\n\n",
		outcome, q.Profile, q.Seed, q.Replicates, Target, q.Installation.Policy, len(q.Installation.Rules))
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GATE\tSENSITIVITY (95 % interval)\tn\tSPECIFICITY (95 % interval)\tn")
	for _, gate := range q.Gates {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d\n", gate.Name, gate.Sensitivity, gate.Sensitivity.N, gate.Specificity, gate.Specificity.N)
	}
	table.Flush()
	q.installed(&out)
	q.operated(&out)
	q.performed(&out)
	_, err := io.WriteString(w, out.String())
	return err
}

func (s Share) String() string {
	if s.Value == "" {
		return "not tried"
	}
	return fmt.Sprintf("%.3f (%.3f to %.3f)", s.Value.Float(), s.Low.Float(), s.High.Float())
}

func (q Qualification) installed(out *strings.Builder) {
	fmt.Fprintf(out, "\nInstallation: version %s, %s\n", q.Installation.Version, q.Installation.Go)
	for _, vector := range q.Installation.Vectors {
		mark := "ok  "
		if vector.Got != vector.Want {
			mark = "FAIL"
		}
		fmt.Fprintf(out, "  %s %s: %s\n", mark, vector.Name, vector.Got)
	}
}

func (q Qualification) operated(out *strings.Builder) {
	out.WriteString("\nOperation: planted defects (* borderline, not counted)\n")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DEFECT\tSTRENGTH\tn\tFAILED\tINCONCLUSIVE\tMISSED\tDENIED BY")
	for _, defect := range q.Operational {
		for i, strength := range defect.Strengths {
			name, mark := defect.Defect, ""
			if i > 0 {
				name = ""
			}
			if strength.Borderline {
				mark = " *"
			}
			fmt.Fprintf(table, "%s\t%s%s\t%d\t%d\t%d\t%d\t%s\n", name, strength.Strength, mark,
				strength.N, strength.Failed, strength.Inconclusive, strength.Missed, listed(strength.Denied))
		}
	}
	table.Flush()
}

func (q Qualification) performed(out *strings.Builder) {
	out.WriteString("\nPerformance: clean candidates\n")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DATA\tTRAIN ROWS\tHOLDOUT ROWS\tn\tFALSE DENIALS BY")
	for _, population := range q.Performance {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%s\n", population.Data, population.Train, population.Holdout, population.N, listed(population.Denied))
	}
	table.Flush()
}

// listed names rules and how often each denied, without what they share.
func listed(denied map[string]int) string {
	if len(denied) == 0 {
		return "-"
	}
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(denied)) {
		texts = append(texts, fmt.Sprintf("%s %d", strings.TrimPrefix(name, "model."), denied[name]))
	}
	return strings.Join(texts, ", ")
}
