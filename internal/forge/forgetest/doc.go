// Package forgetest is a forge of one repository in memory: one model of how
// pull requests behave, and the routes of GitHub, GitLab and Gitea over it.
//
// [New] makes a [Model]; [Model.GitHub], [Model.GitLab] and [Model.Gitea] serve
// it, as many at once as one likes. The routes are those that package forge
// uses, in the shapes of the public API documentation of each forge. Commits
// are names; a MakeMerge function can put a real git repository behind them.
//
// [Model.Fault] loses answers, refuses and delays. Nothing in here is random, and
// time is asked of a function, so a simulation with a seed replays.
//
// The package must never import anything of this project: it would believe
// what it is there to test.
package forgetest
