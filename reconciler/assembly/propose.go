package assembly

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// proposalTrailer begins the line by which a commit says that nobody chose it.
const proposalTrailer = "Assay-Proposal: "

// Proposed is a proposal as a branch that asks to be merged.
type Proposed struct {
	environment.Proposal
	Branch string
	Base   string // branch
	Commit string
}

// proposalBranch is one for each way, environment and model: of what is proposed
// there, the newest counts. Where there is no forge, its name is what asks.
func proposalBranch(base string, proposal environment.Proposal) string {
	return path.Join("change", base, string(proposal.Way), proposal.Environment, proposal.Model)
}

// Propose puts a proposal on its branch of the remote, on top of what is merged,
// in a commit that whoever by is signs. The same again changes nothing.
func (w *Workshop) Propose(ctx context.Context, base string, proposal environment.Proposal, by gitrepo.Author) (Proposed, error) {
	made := Proposed{Proposal: proposal, Base: base, Branch: proposalBranch(base, proposal)}
	tip, err := w.Repository.Resolve(base)
	if err != nil {
		return made, err
	}
	tree, err := w.Repository.Tree(tip.Hash)
	if err != nil {
		return made, err
	}
	change, err := changeFor(tree, proposal, by.Email)
	if err != nil {
		return made, err
	}
	title, reason := Describe(proposal)
	message := title + "\n\n" + reason + "\n"
	if by.Email == identity.Email {
		message += "\n" + proposalTrailer + string(proposal.Way) + "\n"
	}
	by.Time = w.options.Clock()
	made.Commit, err = w.Repository.Propose(ctx, made.Branch, tip.Hash, change, message, by)
	return made, err
}

// ProposeAs is Propose by a person, whom assay.yaml as merged lists with this key.
func (w *Workshop) ProposeAs(ctx context.Context, by Consent, proposal environment.Proposal) (Proposed, error) {
	person, err := w.signerOf(by)
	if err != nil {
		return Proposed{}, err
	}
	return w.Propose(ctx, by.Base, proposal, gitrepo.Author{Name: person.Name, Email: person.Email})
}

// Describe is what people read of a proposal.
func Describe(proposal environment.Proposal) (title, body string) {
	if proposal.Way == environment.Rollback {
		return fmt.Sprintf("%s: back to %s in %s", proposal.Model, proposal.Release.Short(), proposal.Environment),
			fmt.Sprintf("%s served here before, and %s, which it replaces, goes under quarantine: %s.", proposal.Release, proposal.Leaves, proposal.Reason)
	}
	return fmt.Sprintf("%s: promote %s to %s", proposal.Model, proposal.Release.Short(), proposal.Environment),
		fmt.Sprintf("%s: %s.", proposal.Release, proposal.Reason)
}

// changeFor is the files that a proposal changes: the pin, and on the way back the
// quarantine of what is left, in this environment and in those below it.
func changeFor(tree fs.FS, proposal environment.Proposal, by string) (map[string][]byte, error) {
	file := promotion.Pair{Environment: proposal.Environment, Model: proposal.Model}.File()
	text, err := fs.ReadFile(tree, file)
	if err != nil {
		return nil, fmt.Errorf("reading the promotion: %w", err)
	}
	pinned, err := v1alpha1.Pin(file, text, string(proposal.Release))
	if err != nil {
		return nil, err
	}
	change := map[string][]byte{file: pinned}
	if proposal.Way != environment.Rollback || proposal.Leaves == "" {
		return change, nil
	}
	return change, quarantineLeft(tree, proposal, by, change)
}

// quarantineLeft keeps what was left from coming back, unless somebody has said so
// already.
func quarantineLeft(tree fs.FS, proposal environment.Proposal, by string, change map[string][]byte) error {
	environments, err := promotion.Environments(tree)
	if err != nil {
		return err
	}
	world := environment.World{}
	for _, one := range environments {
		world.Environments = append(world.Environments, environment.Environment{Name: one.Metadata.Name, Spec: one.Spec})
	}
	name := quarantineName(proposal)
	file := path.Join("quarantines", name+".yaml")
	if _, err := fs.Stat(tree, file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	reason := "left by a rollback in " + proposal.Environment + ": " + proposal.Reason
	order := v1alpha1.Quarantine{
		Header: v1alpha1.Header{APIVersion: v1alpha1.APIVersion, Kind: "Quarantine", Metadata: v1alpha1.Metadata{Name: name}},
		Spec: v1alpha1.QuarantineSpec{
			Digest: string(proposal.Leaves), Environments: world.Below(proposal.Environment), Reason: short(reason), By: by,
		},
	}
	text, err := yaml.Marshal(order)
	if err != nil {
		return err
	}
	change[file] = text
	return v1alpha1.Decode(file, text, &v1alpha1.Quarantine{})
}

// quarantineName names the order for where it counts: what is left in one
// environment later may be left in another before.
func quarantineName(proposal environment.Proposal) string {
	end := "-" + proposal.Leaves.Hex()[:12]
	start := proposal.Model + "-" + proposal.Environment
	return strings.TrimRight(start[:min(len(start), maxName-len(end))], "-") + end
}

const maxName = 63 // of an object, and so of a file
