package promotion

import (
	"context"
	"io/fs"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Tools are what the phases work with, one verb each.
type Tools struct {
	Rows      Rows
	Trainer   Trainer
	Gates     []gates.Gate
	Signer    evidence.Signer
	Trust     evidence.Verifier
	Packer    Packer
	Judge     Judge
	Log       Log
	Renderer  Renderer
	Deliverer Deliverer
	History   History             // nil for a tree that nobody has committed
	Past      Past                // likewise
	Admitted  Admitted            // nil where no branch is kept
	Exposed   Exposed             // nil where nobody watches clusters
	Edited    map[string][]string // by environment: branches that lost their past, told to people
	Ledger    Ledger
	Platform  v1alpha1.Platform            // as merged: a proposed change cannot redirect the registry
	Base      fs.FS                        // what is merged, for what a change must not lift; nil for a tree that nobody has committed
	Version   string                       // of the program: another one may train or measure otherwise
	Builder   string                       // who trains: the builder id of the provenance
	Origin    string                       // URI of the repository; empty where it has none
	Clock     func() time.Time             // for freezes; nil where the time of the request will do
	Watch     func(context.Context, Event) // told when a phase starts and ends, by several runs at once; may be nil
	Width     int                          // how many promotions of one environment are worked on at once; one where it says nothing
}

// Rows takes data files apart.
type Rows interface {
	// Split writes the training and the holdout rows of a data file.
	Split(ctx context.Context, data string, dataset v1alpha1.DatasetSpec, train, holdout string) error
	// Origin tells which row of a data file became that row of a part of it, the
	// one that the split marks so. Rows count from 1.
	Origin(ctx context.Context, data string, dataset v1alpha1.DatasetSpec, mark string, row int) (int, error)
	// Blind writes the holdout without the outcome: what a trainer may see of it.
	Blind(ctx context.Context, holdout string, recipe Recipe, blind string) error
}

// Trainer makes a model and asks it for scores. It never sees the outcome of a
// row that it scores, so it cannot grade itself.
type Trainer interface {
	Train(ctx context.Context, recipe Recipe, data, into string) error
	Predict(ctx context.Context, recipe Recipe, model, blind string) (Prediction, error)
	// Program names what trains by the recipe; the empty digest, where nobody can.
	Program(recipe Recipe) (evidence.Digest, error)
	// Load makes the model ready for single requests, as a server would.
	Load(ctx context.Context, recipe Recipe, model string) (gates.Session, error)
}

// Prediction is what a model says of rows, in file order: scores, and where the
// recipe names a horizon, risks of an event by then.
type Prediction struct {
	Scores []float64
	Risks  []float64
}

// Packer keeps releases in a registry.
type Packer interface {
	// Identify gives the digest that the files will have as an artifact.
	Identify(name string, files fs.FS) (evidence.Subject, error)
	// Pack makes artifact and evidence visible together, or neither.
	Pack(ctx context.Context, registry, name string, files fs.FS, envelopes []evidence.Envelope) error
	// Pull writes the files of a release into an empty directory.
	Pull(ctx context.Context, registry string, release evidence.Subject, into string) error
	// List gives every envelope that claims to be about a release.
	List(ctx context.Context, registry string, release evidence.Subject) ([]evidence.Envelope, error)
}

// Judge asks the rules.
type Judge interface {
	Judge(ctx context.Context, question judge.Question) (gates.Verdict, error)
}

// Rendering is what a release's manifests are made of.
type Rendering struct {
	Model       string
	Environment v1alpha1.Environment
	Registry    string
	Release     evidence.Subject
	Image       string // the serving image, by digest
	Replicas    int
	Serving     v1alpha1.ServingProfile
	Envelopes   []evidence.Envelope
}

// Renderer writes manifests: path to YAML.
type Renderer interface {
	Render(ctx context.Context, rendering Rendering) (map[string][]byte, error)
}

// Served is what an environment's branch says of a model.
type Served struct {
	Release   evidence.Subject
	Envelopes []evidence.Envelope
}

// Deliverer writes the environment's branch, and reads what it serves and served.
type Deliverer interface {
	// Serving is the release that the branch holds; zero when it holds none.
	Serving(ctx context.Context, environment, model string) (Served, error)
	// Recall finds a release where the branch held it last, now or before; zero
	// when it never did.
	Recall(ctx context.Context, environment string, release evidence.Subject) (Served, error)
	// Withdraw takes away every model that is not promoted any more.
	Withdraw(ctx context.Context, environment string, promoted []string) error
	// Deliver puts all that a run has for one environment on its branch, in one
	// commit, and says in which. Files that are there already make no new one. A
	// crash before it has returned leaves the branch as it was or as it was to be.
	Deliver(ctx context.Context, delivery Delivery) (commit string, err error)
}

// Delivery is what one run brings to the branch of an environment.
type Delivery struct {
	Environment string
	Models      []string          // whose files are replaced; those of others stay
	Files       map[string][]byte // of all these models, by path
	Message     string
}

// Freshness is implemented by a gate that reads what is outside the candidate,
// such as a vulnerability database: the digest of that is an input, too.
type Freshness interface {
	Outside(ctx context.Context, candidate gates.Candidate) (evidence.Subject, error)
}
