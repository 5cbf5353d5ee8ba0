package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// predictions are the flags that say where outcome and scores stand.
type predictions struct {
	path, label, time, event, score string
	threshold                       float64
}

func (p *predictions) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&p.path, "predictions", "", "CSV or Parquet file, one row per patient")
	flags.StringVar(&p.score, "score", "", "column of scores: larger means the event is likelier, or sooner")
	flags.StringVar(&p.label, "label", "", "column of the outcome, 0 or 1 (or true and false)")
	flags.Float64Var(&p.threshold, "threshold", 0.5, "decision threshold: a score at or above it is a positive")
	flags.StringVar(&p.time, "time", "", "survival: column of follow-up times")
	flags.StringVar(&p.event, "event", "", "survival: column of events, 1 (or true) where the event ended the follow-up")
	cobra.CheckErr(command.MarkFlagRequired("predictions"))
	cobra.CheckErr(command.MarkFlagRequired("score"))
	cobra.CheckErr(command.MarkFlagFilename("predictions", "csv", "parquet"))
}

// check refuses flags that speak of two outcomes, or of none.
func (p *predictions) check(command *cobra.Command) error {
	const hint = "\nhint: give --label for a binary outcome, or --time and --event for survival"
	switch survival := p.time != "" || p.event != ""; {
	case p.label != "" && survival:
		return errors.New("--label does not go together with --time and --event" + hint)
	case p.label == "" && !survival:
		return errors.New("no column of the outcome is named" + hint)
	case survival && (p.time == "" || p.event == ""):
		return errors.New("--time and --event need each other" + hint)
	case survival && command.Flags().Changed("threshold"):
		return errors.New("--threshold does not go together with --time and --event: no decision is made of a survival score")
	}
	return nil
}

func (p *predictions) survival() bool { return p.label == "" }

// predicted is a file of predictions that has been read.
type predicted struct {
	outcome.Table
	outcome.Outcome
	scores []float64
}

func (p *predictions) read(ctx context.Context) (predicted, error) {
	frame, err := table.Read(ctx, p.path)
	if err != nil {
		return predicted{}, err
	}
	file := outcome.Table{File: filepath.Base(p.path), Source: frame}
	var happened outcome.Outcome
	if p.survival() {
		happened, err = file.Survival(p.time, p.event)
	} else {
		happened, err = file.Binary(p.label)
	}
	if err != nil {
		return predicted{}, err
	}
	if frame.Rows() == 0 {
		return predicted{}, fmt.Errorf("%s: there are no rows below the header", file.File)
	}
	scores, err := file.Scores(p.score)
	return predicted{file, happened, scores}, err
}
