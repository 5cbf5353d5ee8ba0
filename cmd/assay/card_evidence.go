package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/card"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// cardOfRelease takes the numbers from verified evidence alone.
func cardOfRelease(command *cobra.Command, work *workingTree, trustFile, text, model string) (card.Card, error) {
	if !work.place.local() {
		return card.Card{}, fmt.Errorf("--repository %s: this command works on a directory", work.place.repository)
	}
	assay := filepath.Join(work.place.repository, "assay.yaml")
	if trustFile == "" {
		trustFile = assay
	}
	release, opened, err := openEvidence(command.Context(), trustFile, text)
	if err != nil {
		return card.Card{}, err
	}
	if model != "" && model != release.Name {
		return card.Card{}, fmt.Errorf("--model %s: the release is of %s", model, release.Name)
	}
	for _, problem := range opened.Problems {
		fmt.Fprintf(command.ErrOrStderr(), "assay: REFUSED: %s\n", report.Line(problem))
	}
	if len(opened.Problems) > 0 {
		return card.Card{}, errDenied
	}
	var written v1alpha1.ModelCard
	if err := readObject(filepath.Join(work.place.repository, "models", release.Name, "card.yaml"), &written); err != nil {
		return card.Card{}, err
	}
	if work.environment == "" {
		var platform v1alpha1.Platform
		if err := readObject(assay, &platform); err != nil {
			return card.Card{}, err
		}
		work.environment = platform.Spec.Environments[0]
	}
	measured, err := measuredFor(work.environment, opened, written.Spec)
	if err != nil {
		return card.Card{}, err
	}
	return card.Fill(release, written.Spec, measured)
}

func readObject(path string, into v1alpha1.Object) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return v1alpha1.Decode(filepath.Base(path), content, into)
}

// measuredFor is what the evidence says for an environment, if it is about this
// card.
func measuredFor(environment string, opened evidence.Opened, written v1alpha1.CardSpec) ([]evidence.Measurements, error) {
	var measured []evidence.Measurements
	var about bool
	for _, statement := range opened.Statements {
		if statement.Measurements == nil || statement.Measurements.Environment != environment {
			continue
		}
		measured = append(measured, *statement.Measurements)
		if statement.Measurements.Gate == gates.Compliance {
			same, err := promotion.IsMeasuredCard(written, *statement.Measurements)
			if err != nil {
				return nil, err
			}
			about = about || same
		}
	}
	switch {
	case len(measured) == 0:
		return nil, fmt.Errorf("the registry holds no evidence of the release for environment %q", environment)
	case !about:
		return nil, errors.New("the card of the working tree is not the one that was measured\nhint: check out the commit that the release was made from")
	}
	return measured, nil
}
