// Package controller runs the phases in a cluster: it watches Repository
// objects, makes the merged commit of each true, and writes how far each
// promotion has come into Promotion objects.
//
// It holds no state of its own. What is done already is known by digests, in
// the ledger and on the environments' branches, so it may be stopped at any
// instant and started again.
package controller
