package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/signature"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// movement is what a person asks to be pinned.
type movement struct {
	place              workplace
	base, environment  string
	model, key, reason string
	release            string
}

// flags are those of promote and rollback; release is how each calls the digest.
func (m *movement) flags(command *cobra.Command, release, meaning string) {
	m.place.remote(command)
	flags := command.Flags()
	flags.StringVar(&m.base, "base", "main", "branch that is merged into: its assay.yaml says whose key it is")
	flags.StringVar(&m.environment, "environment", "", "environment in which the release is pinned")
	flags.StringVar(&m.model, "model", "", "model")
	flags.StringVar(&m.release, release, "", meaning)
	flags.StringVar(&m.reason, "reason", "", "why; people are told")
	flags.StringVar(&m.key, "key", "", "your private SSH key, which signs the commit")
	for _, name := range []string{"environment", "model", "key"} {
		cobra.CheckErr(command.MarkFlagRequired(name))
	}
}

func newPromote() *cobra.Command {
	var wanted movement
	command := &cobra.Command{
		Use:   "promote",
		Short: "Propose that a release be promoted to an environment",
		Long: `Propose that a release be promoted: push a branch change/<base>/promote/<environment>/<model>
that pins it, in a commit that you sign. By default it is the release that every
environment before serves. The rules judge the proposal like any other: whether the
release has taken its turn and has soaked is for them to say.`,
		Example: "  assay promote --environment production --model breast-malignancy --key ~/.ssh/id_ed25519",
		Args:    cobra.NoArgs,
	}
	wanted.flags(command, "release", "release to promote, sha256:... (default: what every environment before serves)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		return wanted.propose(command, func(world environment.World, here environment.Environment, model environment.Model, release evidence.Digest) (environment.Proposal, error) {
			if release == "" {
				release = environment.Next(world, here, model)
			}
			if release == "" {
				return environment.Proposal{}, fmt.Errorf("nothing comes next in %s: the environments before serve nothing that is news there\nhint: assay environments shows what serves where; --release names another", here.Name)
			}
			return environment.Proposal{Way: environment.Promote, Release: release, Leaves: model.Pin.Release, Reason: "chosen by hand"}, nil
		})
	}
	return command
}

func newRollback() *cobra.Command {
	var wanted movement
	command := &cobra.Command{
		Use:   "rollback",
		Short: "Propose the way back to a release that an environment admitted before",
		Long: `Propose the way back: push a branch change/<base>/rollback/<environment>/<model> that pins the
release which the environment admitted last before the present one, and puts that one
under quarantine there and in the environments below, in a commit that you sign. The way
back needs no turn and no soak, and no freeze holds it up. It never leads to
what is under quarantine, and a rollback is not rolled back.`,
		Example: `  assay rollback --environment production --model breast-malignancy --reason "alarms at night" --key ~/.ssh/id_ed25519
  assay rollback --environment production --model breast-malignancy --to sha256:0123... --reason "alarms at night" --key ~/.ssh/id_ed25519`,
		Args: cobra.NoArgs,
	}
	wanted.flags(command, "to", "release to go back to, sha256:... (default: the one before)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		return wanted.propose(command, func(_ environment.World, here environment.Environment, model environment.Model, to evidence.Digest) (environment.Proposal, error) {
			release, err := environment.Back(here, model, to)
			return environment.Proposal{Way: environment.Rollback, Release: release, Leaves: model.Serves(), Reason: "ordered by hand"}, err
		})
	}
	return command
}

// choose finds the release that is asked for.
type choose func(world environment.World, here environment.Environment, model environment.Model, named evidence.Digest) (environment.Proposal, error)

func (m *movement) propose(command *cobra.Command, choose choose) error {
	workshop, consent, err := m.open()
	if err != nil {
		return err
	}
	proposal, err := m.chosen(command.Context(), workshop, choose)
	if err != nil {
		return err
	}
	made, err := workshop.ProposeAs(command.Context(), consent, proposal)
	if err != nil {
		return err
	}
	title, _ := assembly.Describe(made.Proposal)
	_, err = fmt.Fprintf(command.OutOrStdout(), "assay: proposed %s\nassay: pushed %s at %.12s\nassay: hint: without a forge this branch is the pull request; with one, open it from this branch into %s\n",
		title, made.Branch, made.Commit, m.base)
	return err
}

// open opens the repository so that commits are signed by the person.
func (m *movement) open() (*assembly.Workshop, assembly.Consent, error) {
	consent := assembly.Consent{Base: m.base}
	private, err := os.ReadFile(m.key)
	if err != nil {
		return nil, consent, fmt.Errorf("reading your key: %w", err)
	}
	if consent.Key, err = signature.ReadSSHSigner(private); err != nil {
		return nil, consent, err
	}
	if err := m.place.defaults(); err != nil {
		return nil, consent, err
	}
	workshop, err := assembly.Open(assembly.Options{Repository: m.place.repository, StateDir: m.place.state, Committer: consent.Key, Clock: time.Now})
	return workshop, consent, err
}

func (m *movement) chosen(ctx context.Context, workshop *assembly.Workshop, choose choose) (environment.Proposal, error) {
	var named evidence.Digest
	if m.release != "" {
		var err error
		if named, err = evidence.ParseDigest(m.release); err != nil {
			return environment.Proposal{}, err
		}
	}
	world, err := workshop.Survey(ctx, m.base, forge.NewPlain(workshop.PlainGit()))
	if err != nil {
		return environment.Proposal{}, err
	}
	here, model := world.Find(m.environment, m.model)
	if model == nil {
		return environment.Proposal{}, fmt.Errorf("%s does not promote %s: there is no environments/%s/%s.yaml on %s", m.environment, m.model, m.environment, m.model, m.base)
	}
	proposal, err := choose(world, *here, *model, named)
	proposal.Environment, proposal.Model = m.environment, m.model
	if m.reason != "" {
		proposal.Reason = m.reason
	}
	return proposal, err
}
