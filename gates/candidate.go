package gates

import (
	"context"
	"io/fs"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Gate measures one property of a candidate. It answers with measurements, or
// with an error when it could not measure; it never decides. The measurements
// come in a stable order and, for the same candidate, with the same values.
//
// How long a candidate takes is the one thing in which two runs differ.
// Durations are therefore rounded so far that two runs seldom do, and what was
// measured once is kept by whoever asks: the same evidence is signed again.
type Gate interface {
	Name() string
	Measure(ctx context.Context, candidate Candidate) ([]evidence.Measurement, error)
}

// Names of the five gates, in the order in which people read them.
const (
	Dataset     = "dataset"
	Performance = "performance"
	Bias        = "bias"
	Compliance  = "compliance"
	Security    = "security"
)

// Names lists the five gates in order.
func Names() []string { return []string{Dataset, Performance, Bias, Compliance, Security} }

// Candidate is all that a gate may look at. Paths name local files; a gate
// reads only the fields it needs, and treats every byte as hostile.
type Candidate struct {
	Name        string           // the model's name
	Environment string           // where it is a candidate for
	Model       v1alpha1.Model   // the recipe: task, features, threshold, groups
	Dataset     v1alpha1.Dataset // the contract the data must keep
	Card        v1alpha1.ModelCard
	Promotion   v1alpha1.Promotion // serving profile
	Governance  v1alpha1.Governance
	Platform    v1alpha1.Platform // as merged
	Commit      Commit            // who proposed it, and when
	Approvals   []Approval        // verified, and of exactly this content
	Authors     []string          // e-mail addresses of those whose work it is, in lower case
	Void        []Approval        // verified, of this change before its last push, by people who have not signed again
	Withdrawn   []Approval        // of this content, by keys that were revoked since, of people who have not signed again
	Unfit       []string          // people of the platform who cannot sign for themselves alone, and why

	Train   string // file with the training rows, labels included
	Holdout string // file with the holdout rows, labels included; never seen in training

	// Scores of the holdout, one per row in file order: the predicted
	// probability of the event (binary) or the risk score, larger is worse
	// (survival). ChampionScores is empty when nothing serves yet.
	// RepeatedScores are the same asked for once more, and TrainScores those
	// of the training rows. Risks are the predicted probabilities of an event
	// by the model's horizon; empty where the recipe names none.
	Scores         []float64
	RepeatedScores []float64
	TrainScores    []float64
	ChampionScores []float64
	Risks          []float64

	// ChampionThreshold is the champion's own decision threshold; 0 without one.
	ChampionThreshold float64

	Runner Runner // asks the candidate one request at a time; nil where nobody can

	Artifact evidence.Subject // the candidate's model artifact
	Champion evidence.Subject // what serves now; zero when nothing does

	ModelFiles fs.FS  // the files that the trainer wrote
	Manifests  fs.FS  // what will be rendered for the environment
	Image      string // the serving image, by digest
	Checkpoint []byte // signed, of the audit log that the verdict is entered in; nil where none is written

	TrainingImage string // by digest; empty when this program trains
	Changed       fs.FS  // files that the change adds or alters, as they would be, and those that bear on the promotion anyway
	Sources       fs.FS  // Dockerfiles and Terraform of the repository
	Scans         []Scan // what other scanners found, signed by whom the platform trusts

	Exploitability [][]byte // OpenVEX documents of the repository, in the order of their names
	Program        string   // that measures, by the commit it was built from
}

// Approval is a person's signature, verified, and what it means (21 CFR 11.50).
type Approval struct {
	Name    string
	Email   string
	Role    string
	Meaning string    // author, review, approval or responsibility
	Time    time.Time // at which it was given
	Means   string    // ssh, gpg or gitsign
	Key     string    // fingerprint of the key, or identity of the certificate
	Commit  string    // that was signed, or tagged
}

// Scan is what another scanner found in the repository.
type Scan struct {
	evidence.Scan
	Current bool   // what bears on the promotion was then as it is now
	By      string // who signed it
}

// Runner makes a candidate ready as a server would: from its files, anew.
type Runner interface {
	Load(ctx context.Context) (Session, error)
}

// Session is a candidate that is ready. Predict answers one request, the
// features of one patient by column name, an absent or empty one missing, with
// the score; or with an error where it refuses the request. A Session is asked
// by one caller at a time.
type Session interface {
	Predict(ctx context.Context, features map[string]string) (float64, error)
	Close() error
}

// Commit is the change that proposes a candidate.
type Commit struct {
	Hash   string
	Author string // e-mail address
	Time   time.Time
}
