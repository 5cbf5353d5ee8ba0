package judge

import (
	"context"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// shortcut asks whether all rules of a kind are satisfied, and nothing else: most
// workloads are, and it costs half of what telling the rules apart does. Whoever
// is not told yes asks the rules themselves, so that a shortcut can be of no use,
// but never says why.
//
// Each rule's condition is what OPA's partial evaluation leaves of it when nothing
// is known of the input: the same expressions, without the way to their document.
// A rule of which more than one list of expressions is left is asked by its name.
type shortcut struct{ body ast.Body }

// partialTime bounds what is spent on one rule when the policies are compiled.
const partialTime = time.Second

// cut joins the conditions of all rules.
func (p *prepared) cut(ctx context.Context) (*shortcut, error) {
	joined, used := conjunction{told: map[string]bool{}, loops: map[string]*ast.Every{}}, ast.VarSet{}
	for _, rule := range p.rules {
		condition, err := p.condition(ctx, rule, used)
		if err != nil {
			return nil, err
		}
		used.Update(variables(condition))
		for _, expression := range condition {
			if err := joined.add(expression); err != nil {
				return nil, fmt.Errorf("joining %s: %w", rule.id, err)
			}
		}
	}
	if len(joined.body) == 0 {
		return nil, nil // rules that ask nothing
	}
	compiled, err := p.compiler.QueryCompiler().Compile(joined.body)
	if err != nil {
		return nil, fmt.Errorf("joining the rules: %w", err)
	}
	return &shortcut{compiled}, nil
}

// condition is what must hold for a rule to be satisfied. A variable that means
// something already in the condition of another rule would join the two.
func (p *prepared) condition(ctx context.Context, rule rule, used ast.VarSet) (ast.Body, error) {
	named, err := ast.ParseBody(fmt.Sprintf("data.%s.satisfied == true", rule.id))
	if err != nil {
		return nil, fmt.Errorf("naming %s: %w", rule.id, err)
	}
	ctx, cancel := context.WithTimeout(ctx, partialTime)
	defer cancel()
	left, err := rego.New(rego.ParsedQuery(named.Copy()), rego.Compiler(p.compiler), rego.Store(p.store), rego.Unknowns([]string{"input"})).Partial(ctx)
	if err != nil || len(left.Queries) != 1 || len(left.Support) > 0 || len(variables(left.Queries[0]).Intersect(used)) > 0 {
		return named, nil
	}
	return left.Queries[0], nil
}

func variables(of ast.Body) ast.VarSet {
	found := ast.NewVarVisitor().WithParams(ast.VarVisitorParams{SkipRefCallHead: true})
	found.WalkBody(of)
	return found.Vars().Diff(ast.NewVarSet(ast.InputRootDocument.Value.(ast.Var), ast.DefaultRootDocument.Value.(ast.Var)))
}

// conjunction is expressions that must all hold. One that is there already is not
// asked twice, and what must hold of every item of one list is asked of each item
// in one go.
type conjunction struct {
	body  ast.Body
	told  map[string]bool
	loops map[string]*ast.Every // by what they go over
}

func (c *conjunction) add(expression *ast.Expr) error {
	text := expression.String()
	if c.told[text] {
		return nil
	}
	c.told[text] = true
	loop, is := expression.Terms.(*ast.Every)
	if !is || expression.Negated || len(expression.With) > 0 {
		c.body.Append(expression)
		return nil
	}
	over := loop.Domain.String()
	first := c.loops[over]
	if first == nil || (first.Key == nil) != (loop.Key == nil) {
		c.loops[over] = loop
		c.body.Append(expression)
		return nil
	}
	renamed, err := ast.TransformVars(loop.Body, func(variable ast.Var) (ast.Value, error) {
		switch {
		case variable.Equal(loop.Value.Value):
			return first.Value.Value, nil
		case loop.Key != nil && variable.Equal(loop.Key.Value):
			return first.Key.Value, nil
		}
		return variable, nil
	})
	if err != nil {
		return err
	}
	for _, held := range renamed.(ast.Body) {
		first.Body.Append(held)
	}
	return nil
}

// holds says whether every rule is satisfied. An error is no yes.
func (s *shortcut) holds(ctx context.Context, p *prepared, input ast.Value, now time.Time) bool {
	transaction, err := p.store.NewTransaction(ctx)
	if err != nil {
		return false
	}
	defer p.store.Abort(ctx, transaction)
	cancel, satisfied := topdown.NewCancel(), false
	defer context.AfterFunc(ctx, cancel.Cancel)()
	err = topdown.NewQuery(s.body).WithCompiler(p.compiler).WithStore(p.store).WithTransaction(transaction).
		WithInput(ast.NewTerm(input)).WithTime(now).WithCancel(cancel).
		Iter(ctx, func(topdown.QueryResult) error {
			satisfied = true
			return nil
		})
	return err == nil && satisfied && ctx.Err() == nil
}
