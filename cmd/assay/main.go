// Command assay is for people: it checks a proposed change before anyone else
// does, explains what was denied, and runs each phase by hand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/internal/report"
)

// Exit codes. A caller that knows no more than "not zero" keeps its door shut.
const (
	allowed       = 0
	denied        = 1
	couldNotJudge = 2
)

// These end a command that has told its outcome already.
var (
	errDenied        = errors.New("denied")
	errCouldNotJudge = errors.New("could not judge")
)

func main() { os.Exit(interruptible()) }

func interruptible() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log.SetLogger(logr.Discard())
	klog.SetLogger(logr.Discard()) // libraries speak of themselves; people read what the command says
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(arguments)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return allowed
	case errors.Is(err, errDenied):
		return denied
	case errors.Is(err, errCouldNotJudge):
		return couldNotJudge
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "assay: interrupted; run the same command again to go on")
		return couldNotJudge
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(stderr, "assay: %s\n", report.Line(line))
	}
	return couldNotJudge
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "assay",
		Short: "Promote machine-learning models for clinical research by pull request",
		Long: `assay promotes machine-learning models for clinical research by pull request.

It trains the candidate, measures it with five gates (dataset, performance,
bias, compliance, security), signs what was measured, and asks the same judge
that stands at the door of every cluster.

Exit codes: 0 allowed, 1 denied, 2 could not judge.`,
		Example:       "  assay init promotions && cd promotions\n  assay check --head my-branch",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newInit(), newDemo(), newCheck(), newTrain(), newMeasure(), newVerify(), newCard(), newExplain(), newRender(), newKeys(), newApprove(), newApprovals(), newWaive(), newCalendar(), newQuarantine(), newFreeze(), newThaw(), newEnvironments(), newPromote(), newRollback(), newBreakGlass(), newScan(), newSBOM(), newLog(), newQualify())
	return root
}

// outputFlag adds -o with the forms text, json and what else there is, and
// answers with where the choice will stand.
func outputFlag(command *cobra.Command, more ...string) *string {
	return formsFlag(command, append([]string{"text", "json"}, more...)...)
}

// formsFlag adds -o with these forms, the first of them the default.
func formsFlag(command *cobra.Command, forms ...string) *string {
	output := command.Flags().StringP("output", "o", forms[0], "one of "+strings.Join(forms, ", "))
	command.PreRunE = func(*cobra.Command, []string) error {
		if !slices.Contains(forms, *output) {
			return fmt.Errorf("-o %q is none of %s", *output, strings.Join(forms, ", "))
		}
		return nil
	}
	cobra.CheckErr(command.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(forms, cobra.ShellCompDirectiveNoFileComp)))
	return output
}
