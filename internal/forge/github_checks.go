package forge

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-github/v84/github"
)

// maxText is below the 65,535 characters of the summary of a check run.
const maxText = 60_000 // bytes

// perRequest is GitHub's limit: "a maximum of 50 annotations per API request"
// https://docs.github.com/en/rest/checks/runs
const perRequest = 50

func (g *gitHub) words() words {
	return words{Undecided: "error", Pending: "pending", Failed: "failure", Passed: "success", Unaffected: "success"}
}

func (g *gitHub) statuses(ctx context.Context, commit string) ([]standing, error) {
	return pages(func(page int) ([]standing, int, error) {
		combined, response, err := g.client.Repositories.GetCombinedStatus(ctx, g.owner, g.repo, commit, &github.ListOptions{Page: page, PerPage: 100})
		if err != nil {
			return nil, 0, gitHubError(err)
		}
		var there []standing
		for _, status := range combined.Statuses {
			there = append(there, standing{status.GetContext(), status.GetState(), status.GetDescription(), status.GetTargetURL()})
		}
		return there, response.NextPage, nil
	})
}

func (g *gitHub) setStatus(ctx context.Context, commit string, s standing) error {
	_, _, err := g.client.Repositories.CreateStatus(ctx, g.owner, g.repo, commit,
		github.RepoStatus{State: &s.state, Context: &s.name, Description: &s.title, TargetURL: optional(s.link)})
	return gitHubError(err)
}

// check writes check runs, which only Apps may: their tokens of an
// installation, and so those of GitHub Actions, begin with ghs_.
func (g *gitHub) check(ctx context.Context, commit string, checks []Check, over replaces) (bool, error) {
	token, err := g.credential(ctx)
	if err != nil || !strings.HasPrefix(token, "ghs_") {
		return false, err
	}
	there, err := g.runs(ctx, commit)
	if err != nil {
		return false, err
	}
	for _, check := range checks {
		stands := there[check.Name]
		if passes := stands.GetConclusion() == "success" || stands.GetConclusion() == "neutral"; !over(stands != nil, passes) {
			continue
		}
		if err := g.run(ctx, commit, check, stands); err != nil {
			return false, fmt.Errorf("check %s: %w", check.Name, err)
		}
	}
	return true, nil
}

// runs are the last check runs of each name.
func (g *gitHub) runs(ctx context.Context, commit string) (map[string]*github.CheckRun, error) {
	latest := "latest"
	runs, err := pages(func(page int) ([]*github.CheckRun, int, error) {
		found, response, err := g.client.Checks.ListCheckRunsForRef(ctx, g.owner, g.repo, commit,
			&github.ListCheckRunsOptions{Filter: &latest, ListOptions: github.ListOptions{Page: page, PerPage: 100}})
		if err != nil {
			return nil, 0, gitHubError(err)
		}
		return found.CheckRuns, response.NextPage, nil
	})
	last := map[string]*github.CheckRun{}
	for _, run := range runs {
		if run.GetID() > last[run.GetName()].GetID() && g.mine(run) {
			last[run.GetName()] = run
		}
	}
	return last, err
}

// mine reports whether we wrote a run: it bears our mark, and our login if that
// is known. Another App may use our names, and GitHub lets nobody edit the
// runs of others.
func (g *gitHub) mine(run *github.CheckRun) bool {
	return strings.HasPrefix(run.GetExternalID(), markPrefix) && (g.us == "" || run.GetApp().GetSlug()+"[bot]" == g.us)
}

// run makes one check run read as the check. GitHub adds the annotations of an
// update to those that are there, and does not reopen what has finished; where
// an update would therefore show what is not so, a new run takes its place.
func (g *gitHub) run(ctx context.Context, commit string, check Check, there *github.CheckRun) error {
	form := newRunForm(check)
	if there.GetExternalID() == form.mark() {
		return nil
	}
	first, rest := form.annotations, [][]*github.CheckRunAnnotation(nil)
	switch remarks := there.GetOutput().GetAnnotationsCount(); {
	case there == nil, remarks > 0 && !form.sameRemarks(there.GetExternalID()), there.GetStatus() == "completed" && form.status != "completed":
		there = nil
	case remarks > 0:
		first = nil
	}
	first, rest = batches(first)
	run, err := g.begin(ctx, commit, form, there, first, len(rest) == 0)
	for i := 0; err == nil && i < len(rest); i++ {
		run, err = g.update(ctx, run.GetID(), form, rest[i], i+1 == len(rest))
	}
	return gitHubError(err)
}

func (g *gitHub) begin(ctx context.Context, commit string, form runForm, there *github.CheckRun, remarks []*github.CheckRunAnnotation, last bool) (*github.CheckRun, error) {
	if there != nil {
		return g.update(ctx, there.GetID(), form, remarks, last)
	}
	run, _, err := g.client.Checks.CreateCheckRun(ctx, g.owner, g.repo, github.CreateCheckRunOptions{
		Name: form.check.Name, HeadSHA: commit, DetailsURL: optional(form.check.Link), ExternalID: form.external(last),
		Status: &form.status, Conclusion: optional(form.conclusion), Output: form.output(remarks),
	})
	return run, err
}

func (g *gitHub) update(ctx context.Context, id int64, form runForm, remarks []*github.CheckRunAnnotation, last bool) (*github.CheckRun, error) {
	run, _, err := g.client.Checks.UpdateCheckRun(ctx, g.owner, g.repo, id, github.UpdateCheckRunOptions{
		Name: form.check.Name, DetailsURL: optional(form.check.Link), ExternalID: form.external(last),
		Status: &form.status, Conclusion: optional(form.conclusion), Output: form.output(remarks),
	})
	return run, err
}

func batches(remarks []*github.CheckRunAnnotation) (first []*github.CheckRunAnnotation, rest [][]*github.CheckRunAnnotation) {
	if len(remarks) <= perRequest {
		return remarks, nil
	}
	first, remarks = remarks[:perRequest], remarks[perRequest:]
	for len(remarks) > 0 {
		size := min(perRequest, len(remarks))
		rest = append(rest, remarks[:size])
		remarks = remarks[size:]
	}
	return first, rest
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
