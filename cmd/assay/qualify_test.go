package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/qualify"
)

func qualifyBy(ctx context.Context, arguments ...string) (string, error) {
	command := newQualify()
	command.SilenceUsage, command.SilenceErrors = true, true
	var output bytes.Buffer
	command.SetOut(&output)
	command.SetErr(&output)
	command.SetArgs(arguments)
	err := command.ExecuteContext(ctx)
	return output.String(), err
}

func TestQualifyRefusesWhatItCannotDo(t *testing.T) {
	for want, arguments := range map[string][]string{
		"-o \"yaml\" is none of":               {"-o", "yaml"},
		"0 replicates: from 1 to 1000":         {"--replicates", "0"},
		"[replicates small] were all set":      {"--small", "--replicates", "2"},
		"unknown command \"wdbc\"":             {"wdbc"},
		"invalid argument \"-1\" for \"--seed": {"--seed", "-1"},
	} {
		if _, err := qualifyBy(t.Context(), arguments...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q", arguments, err, want)
		}
	}
}

func TestQualifyEndsWhenInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if output, err := qualifyBy(ctx, "--small"); !errors.Is(err, context.Canceled) || output != "" {
		t.Errorf("error %v, output %q", err, output)
	}
}

func TestABinaryThatMissesDefectsIsNotQualified(t *testing.T) {
	command := newQualify()
	var stdout, stderr bytes.Buffer
	command.SetOut(&stdout)
	command.SetErr(&stderr)
	escaped := qualify.Planted{Defect: "leakage", Strengths: []qualify.Outcome{
		{Strength: "0.99", Counted: qualify.Counted{N: 2, Failed: 1, Missed: 1}},
		{Strength: "0.97", Counted: qualify.Counted{N: 2, Missed: 2}, Borderline: true},
	}}
	for _, output := range []string{"text", "json"} {
		err := writeQualification(command, output, qualify.Qualification{Operational: []qualify.Planted{escaped}})
		if !errors.Is(err, errDenied) {
			t.Errorf("error %v", err)
		}
	}
	if stderr.String() != strings.Repeat("assay: missed: leakage at 0.99\n", 2) {
		t.Errorf("told %q", stderr.String())
	}
	if err := writeQualification(command, "text", qualify.Qualification{Qualified: true}); err != nil {
		t.Error(err)
	}
}
