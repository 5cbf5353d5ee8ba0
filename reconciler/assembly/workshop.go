package assembly

import (
	"context"
	"crypto"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/bias"
	"github.com/mlops-clinical-trials/assay/gates/compliance"
	"github.com/mlops-clinical-trials/assay/gates/dataset"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/gates/performance"
	"github.com/mlops-clinical-trials/assay/gates/security"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/internal/trust"
	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Options say which repository, with which key, and where work is kept.
type Options struct {
	Repository string // URL or path of the promotion repository
	StateDir   string // local copy of the repository, vulnerability database: one process at a time
	Ledger     string // outputs of phases: shared by any number of processes
	Signer     evidence.Signer
	Committer  ssh.Signer       // of a person, who signs commits with it instead of with Signer
	Log        *Log             // where verdicts are kept: without one nothing is delivered
	Rehearsal  crypto.PublicKey // of Signer: trust it in this process, and push nothing; nil for real work
	Commands   bool             // run trainers that are commands
	Clock      func() time.Time
	Watch      func(context.Context, promotion.Event)
}

// Workshop is one promotion repository with the tools to work on it.
type Workshop struct {
	Repository *gitrepo.Repo
	options    Options
	branches   *branches
	approvals  atomic.Pointer[map[string]string] // that Merged saw last: tags and their hashes
	origins    origins
	tips       tips
	reached    reached
	exposed    atomic.Pointer[exposures]
}

// builder is the identity that the provenance gives the built-in reconciler.
const builder = "https://assay.dev/reconciler/v1alpha1"

// databaseTag is the schema of the vulnerability database, by which trivy-db
// publishes it.
const databaseTag = ":2"

// identity is the author of what Assay itself writes to git.
var identity = gitrepo.Author{Name: "Assay", Email: "reconciler@assay.dev"}

// Open prepares a workshop, without speaking to the remote.
func Open(options Options) (*Workshop, error) {
	signing, err := options.signing()
	if err != nil {
		return nil, err
	}
	repository, err := gitrepo.Open(options.Repository, filepath.Join(options.StateDir, "git"), signing...)
	if err != nil {
		return nil, err
	}
	return &Workshop{
		Repository: repository, options: options,
		branches: &branches{repository: repository, author: identity, clock: options.Clock},
	}, nil
}

// Tools are made by what is merged: trusted signers, registry, policies and
// vulnerability database come from the base, never from a proposed change.
func (w *Workshop) Tools(ctx context.Context, base fs.FS) (promotion.Tools, error) {
	platform, err := promotion.ReadPlatform(base)
	if err != nil {
		return promotion.Tools{}, err
	}
	certificates, err := keyless.Of(base, platform.Spec.Keyless)
	if err != nil {
		return promotion.Tools{}, fmt.Errorf("assay.yaml: spec.keyless: %w", err)
	}
	believed, err := trust.Of(platform.Spec.Signers, certificates)
	if err != nil {
		return promotion.Tools{}, fmt.Errorf("assay.yaml: %w", err)
	}
	believed = believed.At(w.options.Clock())
	var keeper promotion.Packer = packer{}
	var log promotion.Log
	if w.options.Log != nil {
		log = newPage(w.options.Log, w.options.Repository)
	}
	if w.options.Rehearsal != nil {
		believed = append(believed, evidence.TrustedKey{Name: "rehearsal", Key: w.options.Rehearsal, Predicates: evidence.ReconcilerTypes()})
		keeper, log = rehearsal{}, rehearsal{}
	}
	court, err := judgeOf(ctx, base)
	if err != nil {
		return promotion.Tools{}, err
	}
	return promotion.Tools{
		Rows: rows{}, Trainer: training{commands: w.options.Commands}, Gates: w.gates(platform), Signer: w.options.Signer, Trust: believed,
		Packer: keeper, Judge: court, Past: past{w.Repository}, Admitted: w.branches, Exposed: w.exposures(), Edited: w.edits(platform.Spec.Environments), Log: log, Renderer: renderer{}, Deliverer: w.branches,
		Ledger: promotion.Ledger(w.options.Ledger), Platform: platform, Base: base, Version: version(), Builder: builder, Origin: originOf(w.options.Repository), Clock: w.options.Clock, Watch: w.options.Watch, Width: runtime.GOMAXPROCS(0),
	}, nil
}

// The phases ask for both without naming the gate.
var (
	_ promotion.Freshness = security.Gate{}
	_ promotion.Inventory = security.Gate{}
)

func (w *Workshop) gates(platform v1alpha1.Platform) []gates.Gate {
	return []gates.Gate{
		dataset.Gate{}, performance.Gate{}, bias.Gate{}, compliance.Gate{},
		security.Gate{
			Database: platform.Spec.VulnerabilityDatabase.Repository + databaseTag,
			CacheDir: filepath.Join(w.options.StateDir, "vulnerabilities"),
		},
	}
}

// judgeOf compiles the shipped rules, and those that the repository adds.
func judgeOf(ctx context.Context, base fs.FS) (*judge.Judge, error) {
	trees := []fs.FS{policies.FS}
	if info, err := fs.Stat(base, "policies"); err == nil && info.IsDir() {
		own, err := fs.Sub(base, "policies")
		if err != nil {
			return nil, err
		}
		trees = append(trees, own)
	}
	return judge.New(ctx, trees...)
}

// originOf is how provenance names a repository: by its address on the network,
// without credentials. A directory of this machine says nothing to anybody.
func originOf(repository string) string {
	address, err := url.Parse(repository)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" {
		return ""
	}
	address.User = nil
	return "git+" + address.String()
}

// version is the commit that this program was built from, as far as it knows.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var parts []string
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" || setting.Key == "vcs.modified" {
			parts = append(parts, setting.Value)
		}
	}
	return strings.Join(parts, " ")
}
