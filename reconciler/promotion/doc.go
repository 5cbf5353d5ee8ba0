// Package promotion makes one line of the promotion repository true: this
// model, in this environment.
//
// [Run] is a literal list of phases, one file each: fetch, train, measure,
// attest, pack, judge, render, deliver. Every phase is keyed by the digest of
// what it reads; a phase whose input already has an output in the [Ledger]
// returns at once. So a restart costs nothing, a merge after a check trains
// nothing, and an output that was lost is made again with the same digest.
//
// A denial is a value: the phases after judge are left out and the verdict
// says why. An error is ignorance: the promotion stays where it was.
//
// The package sees its own small interfaces ([Tools]); it must never import
// the webhook nor a heavy library.
package promotion
