// Package gitrepo reads and writes git repositories as databases of objects.
// There is never a worktree: files are read from the trees of commits, and
// commits are made of trees that were written, not checked out. Checking a
// repository out is the slow and the dangerous part of git (hooks, filters,
// symlinks that leave the folder), and nothing here needs it.
//
// [Open] a remote once per process, [Repo.Fetch] what is of interest, then
//
//   - [Repo.Resolve] a branch to a [Commit] and read its files with
//     [Repo.Tree], an [io/fs.FS] that no later fetch can change;
//   - [Repo.MergeTree] tells what the files would be if a pull request were
//     merged, which is what a check has to judge;
//   - [Repo.Rewrite] puts one commit on an environment branch, [Repo.Propose]
//     one on a branch that asks to be merged, and [Repo.Note] a git note on a
//     commit. All push, and all give way to another writer: the remote must
//     still be where it was when we looked.
//
// What is on disk is a cache of objects by their hashes, which processes may
// share and anybody may delete. Every commit in it has its whole history and all
// its trees; the contents of files come when somebody reads them, many at a time.
// Where refs stand is asked of the remote and kept in memory. Why it is so, and
// what it costs: docs/design/0015-git-store.md.
//
// A Repo may be used by many goroutines.
//
// The package knows go-git. It must never import gates, Kubernetes, what a
// promotion repository means, or a scheme of signatures: a [Signer] is handed in.
package gitrepo
