// Package environment decides where a release goes next, and where it goes back.
//
// Environments form a graph: each but the first comes after others. A release
// walks along it by pull requests, and this package says which ones to open. It
// looks at a [World], which somebody else has read from git, the forge and the
// clusters, and answers with a [Plan]. It holds no clock and speaks to nobody, so
// the same world gives the same plan, and asking twice changes nothing.
//
//   - The next release is the one that every environment before serves now, once it
//     has soaked there: [Exposure] counts only time in which somebody looked and
//     found exactly that release healthy.
//   - People have the last word. A release that was here before and is no
//     more, one whose proposal they closed, and one that was there when they chose
//     another, is held: it is not proposed again, a newer one is.
//   - The way back ([Back]) leads to what this environment held before, never to
//     what is under quarantine, and no rollback is rolled back.
//   - A branch that lost its past ([Watch]) stops its environment until somebody
//     accepts it.
//
// The package must never import git, a forge, a cluster's client or the judge. It
// proposes; whether a proposal may be merged is for the rules to say.
package environment
