package main

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mlops-clinical-trials/assay/qualify"
)

// fullReplicates are what a quarter of an hour on two cores is enough for. With
// 30 clean candidates of each data set, no false denial means a specificity of
// at least 0.95.
const fullReplicates = 10

func newQualify() *cobra.Command {
	options := qualify.Options{Workers: runtime.NumCPU()}
	var small bool
	command := &cobra.Command{
		Use:   "qualify",
		Short: "Plant known defects into real data, and count how often the gates notice",
		Long: `Plant known defects into real data, and count how often the gates notice: the
evidence that this binary, with the rules that it ships, does what it is for.

Installation: version, policy digest, and answers that are published elsewhere.
Operation: leakage, patient overlap, identifiers, drift, miscalibration, biased
and shrunk subgroups and more, each at several strengths, drawn from the
catalogue's cancer data; sensitivity is the share that a rule denied which is
there for it. Performance: clean candidates, drawn in the same way; specificity
is the share that no rule of a gate denied. The limits are those of production.

The same binary and seed give the same answer. Full runs also plant strengths at
the limits and inside them, which show where a gate begins to notice.

Exit codes: 0 qualified, 1 not qualified, 2 could not be told.`,
		Example: "  assay qualify --small\n  assay qualify --seed 7 --replicates 40 -o json > qualification.json",
		Args:    cobra.NoArgs,
	}
	output := outputFlag(command)
	flags := command.Flags()
	flags.BoolVar(&small, "small", false, "each defect at each strength once, without the borderline ones: a minute")
	flags.IntVar(&options.Replicates, "replicates", fullReplicates, fmt.Sprintf("candidates of each strength (1 to %d), and three times as many clean ones of each data set", qualify.MostReplicates))
	flags.Uint64Var(&options.Seed, "seed", 1, "seed of all draws")
	command.MarkFlagsMutuallyExclusive("small", "replicates")
	command.RunE = func(command *cobra.Command, _ []string) error {
		options.Clean = 3 * options.Replicates
		if small {
			options.Replicates, options.Clean = 1, 1
		}
		options.Borderline = !small
		options.Progress = planted(command.ErrOrStderr())
		result, err := qualify.Run(command.Context(), options)
		if err != nil {
			return err
		}
		return writeQualification(command, *output, result)
	}
	return command
}

func writeQualification(command *cobra.Command, output string, result qualify.Qualification) error {
	write := result.Text
	if output == "json" {
		write = result.JSON
	}
	if err := write(command.OutOrStdout()); err != nil {
		return err
	}
	for _, missed := range result.Missed() {
		fmt.Fprintf(command.ErrOrStderr(), "assay: missed: %s\n", missed)
	}
	if !result.Qualified {
		return errDenied
	}
	return nil
}

// planted counts on a terminal, and is silent when piped.
func planted(w io.Writer) func(done, total int) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(w, "\r\x1b[K%d of %d candidates", done, total)
		if done == total {
			fmt.Fprint(w, "\r\x1b[K")
		}
	}
}
