package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// add takes a model from the shelf: its recipe, its card, its data, and its
// promotion to the first environment.
func (s *stage) add(model, dataset string) error {
	for _, part := range []struct{ from, to string }{
		{filepath.Join(s.shelf("models"), model), filepath.Join(s.clone, "models", model)},
		{filepath.Join(s.shelf("datasets"), dataset), filepath.Join(s.clone, "datasets", dataset)},
	} {
		if err := os.CopyFS(part.to, os.DirFS(part.from)); err != nil {
			return err
		}
	}
	promotion, err := os.ReadFile(filepath.Join(s.shelf("promotions"), model+".yaml"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(s.clone, "environments", "development", model+".yaml"), promotion, 0o644)
}

// pin promotes exactly one release to a later environment.
func (s *stage) pin(environment, model, digest string) error {
	promotion := fmt.Sprintf(`apiVersion: assay.dev/v1alpha1
kind: Promotion
metadata:
  name: %[1]s
spec:
  model: %[1]s
  release: %[2]s
  replicas: 2
`, model, digest)
	return os.WriteFile(filepath.Join(s.clone, "environments", environment, model+".yaml"), []byte(promotion), 0o644)
}

// leakOutcome adds a column that is known only after the diagnosis.
func leakOutcome(s *stage) error {
	return s.addColumn("wdbc", "treatment_code", "number", func(row map[string]string) string {
		if row["malignant"] == "1" {
			return "7" + row["patient_id"][len(row["patient_id"])-1:]
		}
		return "2" + row["patient_id"][len(row["patient_id"])-1:]
	})
}

// addContactDetails adds what was meant to stay in the hospital.
func addContactDetails(s *stage) error {
	return s.addColumn("wdbc", "contact", "text", func(row map[string]string) string {
		return row["patient_id"] + "@patients.example.org"
	})
}

// keepOneFeature trades the champion for a simpler, worse model.
func keepOneFeature(s *stage) error {
	return errors.Join(
		s.editModel("model.yaml", func(text string) string {
			return between(text, "  features:\n", "  # From ten-fold", "    - mean_radius\n")
		}),
		s.editModel("governance.yaml", func(text string) string {
			return strings.Replace(text, "  features:\n", "  features:\n    - name: mean_radius\n      reason: malignant nuclei are larger\n", 1)
		}),
	)
}

// between replaces what stands between two texts.
func between(text, start, end, with string) string {
	before, rest, _ := strings.Cut(text, start)
	_, after, _ := strings.Cut(rest, end)
	return before + start + with + end + after
}

func strengthenPenalty(s *stage) error {
	return s.editModel("model.yaml", func(text string) string { return strings.Replace(text, "penalty: 0.1", "penalty: 0.3", 1) })
}

// revertMerge takes back what was merged last.
func revertMerge(s *stage) error {
	_, err := harness.Git(context.Background(), s.clone, "revert", "--no-commit", "--mainline", "1", "HEAD")
	return err
}

func serveWithOldImage(s *stage) error {
	reviewed := func(text string) string { return strings.ReplaceAll(text, string(s.bill), string(s.oldBill)) }
	if err := s.editModel("governance.yaml", reviewed); err != nil {
		return err
	}
	return s.editModel("model.yaml", func(text string) string { return strings.ReplaceAll(text, s.image, s.oldImage) })
}

func forgetIntendedUse(s *stage) error {
	return s.editModel("card.yaml", func(text string) string {
		return between(text, "    intendedUse: ", "    intendedUsers:", "TBD\n")
	})
}

func (s *stage) editModel(file string, change func(string) string) error {
	return edit(filepath.Join(s.clone, "models", "breast-malignancy", file), change)
}

// addColumn adds a column to a data set, and to its contract, as somebody
// would who means well.
func (s *stage) addColumn(dataset, column, kind string, value func(map[string]string) string) error {
	dir := filepath.Join(s.clone, "datasets", dataset)
	source := filepath.Join(dir, "data.csv")
	content, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil {
		return err
	}
	for n, row := range rows {
		if n == 0 {
			rows[n] = append(row, column)
			continue
		}
		named := map[string]string{}
		for i, name := range rows[0][:len(row)] {
			named[name] = row[i]
		}
		rows[n] = append(row, value(named))
	}
	var written strings.Builder
	if err := csv.NewWriter(&written).WriteAll(rows); err != nil {
		return err
	}
	if err := os.WriteFile(source, []byte(written.String()), 0o644); err != nil {
		return err
	}
	return edit(filepath.Join(dir, "dataset.yaml"), func(contract string) string {
		before, after := string(evidence.Sum(content)), string(evidence.Sum([]byte(written.String())))
		// The agreements cover the new rows as well as those that releases rest on.
		contract = regexp.MustCompile("( *)- "+before+"\n").ReplaceAllString(contract, "$0${1}- "+after+"\n")
		contract = strings.Replace(contract, "  digest: "+before, "  digest: "+after, 1)
		return strings.Replace(contract, "  columns:\n", fmt.Sprintf("  columns:\n    - { name: %s, type: %s }\n", column, kind), 1)
	})
}
