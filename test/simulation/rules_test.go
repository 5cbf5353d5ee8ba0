package simulation

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

// judges reads the shipped rules, and of those about a model only the ones whose
// numbers the toy gates measure: a verdict then costs what its signatures cost.
var judges = sync.OnceValues(func() (*judge.Judge, error) {
	rules := fstest.MapFS{}
	err := fs.WalkDir(policies.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, "model/") && !strings.HasPrefix(name, "model/evidence/") && !strings.HasPrefix(name, "model/performance/discrimination/") {
			return err
		}
		text, err := fs.ReadFile(policies.FS, name)
		rules[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		return nil, err
	}
	return judge.New(context.Background(), rules)
})

// court asks them.
type court struct{ flaws flaws }

func (c court) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	asked, err := judges()
	if err != nil {
		return gates.Verdict{}, err
	}
	verdict, err := asked.Judge(ctx, question)
	if c.flaws.verdictForgotten {
		verdict.Findings = nil
	}
	return verdict, err
}

// privateKey is one that nobody keeps secret: a seed replays only with the same signatures.
const privateKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`

var reconcilerKey, believed = func() (evidence.Signer, evidence.Verifier) {
	signer, err := evidence.NewSigner([]byte(privateKey))
	if err != nil {
		panic(err)
	}
	trust := evidence.Trust{{Name: "reconciler", Key: signer.Public(), Predicates: evidence.ReconcilerTypes()}}
	return signer, &remembering{trust: trust}
}()

// remembering verifies an envelope once for all seeds: many have the same.
type remembering struct {
	trust evidence.Trust
	known sync.Map // of verified statements, by envelope
}

func (r *remembering) Verify(ctx context.Context, envelope evidence.Envelope) (evidence.Statement, error) {
	if statement, known := r.known.Load(string(envelope)); known {
		return statement.(evidence.Statement), nil
	}
	statement, err := r.trust.Verify(ctx, envelope)
	if err == nil {
		r.known.Store(string(envelope), statement)
	}
	return statement, err
}
