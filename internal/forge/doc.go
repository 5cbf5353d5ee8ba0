// Package forge is how a pull request is spoken about: which are open, what is
// said on them, who approved which commit, and the merge.
//
// A promotion is a conversation in a pull request, and a [Forge] is the place
// of the conversation for one repository. [NewGitHub], [NewGitLab] and
// [NewGitea] (which speaks to Forgejo as well) go through the maintained clients of those
// forges, [NewPlain] needs nothing but git. Nothing of a client shows.
//
// What is promised:
//
//   - Level, not edge. Each act first reads what is there: the same checks and
//     the same comment again write nothing, and a pull request that is merged
//     already was merged. So every act may be repeated after a crash or a lost answer.
//   - A merge names the head that was judged, and the forge refuses another.
//   - Whoever spends one credential shares one [Budget]: merges before
//     statuses before lists, and what the forge says of its limits is kept. A
//     long wait is a [LimitedError], so that no worker is held.
//   - A [Receiver] of webhooks believes signatures alone. What it hands over is a
//     hint to look, never a fact: lost, doubled and replayed deliveries change
//     when something is looked at, and nothing else.
//
// Text of the forge is hostile, and whoever can comment can write our marker:
// only what our own login wrote is ever edited.
//
// The package must never import gates, the judge, Kubernetes or go-git: it
// carries verdicts as text and does not know what one is.
package forge
