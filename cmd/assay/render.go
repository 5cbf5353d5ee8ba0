package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

func newRender() *cobra.Command {
	var work workingTree
	command := &cobra.Command{
		Use:   "render MODEL",
		Short: "Print the manifests of a model of the working tree",
		Long: `Print the manifests that would serve a model of the working tree in an
environment, by the digest that its recipe gives or that its promotion pins.
The signed evidence is left out: only what was judged is delivered with it.`,
		Example: "  assay render breast-malignancy --environment staging",
		Args:    cobra.ExactArgs(1),
	}
	output := outputFlag(command)
	work.flags(command)
	command.RunE = func(command *cobra.Command, arguments []string) error {
		tools, state, err := work.run(command, arguments[0], "Trained")
		if err != nil {
			return err
		}
		files, err := promotion.Manifests(command.Context(), tools, state)
		if err != nil {
			return err
		}
		if *output == "json" {
			texts := map[string]string{}
			for name, content := range files {
				texts[name] = string(content)
			}
			return json.NewEncoder(command.OutOrStdout()).Encode(texts)
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if _, err := fmt.Fprintf(command.OutOrStdout(), "---\n# %s\n%s\n", name, bytes.TrimPrefix(files[name], []byte("---\n"))); err != nil {
				return err
			}
		}
		return nil
	}
	return command
}
