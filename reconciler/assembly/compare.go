package assembly

import (
	"context"
	"io/fs"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// compare sets a promotion beside what its environment holds: the numbers of
// the champion, as far as its own evidence is believed, and the manifests.
func (w *Workshop) compare(ctx context.Context, tools promotion.Tools, state *promotion.State, told *report.Promotion) error {
	if !state.Champion.Zero() {
		served, err := tools.Deliverer.Recall(ctx, state.Request.Environment, state.Champion)
		if err != nil {
			return err
		}
		for _, statement := range evidence.Open(ctx, tools.Trust, served.Release, served.Envelopes).Statements {
			if statement.Measurements != nil {
				told.Serving = append(told.Serving, *statement.Measurements)
			}
		}
	}
	if len(state.Files) == 0 { // it did not come so far
		return nil
	}
	held, err := w.branches.manifests(state.Request.Environment, state.Request.Model)
	told.Manifests = report.Differences(held, withoutEvidence(state.Files))
	return err
}

// manifests are those of a model on the branch, without its evidence.
func (b *branches) manifests(environment, model string) (map[string][]byte, error) {
	files := map[string][]byte{}
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return files, err
	}
	if _, err := fs.Stat(tree, model); err != nil {
		return files, nil
	}
	err = fs.WalkDir(tree, model, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(tree, name)
		return err
	})
	return withoutEvidence(files), err
}

// withoutEvidence leaves out what is new with every release, and what nobody
// reads: its signatures.
func withoutEvidence(files map[string][]byte) map[string][]byte {
	kept := map[string][]byte{}
	for name, text := range files {
		if !strings.HasSuffix(name, "/release.yaml") {
			kept[name] = text
		}
	}
	return kept
}
