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
//   - [Repo.WriteBranch] replaces the content of an environment branch, and
//     [Repo.Note] puts a git note on a commit. Both push, and both give way to
//     another writer: the remote must still be where it was when we looked.
//
// A Repo may be used by many goroutines. History is fetched whole: go-git
// loses objects when a shallow clone is fetched again after a force push
// (https://github.com/go-git/go-git/issues/1443).
//
// The package knows go-git. It must never import gates, Kubernetes, or what a
// promotion repository means; the files it hands out are just files.
package gitrepo
