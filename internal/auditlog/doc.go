// Package auditlog keeps what was decided so that nobody can change it later
// without being seen: not whoever may write the disk, and not whoever holds
// the key either, once somebody has seen a checkpoint.
//
// A [Record] is one decision. Records are the leaves of a Merkle tree
// (RFC 6962), stored as tiles (https://c2sp.org/tlog-tiles) by tessera; the
// [Checkpoint] (https://c2sp.org/tlog-checkpoint) is the signed root. A record
// is acknowledged when a checkpoint on disk covers it: [Log.Append] returns
// only then. [Read] believes nothing but the checkpoint's signature, and
// recomputes every byte below it; given a checkpoint that was seen earlier, it
// also proves that the log only grew since.
//
// The log signs only trees that this process has seen grow record by record
// ([Open] walks all of it), so a disk that was changed or rolled back under it
// makes it stop, and never makes it sign another history.
//
// What is proven can be handed on: [Prove] writes one record with its path to
// the root (https://c2sp.org/tlog-proof), and [Checkpoint.Head] is a line that a
// witness keeps, so that a log that was begun anew is told from this one
// ([Compare]).
//
// Who cannot wait for a disk enters records through a [Queue]. It drops what it
// cannot hold, and enters the count: a log that lacks something says so.
//
// The package knows how a record is kept and proven. It is the one door to
// tessera, and must never import gates, Kubernetes or a registry client.
package auditlog
