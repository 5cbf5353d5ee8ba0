// Package audit looks again at what already runs. The door judges an object when
// it comes in; evidence ages, keys end, digests are recalled and rules change
// after that, and a pod may run for months.
//
// It is a model of a clerk with a calendar. A [Shelf] holds what is seen of the
// objects of one kind in one namespace; the [Auditor] asks the door about each of
// them, and again when something that the verdict was made of has changed, and
// not otherwise; the calendar tells of every release until when it will be
// admissible. Read [Auditor.Pass] first.
//
// What it finds is told, and nothing is done about it: the status of a Release, a
// PolicyReport for each namespace, metrics, and the list of everything that is
// admissible, for the floor below the door. It never evicts, and a verdict of it
// is, byte for byte, what the door would have said at that instant.
//
// It is a process of its own, so that an audit that runs out of memory takes no
// admission with it. Two of them at once write the same, so it needs no election.
//
// It knows the door and Kubernetes objects. It must never import the reconciler
// or a measuring gate.
package audit
