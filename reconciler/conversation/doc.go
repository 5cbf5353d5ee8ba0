// Package conversation answers pull requests: it says on each what merging it
// would promote, and merges those that may go without a person.
//
// [Conversation.Look] looks at one pull request and makes what is said on it
// true. It reads the forge, decides, acts, and reads on, until there is nothing
// left to do:
//
//	read -> announce -> weigh -> (verdict known | check) -> say -> merge
//
// decide is the heart, and pure: from what was seen it says what comes next.
// Everything else carries that out.
//
// What is promised:
//
//   - Nothing is remembered but verdicts. Whoever crashes between two steps looks
//     again, and nothing is said twice, and nothing merged twice.
//   - A verdict is about a content and not about a commit: the [Checker] names
//     everything that it reads by one key. A rebase, or a change of main that has
//     nothing to do with a pull request, finds the verdict in [Verdicts].
//   - A merge names the head and the base that were judged.
//   - Only pull requests into [Options].Branch are looked at, for configuration is
//     read from the base: whoever may push to another branch is nobody there.
//   - Of a fork nothing is read, and nothing is run, before a person who may write
//     says so about exactly that head.
//
// What a pull request says of itself is hostile. The package must never import
// git, the judge, Kubernetes or a gate: a verdict reaches it as a report.
package conversation
