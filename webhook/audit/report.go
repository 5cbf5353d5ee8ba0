package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// A PolicyReport is what dashboards of several policy engines read
// (https://htmlpreview.github.io/?https://github.com/kubernetes-sigs/wg-policy-prototypes/blob/master/policy-report/docs/index_v1alpha2.html).
const (
	reportName = "assay"
	maxResults = 500  // of a namespace; the API server takes an object of a megabyte and a half
	maxText    = 1000 // bytes of a result's message
)

// result is one rule and one workload.
type result struct {
	at        row
	rule      string
	result    string
	severity  string
	category  string
	message   string
	followers int
	release   string
	until     string
}

// results are what is to be read of a namespace: of each workload every rule that
// is not met, or else that all are. Workloads without a model are left out while
// nothing is wrong with them.
func (a *Auditor) results(namespace string) []result {
	leaders, followers := under(a.rows(namespace), saysTheSame)
	var all []result
	for _, one := range leaders {
		found := one.finding
		if found.result == pass && len(one.sight.workload.Models) == 0 {
			continue
		}
		frame := result{at: one, followers: followers[one.object]}
		frame.release, frame.until = a.oneRelease(found.releases)
		all = append(all, found.results(frame)...)
	}
	slices.SortStableFunc(all, func(x, y result) int {
		return cmp.Compare(slices.Index(order, x.result), slices.Index(order, y.result))
	})
	return all
}

// order puts first what must not be cut off.
var order = []string{mistake, fail, warn, pass}

func (f *finding) results(frame result) []result {
	if f.result == mistake {
		frame.rule, frame.result, frame.severity, frame.message = "workload", mistake, "high", f.problem
		return []result{frame}
	}
	var all []result
	for _, one := range f.findings {
		each := frame
		each.rule, each.result, each.severity, each.category = one.Rule, warn, "low", one.Clause
		each.message = one.Message
		if one.Denies() {
			each.result, each.severity = fail, "high"
			each.message += "; remedy: " + one.Remedy
		} else if one.Severity == gates.Waived {
			each.severity = "medium"
		}
		all = append(all, each)
	}
	switch {
	case f.more > 0:
		frame.rule, frame.result, frame.severity, frame.message = "workload", f.result, "high", fmt.Sprintf("and %d more rules", f.more)
		all = append(all, frame)
	case len(all) == 0:
		frame.rule, frame.result, frame.message = "workload", pass, fmt.Sprintf("%d rules are met", f.evaluated)
		all = append(all, frame)
	}
	return all
}

// saysTheSame compares what was found but for the place in the object.
func saysTheSame(one, controller row) bool {
	x, y := one.finding, controller.finding
	return x.result == y.result && x.problem == y.problem && x.more == y.more && slices.Equal(x.releases, y.releases) &&
		slices.EqualFunc(x.findings, y.findings, func(a, b gates.Finding) bool {
			return a.Rule == b.Rule && a.Severity == b.Severity && a.State == b.State
		})
}

// oneRelease names the release of a workload that has one, and until when it is
// admissible.
func (a *Auditor) oneRelease(used []webhook.Filed) (name, until string) {
	for _, release := range used {
		entry := a.releases[release]
		if entry == nil {
			continue
		}
		if name == "" {
			name = release.Name()
		} else if name != release.Name() {
			name += " and others"
			break
		}
		if !entry.until.IsZero() {
			until = entry.until.UTC().Format(time.RFC3339)
		}
	}
	return name, until
}

// report is the object, without what changes while it says the same: when it was
// judged, and the digests of verdicts, which name that instant.
type report struct {
	results []result
	summary map[string]any
	leftOut int
}

func newReport(all []result) report {
	made := report{results: all[:min(len(all), maxResults)], leftOut: max(len(all)-maxResults, 0)}
	counts := map[string]int64{}
	for _, one := range all {
		counts[one.result]++
	}
	made.summary = map[string]any{"skip": int64(0)}
	for _, name := range order {
		made.summary[name] = counts[name]
	}
	return made
}

// object is what is written. Where timeless, what only an instant tells is left
// out: two that are alike then say the same.
func (r report) object(namespace string, timeless bool) map[string]any {
	results := make([]any, 0, len(r.results))
	for _, one := range r.results {
		results = append(results, one.object(namespace, timeless))
	}
	return map[string]any{
		"apiVersion": reports.GroupVersion().String(), "kind": "PolicyReport",
		"metadata": map[string]any{
			"name": reportName, "namespace": namespace, "labels": map[string]any{managedBy: manager},
			"annotations": map[string]any{leftOutNote: strconv.Itoa(r.leftOut)},
		},
		"summary": r.summary,
		"results": results,
	}
}

func (r result) object(namespace string, timeless bool) map[string]any {
	properties := map[string]any{"environment": r.at.finding.environment, "policy": r.at.finding.policy}
	for key, value := range map[string]string{"release": r.release, "admissibleUntil": r.until} {
		if value != "" {
			properties[key] = value
		}
	}
	if r.followers > 0 {
		properties["controls"] = strconv.Itoa(r.followers) // objects that it made, of which the same is to be said
	}
	object := map[string]any{
		"source": "assay", "policy": "assay", "rule": r.rule, "result": r.result, "scored": r.result != warn,
		"message": webhook.Quoted(r.message, maxText), "properties": properties,
		"resources": []any{map[string]any{
			"apiVersion": r.at.at.kind.Resource.GroupVersion().String(), "kind": r.at.at.kind.Name, "namespace": namespace, "name": r.at.name,
		}},
	}
	for key, value := range map[string]string{"severity": r.severity, "category": webhook.Quoted(r.category, maxText)} {
		if value != "" {
			object[key] = value
		}
	}
	if !timeless {
		properties["verdict"] = string(r.at.finding.verdict)
		object["timestamp"] = map[string]any{"seconds": r.at.finding.judged.Unix(), "nanos": int64(0)}
	}
	return object
}
