// Package controller runs the phases in a cluster: it watches Repository
// objects, makes the merged commit of each true, answers its pull requests, and
// writes how far each promotion has come into Promotion objects.
//
// Four reconcilers share the open repositories ([Controllers]):
//
//	merged     key: a Repository   makes the merged commit true; one run at a time
//	poll       key: a Repository   lists the open pull requests, and hands those
//	                               that moved to the next
//	pulls      key: repository, #  looks at one pull request
//	exposures  key: a Repository   looks at what runs, counts healthy time, and has
//	                               the pull requests opened that follow from it
//
// Webhooks ([Controllers.Hooks]) put keys into the same queues, and say nothing
// else: whatever they tell is asked of the forge.
//
// What is promised:
//
//   - A pull request never waits for merged work, nor for another pull request:
//     it has workers of its own, and only what trains and measures waits for one
//     of a few [Slots].
//   - News about what is being worked on ends that run between two phases; what
//     it made until then is in the ledger.
//   - A wait holds no worker: limits of a forge and freezes end in a key that
//     comes back at that instant.
//   - A status is written when it changes and not otherwise, and holds no time of
//     a look; healthy time, which grows, is written by the minute. Events tell of
//     transitions.
//
// It holds no state of its own, but for healthy time that is not written yet. What
// is done already is known by digests, in the ledger and on the environments'
// branches, so it may be stopped at any instant and started again. The package must
// never import git, a registry client, the judge or a gate: it is handed a [Workshop].
package controller
