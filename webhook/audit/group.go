package audit

import (
	"slices"

	"github.com/mlops-clinical-trials/assay/webhook"
)

// row is an object in its namespace.
type row struct {
	at spot
	*object
}

// rows are the objects of a namespace that have been judged and do not rest, in a
// stable order.
func (a *Auditor) rows(namespace string) []row {
	var rows []row
	for _, at := range a.hall.in(namespace) {
		for _, object := range a.hall.shelves[at].list() {
			if object.finding != nil && !object.sight.resting {
				rows = append(rows, row{at, object})
			}
		}
	}
	return rows
}

// under gathers rows below the controller that they have in common: of a
// Deployment, its ReplicaSet and a hundred pods people want to read once. One that
// differs from its controller stands for itself.
func under(rows []row, alike func(row, controller row) bool) (leaders []row, followers map[*object]int) {
	known := make(map[owner]row, len(rows))
	for _, one := range rows {
		known[owner{one.at.kind.Name, one.name}] = one
	}
	followers = map[*object]int{}
	for _, one := range rows {
		leader := one
		for range maxDepth {
			controller, is := known[leader.sight.owner]
			if !is || !alike(leader, controller) {
				break
			}
			leader = controller
		}
		if leader.object == one.object {
			leaders = append(leaders, one)
			continue
		}
		followers[leader.object]++
	}
	return leaders, followers
}

// maxDepth ends the walk where controllers control each other.
const maxDepth = 8

// idle kinds are read by pods, and run nothing themselves.
var idle = []string{"ConfigMap", "PodTemplate"}

// count adds the namespace's workloads to each release that they use.
func (a *Auditor) count(namespace string) {
	rows := slices.DeleteFunc(a.rows(namespace), func(one row) bool {
		return len(one.finding.releases) == 0 || slices.Contains(idle, one.at.kind.Name)
	})
	leaders, _ := under(rows, func(one, controller row) bool {
		return slices.Equal(one.finding.releases, controller.finding.releases)
	})
	for _, one := range leaders {
		used := map[webhook.Filed]bool{}
		for _, release := range one.finding.releases {
			if entry := a.releases[release]; entry != nil && !used[release] {
				used[release] = true
				entry.users++
			}
		}
	}
}
