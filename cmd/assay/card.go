package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/card"
)

func newCard() *cobra.Command {
	var work workingTree
	var model, trustFile, file string
	command := &cobra.Command{
		Use:   "card [RELEASE]",
		Short: "Write the model card, with the numbers that were measured",
		Long: `Write the model card of models/<model>/card.yaml, with the numbers that were
measured: every ${<gate>.<measurement>} and every result of a key metric is
replaced by what is in evidence, with its interval. A number that is not in
evidence is an error that names its place.

With a RELEASE, <registry>/models/<model>@sha256:<digest>, the numbers are those
of its evidence in the registry, verified by the keys that assay.yaml trusts;
nothing is trained, and the card must be the one that was measured. Without one,
--model of the working tree is trained and measured here.

-o chai writes XML of the CHAI Applied Model Card 0.2, -o hti1 the 31 source
attributes of 45 CFR 170.315(b)(11)(iv)(B), -o tripod the TRIPOD+AI checklist
(both Markdown), and -o json all of it.

Exit codes: 0 written, 1 some evidence is not believed, 2 could not be written.`,
		Example: `  assay card registry.example.org/assay/models/breast-malignancy@sha256:0123... --environment staging -o chai --file card.xml
  assay card --model breast-malignancy -o hti1`,
		Args: cobra.MaximumNArgs(1),
	}
	output := formsFlag(command, "chai", "hti1", "tripod", "json")
	work.flags(command)
	flags := command.Flags()
	flags.StringVar(&model, "model", "", "model of the working tree; with a RELEASE it has the release's name")
	flags.StringVar(&trustFile, "trust", "", "file with the trusted signers (default: assay.yaml of the repository)")
	flags.StringVar(&file, "file", "", "file to write to (default: standard output)")
	completeFolders(command, &work, "model", "models", "card.yaml")
	completeFolders(command, &work, "environment", "environments", "environment.yaml")
	command.RunE = func(command *cobra.Command, arguments []string) error {
		var filled card.Card
		var err error
		switch {
		case len(arguments) == 1:
			filled, err = cardOfRelease(command, &work, trustFile, arguments[0], model)
		case model == "":
			err = errors.New("whose card?\nhint: name a RELEASE, or a model of the working tree with --model")
		default:
			filled, err = cardOfTree(command, &work, model)
		}
		if err != nil {
			return err
		}
		return writeCard(command.OutOrStdout(), filled, *output, file)
	}
	return command
}

// completeFolders completes a flag with the folders of the repository that hold
// a file of that name.
func completeFolders(command *cobra.Command, work *workingTree, flag, kind, file string) {
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		found, _ := filepath.Glob(filepath.Join(work.place.repository, kind, "*", file)) // the pattern is well formed
		for i, name := range found {
			found[i] = filepath.Base(filepath.Dir(name))
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
	cobra.CheckErr(command.RegisterFlagCompletionFunc(flag, complete))
}

// cardOfTree measures the working tree for a rehearsal.
func cardOfTree(command *cobra.Command, work *workingTree, model string) (card.Card, error) {
	_, state, err := work.run(command, model, "Measured")
	if err != nil {
		return card.Card{}, err
	}
	return card.Fill(state.Release, state.Objects.Card.Spec, state.Measured)
}

// writeCard leaves no half of a file: what cannot be told is told before.
func writeCard(stdout io.Writer, filled card.Card, form, file string) error {
	var text bytes.Buffer
	write := map[string]func(io.Writer) error{"chai": filled.CHAI, "hti1": filled.HTI1, "tripod": filled.TRIPOD, "json": filled.JSON}[form]
	if err := write(&text); err != nil {
		return err
	}
	if file == "" {
		_, err := stdout.Write(text.Bytes())
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}
