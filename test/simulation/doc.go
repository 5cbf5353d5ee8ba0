// Package simulation plays the reconciler in a world of which a seed is the whole
// truth. It has tests only, and no other package may import it.
//
//	make simulate           10,000 seeds, or SEEDS=n
//	make simulate SEED=n    one of them, step by step
//
// Under test is the code that ships: reconciler/promotion from fetch to deliver,
// reconciler/controller's reconciler of merged work, reconciler/conversation, the
// clients of internal/forge with their budgets, its webhook receiver, the judge
// and the shipped rules of changes, of evidence and of discrimination. Made here is
// what is outside of it: a git server (objects), an API server's storage, a
// forge (forgetest: one model, spoken to as GitHub, GitLab or Gitea), a registry,
// an audit log, a trainer and gates that take microseconds, people, and time.
// The tools of reconciler/assembly stand before the real libraries; here workshop stands
// in their place, and keeps the promises of their interfaces.
//
// # One thing at a time
//
// Everything runs in a bubble of testing/synctest. Before each effect on the outside a
// goroutine stops; when all have stopped or sleep, the scheduler picks one by the seed,
// and decides what becomes of its effect: it happens, it is refused, it happens and the
// answer is lost, the process ends before it, or after it. So the seed decides
// although the code under test starts goroutines, and time passes when the
// scheduler says so. Two lives of the reconciler may be at it at once: a new leader,
// and an old one that does not know it yet. Within a life one key is worked on at a
// time, because who waits for a lock has not come to a stop that could be seen;
// promotions of one run are side by side.
//
// A crash is the end of a life: none of its effects happens any more. The next one knows
// what is outside, and what lies on the disk, if it gets that back.
//
// # What must hold
//
// At every move of a ref: what an environment's branch holds was made by a commit that
// main has had, is good enough by the oracle, which asks nobody, came in its turn,
// under no quarantine and into no freeze, with the evidence of every gate, which the
// registry has and on which the log says that it was allowed. No commit of a branch
// is lost. At every merge of ours: there was a verdict that allows this head, the
// merge with main as it was read last may go ahead, and it is the only one. Nothing is
// trained whose model lies on the disk. Once things stop failing, the world comes to
// rest: what is merged and allowed is delivered, what is not promoted is gone, every
// open pull request is told the truth, in one comment.
//
// What no forge can promise is not asked for: none compares the base that is merged into, so
// what comes to main between our last look and the merge is merged with, and judged
// again before it is delivered.
package simulation
