// Package e2e asks of the whole system what its parts cannot promise alone.
//
// Three kinds of test stand here. The demo is run as the binary that ships,
// and a real kubectl looks at the world that it leaves up. The doors are put
// side by side in one process: what a pull request, the rehearsal and the
// admission webhook say of a model must be the same bytes, whatever goes down
// in between. And testdata holds stories, each a promotion repository and the
// commands of somebody who works on it; the name of the file is the claim.
//
// Nothing is faked but failure: git is git, the registry is the one of
// go-containerregistry, and it is told when to break. No test skips: a binary
// that is missing is an error that says how to build it. No other package may
// import this one.
package e2e
