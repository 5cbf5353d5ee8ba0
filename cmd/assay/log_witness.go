package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// maxWitnesses bounds how many commits of a branch are read.
const maxWitnesses = 100_000

// witnesses are the heads that the deliveries to environments' branches have
// kept. A place is <repository>#<branch>.
func witnesses(ctx context.Context, places []string) ([]auditlog.Checkpoint, error) {
	var heads []auditlog.Checkpoint
	for _, place := range places {
		found, err := witnessesOf(ctx, place)
		if err != nil {
			return nil, fmt.Errorf("--witness %s: %w", place, err)
		}
		heads = append(heads, found...)
	}
	return heads, nil
}

func witnessesOf(ctx context.Context, place string) ([]auditlog.Checkpoint, error) {
	at := strings.LastIndex(place, "#")
	if at < 1 || at == len(place)-1 {
		return nil, fmt.Errorf("it is not <repository>#<branch>\nhint: --witness https://git.example.org/promotions.git#env/production")
	}
	address, branch := place[:at], place[at+1:]
	if !strings.Contains(address, "://") {
		var err error
		if address, err = filepath.Abs(address); err != nil {
			return nil, err
		}
	}
	cache, err := os.MkdirTemp("", "assay-witness-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(cache)
	repository, err := gitrepo.Open(address, cache)
	if err != nil {
		return nil, err
	}
	if err := repository.Fetch(ctx, branch); err != nil {
		return nil, err
	}
	commits, whole, err := repository.Between("", branch, maxWitnesses)
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, fmt.Errorf("the branch has more than %d commits", maxWitnesses)
	}
	return headsIn(commits)
}

// headsIn reads what deliver wrote into the messages of commits.
func headsIn(commits []gitrepo.Commit) ([]auditlog.Checkpoint, error) {
	var heads []auditlog.Checkpoint
	for _, commit := range commits {
		for line := range strings.Lines(commit.Message) {
			text, witnesses := strings.CutPrefix(strings.TrimSuffix(line, "\n"), promotion.HeadTrailer)
			if !witnesses {
				continue
			}
			head, err := auditlog.ParseHead(text)
			if err != nil {
				return nil, fmt.Errorf("commit %s: %w", commit.Hash, err)
			}
			heads = append(heads, head)
		}
	}
	if len(heads) == 0 {
		return nil, fmt.Errorf("none of its %d commits witnesses a log", len(commits))
	}
	return heads, nil
}
