package judge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"

	"github.com/mlops-clinical-trials/assay/gates"
)

// Judge answers questions by one compiled bundle. It is safe for concurrent
// use and never changes; a new bundle is a new Judge.
type Judge struct {
	digest  string
	queries map[string]*prepared // by kind of question
}

// prepared is the compiled rules of one kind.
type prepared struct {
	query    rego.PreparedEvalQuery
	rules    []rule
	compiler *ast.Compiler // to ask one of them alone
	store    storage.Store
	shortcut *shortcut // nil where the question is asked rarely
}

// New compiles the policy trees: first the shipped one, then any that add
// rules and tighten thresholds.
func New(ctx context.Context, trees ...fs.FS) (*Judge, error) {
	loaded, err := loadBundle(trees)
	if err != nil {
		return nil, err
	}
	queries, err := prepare(ctx, loaded)
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"change", "model", "workload"} {
		if queries[kind] == nil {
			return nil, fmt.Errorf("the policies hold no %s rule: with nothing to evaluate every door stays shut", kind)
		}
	}
	return &Judge{digest: string(loaded.digest), queries: queries}, nil
}

// PolicyDigest names the rules and thresholds by which this judge answers.
func (j *Judge) PolicyDigest() string { return j.digest }

// Rules lists the ids of all rules.
func (j *Judge) Rules() []string {
	var ids []string
	for _, kind := range []string{"change", "model", "workload"} {
		for _, rule := range j.queries[kind].rules {
			ids = append(ids, rule.id)
		}
	}
	return ids
}

// Explain gives what a rule's metadata says, as a Finding without a message.
func (j *Judge) Explain(id string) (gates.Finding, bool) {
	for _, prepared := range j.queries {
		for _, rule := range prepared.rules {
			if rule.id == id {
				return gates.Finding{Rule: rule.id, Severity: rule.severity, Title: rule.title, Remedy: rule.remedy, Clause: rule.clause, Absolute: rule.absolute}, true
			}
		}
	}
	return gates.Finding{}, false
}

// Judge evaluates every rule of the question's kind. An error means that
// nothing was judged.
func (j *Judge) Judge(ctx context.Context, question Question) (gates.Verdict, error) {
	kind, err := question.kind()
	if err != nil {
		return gates.Verdict{}, err
	}
	input, err := question.input()
	if err != nil {
		return gates.Verdict{}, fmt.Errorf("stating the question: %w", err)
	}
	asked := j.queries[kind]
	verdict := gates.Verdict{
		Subject: question.subject(), Environment: question.Environment,
		Policy: j.digest, Time: question.Time.UTC().Truncate(0),
	}
	if asked.shortcut != nil && len(question.Workload.Glass) == 0 && asked.shortcut.holds(ctx, asked, input, question.Time) {
		verdict.Evaluated, verdict.Findings = ids(asked.rules), []gates.Finding{}
		return verdict, nil
	}
	return asked.judge(ctx, question, input, verdict)
}

// judge asks the rules one by one, as far as they must be told apart.
func (p *prepared) judge(ctx context.Context, question Question, input ast.Value, verdict gates.Verdict) (gates.Verdict, error) {
	results, err := p.query.Eval(ctx, rego.EvalParsedInput(input), rego.EvalTime(question.Time))
	if err != nil {
		return gates.Verdict{}, fmt.Errorf("evaluating the rules: %w", err)
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return gates.Verdict{}, errors.New("the rules gave no answer")
	}
	answer, ok := results[0].Expressions[0].Value.(map[string]any)
	if !ok {
		return gates.Verdict{}, errors.New("the rules gave no object")
	}
	if verdict.Evaluated, verdict.Findings, err = read(answer, p.rules); err != nil {
		return gates.Verdict{}, err
	}
	if verdict.Waivers, err = exceptions(answer, question.Model); err != nil {
		return gates.Verdict{}, err
	}
	verdict.Glass, err = broken(answer, question.Workload)
	return verdict, err
}
