package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// Results of looking at an object, as a PolicyReport calls them.
const (
	pass    = "pass"
	warn    = "warn"
	fail    = "fail"
	mistake = "error" // nothing is known, which the door would have denied
)

// basis is what a verdict was made of, apart from the object itself.
type basis struct {
	environment string
	profile     string
	policy      string
}

// finding is what was found of an object.
type finding struct {
	basis
	orders    string          // about what it uses, as they were
	releases  []webhook.Filed // that it uses
	result    string
	problem   string // why nothing is known
	findings  []gates.Finding
	more      int // findings that are not kept
	evaluated int
	verdict   evidence.Digest
	judged    time.Time
	again     time.Time // when to judge again that which has not changed; zero for never
}

// maxFindings bounds what is kept of one object: a model without evidence misses
// a hundred rules, in every pod that serves it.
const maxFindings = 20

// look judges each object of which something has changed.
func (a *Auditor) look(ctx context.Context, now time.Time) {
	a.due = now.Add(lookAgain)
	for _, one := range a.releases {
		one.users = 0
	}
	for namespace, environment := range a.scene.namespaces {
		for _, at := range a.hall.in(namespace) {
			for _, object := range a.hall.shelves[at].list() {
				if ctx.Err() != nil {
					return
				}
				if a.stale(object, environment, now) {
					object.finding = a.judge(ctx, at, object, environment, now)
				}
				if again := object.finding.again; !again.IsZero() && again.Before(a.due) {
					a.due = again
				}
			}
		}
		a.count(namespace)
	}
}

// stale says whether something that the verdict was made of is another now.
func (a *Auditor) stale(object *object, environment string, now time.Time) bool {
	last := object.finding
	if last == nil || last.basis != a.basis(environment) || last.orders != a.ordered(object, environment, now) || !last.again.IsZero() && !now.Before(last.again) {
		return true
	}
	return a.misseen(object) || !slices.Equal(last.releases, a.uses(object, environment)) || a.turnedSince(last, now)
}

func (a *Auditor) basis(environment string) basis {
	return basis{environment, a.scene.settings.Profiles[environment], a.scene.policy}
}

// uses are the Release objects that speak of what an object uses.
func (a *Auditor) uses(object *object, environment string) []webhook.Filed {
	var used []webhook.Filed
	for _, use := range object.sight.workload.Models {
		if use.Digest != "" {
			used = append(used, a.door.Memory.At(environment, use.Digest)...)
		}
	}
	return used
}

// turnedSince says whether time has changed what is said of a release that was
// used. The door goes by what it was told for a while, so that is asked again
// when that while is over.
func (a *Auditor) turnedSince(last *finding, now time.Time) bool {
	for _, used := range last.releases {
		one := a.releases[used]
		if one == nil || one.turned.IsZero() {
			continue
		}
		over := one.turned.Add(webhook.MemoLife)
		if !last.judged.After(one.turned) || last.judged.Before(over) && !now.Before(over) {
			return true
		}
	}
	return false
}

// judge asks what the door would say if the object were created now.
func (a *Auditor) judge(ctx context.Context, at spot, object *object, environment string, now time.Time) *finding {
	if a.misseen(object) {
		a.see(ctx, at, object)
	}
	found := &finding{basis: a.basis(environment), orders: a.ordered(object, environment, now), judged: now, result: mistake, releases: a.uses(object, environment)}
	if object.sight.problem != "" {
		found.problem = object.sight.problem
		return found
	}
	profile, known := a.scene.settings.Profiles[environment]
	if !known {
		found.problem = fmt.Sprintf("namespace %s is of environment %.80q, which this cluster does not have", at.namespace, environment)
		return found
	}
	verdict, err := a.door.Judge(ctx, environment, profile, now, object.sight.workload)
	if err != nil {
		found.problem, found.again = err.Error(), now.Add(retry)
		return found
	}
	found.read(verdict)
	if a.glazed(object) {
		found.again = now.Add(retry) // it ends by the hour, and no calendar knows when
	}
	for _, use := range object.sight.workload.Models {
		if _, turns := a.door.Memory.Frozen(environment, use.Digest, now); !turns.IsZero() && (found.again.IsZero() || turns.Before(found.again)) {
			found.again = turns
		}
	}
	return found
}

func (f *finding) read(verdict gates.Verdict) {
	f.evaluated, f.verdict = len(verdict.Evaluated), digestOf(verdict)
	f.findings = slices.Clone(verdict.Findings)
	slices.SortStableFunc(f.findings, func(a, b gates.Finding) int { return weight(b) - weight(a) })
	if len(f.findings) > maxFindings {
		f.more = len(f.findings) - maxFindings
		f.findings = slices.Clone(f.findings[:maxFindings])
	}
	switch {
	case !verdict.Allowed():
		f.result = fail
	case len(verdict.Findings) > 0:
		f.result = warn
	default:
		f.result = pass
	}
}

// weight puts first what denies, and of that what says more than that its
// evidence is missing.
func weight(one gates.Finding) int {
	switch {
	case one.Denies() && one.State != gates.Missing:
		return 2
	case one.Denies():
		return 1
	}
	return 0
}

// ordered is what people have ordered about the digests of an object.
func (a *Auditor) ordered(object *object, environment string, now time.Time) string {
	var told strings.Builder
	note := func(digest string) {
		for _, order := range a.door.Memory.Quarantined(environment, digest) {
			fmt.Fprintf(&told, "%q ", order)
		}
		told.WriteString(a.scene.glasses[digest])
	}
	for _, use := range object.sight.workload.Models {
		note(use.Digest)
		if out, _ := a.door.Memory.Frozen(environment, use.Digest, now); out {
			told.WriteString("frozen ")
		}
	}
	for _, image := range object.sight.workload.Images {
		note(image.Digest)
	}
	return told.String()
}

// glazed says whether somebody claims to have broken the glass for a model of the
// object.
func (a *Auditor) glazed(object *object) bool {
	return slices.ContainsFunc(object.sight.workload.Models, func(use judge.ModelUse) bool { return a.scene.glasses[use.Digest] != "" })
}

// digestOf names a verdict as the door does in its audit annotations.
func digestOf(verdict gates.Verdict) evidence.Digest {
	body, err := json.Marshal(verdict)
	if err != nil {
		return "" // as there: a verdict without digest is still a verdict
	}
	return evidence.Sum(body)
}

// misseen says whether the object would look otherwise now: a digest in it that
// was none of a release is one, or the other way around.
func (a *Auditor) misseen(object *object) bool {
	return slices.ContainsFunc(object.sight.asked, func(one asked) bool { return a.door.Memory.Knows(one.digest) != one.known })
}

// see asks for the object once more, since what is kept of it cannot tell. When it
// is gone, the shelf will hear of that.
func (a *Auditor) see(ctx context.Context, at spot, object *object) {
	found, err := a.cluster.Resource(at.kind.Resource).Namespace(at.namespace).Get(ctx, object.name, metav1.GetOptions{})
	if err != nil {
		log.FromContext(ctx).Error(err, "looking again", "namespace", at.namespace, "kind", at.kind.Name, "name", object.name)
		return
	}
	a.hall.shelves[at].correct(object, a.sight(at.kind, found))
}
