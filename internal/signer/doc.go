// Package signer opens the key that evidence is signed with: a file, or a key
// service named by a URI, from which the private key never comes out.
//
//	assay.key                                    a PKCS #8 file in PEM
//	awskms:///alias/assay                        AWS KMS
//	azurekms://vault.vault.azure.net/assay       Azure Key Vault
//	gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1
//	hashivault://assay                           Vault's transit engine
//	keyless:?fulcio=URL&rekor=URL&root=FILE      no key: see package keyless
//
// Credentials are those that the cloud's own tools use: a workload's identity,
// or variables of the environment.
//
// It knows where keys are kept. It must never know what is signed with them;
// and it is the one door to Sigstore's key services.
package signer
