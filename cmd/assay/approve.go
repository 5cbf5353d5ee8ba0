package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/internal/signature"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

const aboutApprove = `Sign a promotion as it stands: make an annotated tag on the head of a branch, signed
with your SSH key, and print how to push it. It counts for exactly the content that
the tagged commit has, whatever is merged beside it, and for nothing once that content
is changed; see assay approvals. assay.yaml on the branch that is merged into must list
your key (spec.people), and whoever made the change cannot approve it.

git does the same, also with a key that an agent or GPG holds:

  git -c gpg.format=ssh -c user.signingkey=~/.ssh/id_ed25519.pub tag -s approvals/staging/breast-malignancy/ines \
    -m "Reviewed" -m "Assay-Promotion: staging/breast-malignancy
  Assay-Meaning: review"`

func newApprove() *cobra.Command {
	var place workplace
	var base, head, key, environment string
	var models []string
	var claim promotion.Claim
	command := &cobra.Command{
		Use:   "approve",
		Short: "Sign a promotion as it stands: an annotated tag, to be pushed",
		Long:  aboutApprove,
		Example: `  assay approve --environment staging --model breast-malignancy --meaning approval --key ~/.ssh/id_ed25519
  assay approve --environment development --model breast-malignancy --meaning review --role statistician --head lower-threshold --key ~/.ssh/id_ed25519`,
		Args: cobra.NoArgs,
	}
	flags := command.Flags()
	flags.StringVar(&place.repository, "repository", ".", "clone of the promotion repository")
	flags.StringVar(&place.state, "state", "", "directory for caches (default: the user's cache directory)")
	flags.StringVar(&base, "base", "main", "branch that is merged into: its assay.yaml says whose key it is")
	flags.StringVar(&head, "head", "", "branch or commit to sign (default: the one checked out)")
	flags.StringVar(&environment, "environment", "", "environment that is promoted to")
	flags.StringSliceVar(&models, "model", nil, "model that is promoted; may be repeated")
	flags.StringVar(&claim.Meaning, "meaning", "", "what your signature means: "+strings.Join(promotion.Meanings(), ", "))
	flags.StringVar(&claim.Role, "role", "", "in which of your roles you sign (default: the first that assay.yaml gives you)")
	flags.StringVar(&key, "key", "", "your private SSH key")
	for _, name := range []string{"environment", "model", "meaning", "key"} {
		cobra.CheckErr(command.MarkFlagRequired(name))
	}
	command.RunE = func(command *cobra.Command, _ []string) error {
		if !slices.Contains(promotion.Meanings(), claim.Meaning) {
			return fmt.Errorf("--meaning %q is none of %s", claim.Meaning, strings.Join(promotion.Meanings(), ", "))
		}
		for _, model := range models {
			claim.Promotions = append(claim.Promotions, promotion.Pair{Environment: environment, Model: model})
		}
		private, err := os.ReadFile(key)
		if err != nil {
			return fmt.Errorf("reading your key: %w", err)
		}
		consent := assembly.Consent{Base: base, Head: head, Claim: claim}
		if consent.Key, err = signature.ReadSSHSigner(private); err != nil {
			return err
		}
		return approve(command, place, consent)
	}
	return command
}

func approve(command *cobra.Command, place workplace, consent assembly.Consent) error {
	if !place.local() {
		return fmt.Errorf("--repository %s: a tag is made in a clone on this machine", place.repository)
	}
	if err := place.defaults(); err != nil {
		return err
	}
	if consent.Head == "" {
		var err error
		if consent.Head, err = headOf(place.repository); err != nil {
			return err
		}
	}
	workshop, err := assembly.Open(assembly.Options{Repository: place.repository, StateDir: place.state, Clock: time.Now})
	if err != nil {
		return err
	}
	tag, err := workshop.Approve(command.Context(), consent)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(command.OutOrStdout(), "assay: signed %s\ngit push origin %s\n", tag, tag)
	return err
}
