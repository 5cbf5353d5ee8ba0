// Package signature says whose signature stands under a commit or a tag.
//
// [Of] reads the people of a platform and the keys that each of them signs
// with. [People.Verify] then takes the bytes that were signed and the
// signature, as git keeps them, and answers with the person: by an SSH
// signature (OpenSSH's PROTOCOL.sshsig, namespace "git"), an OpenPGP one, or
// the certificate of a Sigstore authority (gitsign), which [Certificates] reads.
//
// A signature is worth what its key is worth when it is asked about: a key that
// has ended or was withdrawn signs for nobody any more, whenever it signed,
// since only its own word would say when that was. Nor does a key that two
// people are listed with, or the key of a machine (21 CFR 11.100, 11.200 and
// 11.300).
//
// The package knows keys and bytes. It must never import git, gates or
// Kubernetes, nor know what the signed text means.
package signature
