package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/signer"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
)

// workplace are the flags of every command that works on a promotion
// repository.
type workplace struct {
	repository, state, ledger, key string
	commands                       bool
}

func (w *workplace) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&w.repository, "repository", ".", "promotion repository: a directory or the URL of a git remote")
	flags.StringVar(&w.state, "state", "", "directory for caches (default: the user's cache directory)")
	flags.StringVar(&w.ledger, "ledger", "", "directory for the outputs of phases, which may be shared (default: <state>/ledger)")
	flags.BoolVar(&w.commands, "allow-commands", false, "run trainers that are commands: read first what the recipe runs")
	flags.StringVar(&w.key, "key", "", "what signs evidence: "+signer.References+"; without it nothing is pushed or recorded")
}

// open prepares a workshop. Without a key it is a rehearsal: evidence is
// signed with a key that is trusted in this process only.
func (w *workplace) open(command *cobra.Command) (*assembly.Workshop, error) {
	if err := w.defaults(); err != nil {
		return nil, err
	}
	options := assembly.Options{
		Repository: w.repository, StateDir: w.state, Ledger: w.ledger,
		Commands: w.commands, Clock: time.Now, Watch: progress(command.ErrOrStderr()),
	}
	if w.key == "" {
		private, _, err := evidence.GenerateKey()
		if err != nil {
			return nil, err
		}
		own, err := evidence.NewSigner(private)
		if err != nil {
			return nil, err
		}
		options.Signer, options.Rehearsal = own, own.Public()
		return assembly.Open(options)
	}
	var err error
	options.Signer, err = signer.Open(command.Context(), w.key)
	if err != nil {
		return nil, err
	}
	return assembly.Open(options)
}

func (w *workplace) defaults() error {
	if w.local() {
		absolute, err := filepath.Abs(w.repository)
		if err != nil {
			return err
		}
		w.repository = absolute
	}
	if w.state == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("finding a directory for caches: %w\nhint: give one with --state", err)
		}
		w.state = filepath.Join(cache, "assay")
	}
	if w.ledger == "" {
		w.ledger = filepath.Join(w.state, "ledger")
	}
	return nil
}

func (w *workplace) local() bool { return !strings.Contains(w.repository, "://") }

// headOf is the branch that is checked out in a local repository.
func headOf(repository string) (string, error) {
	for _, name := range []string{filepath.Join(repository, ".git", "HEAD"), filepath.Join(repository, "HEAD")} {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		line, _, _ := strings.Cut(string(text), "\n")
		return strings.TrimSpace(strings.TrimPrefix(line, "ref: refs/heads/")), nil
	}
	return "", fmt.Errorf("%s is not a git repository\nhint: run this in a clone of the promotion repository, or give --repository", repository)
}
