package keyless

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Bounds on a trusted root. That of Sigstore's public instance is 7 KiB, with
// five authorities and logs.
const (
	maxRoot      = 256 << 10 // bytes
	maxInstances = 64
)

// Root holds the public keys of one deployment of Sigstore: all that it takes
// to verify what was signed with its certificates.
type Root struct {
	material *root.TrustedRoot
	verifier *verify.Verifier
	digest   evidence.Digest // of the text
}

// ReadRoot reads a trusted_root.json. What the root names is demanded of every
// signature: an entry in one of its transparency logs if it names any, a signed
// certificate timestamp if it names logs of certificates, and always a time
// that a log or a timestamping authority vouches for.
// https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
func ReadRoot(text []byte) (*Root, error) {
	if len(text) > maxRoot {
		return nil, fmt.Errorf("the trusted root is larger than %d bytes", maxRoot)
	}
	material, err := root.NewTrustedRootFromJSON(text)
	if err != nil {
		return nil, fmt.Errorf("reading a trusted root: %w", err)
	}
	logs, stamps := len(material.RekorLogs()), len(material.TimestampingAuthorities())
	switch {
	case len(material.FulcioCertificateAuthorities()) == 0:
		return nil, errors.New("the trusted root names no certificate authority")
	case logs+stamps == 0:
		return nil, errors.New("the trusted root names neither a transparency log nor a timestamping authority: nothing could say when a signature was made")
	case logs+stamps+len(material.FulcioCertificateAuthorities())+len(material.CTLogs()) > maxInstances:
		return nil, fmt.Errorf("the trusted root names more than %d authorities and logs", maxInstances)
	}
	demands := []verify.VerifierOption{verify.WithObserverTimestamps(1), verify.WithoutStatementPredicate()}
	if logs > 0 {
		demands = append(demands, verify.WithTransparencyLog(1))
	}
	if len(material.CTLogs()) > 0 {
		demands = append(demands, verify.WithSignedCertificateTimestamps(1))
	}
	verifier, err := verify.NewVerifier(material, demands...)
	return &Root{material, verifier, evidence.Sum(text)}, err
}

// Of reads the trusted root that a repository names in its assay.yaml; nil when
// it names none.
func Of(repository fs.FS, named *v1alpha1.Keyless) (evidence.CertificateVerifier, error) {
	if named == nil {
		return nil, nil
	}
	file, err := repository.Open(named.TrustedRoot)
	if err != nil {
		return nil, fmt.Errorf("reading the trusted root: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxRoot+1))
	if err != nil {
		return nil, fmt.Errorf("reading the trusted root: %w", err)
	}
	read, err := ReadRoot(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", named.TrustedRoot, err)
	}
	if err := read.Serves(named.Fulcio, named.Rekor); err != nil {
		return nil, fmt.Errorf("%s: %w", named.TrustedRoot, err)
	}
	return read, nil
}

// Serves is an error unless the root names the two services under these URLs:
// what is signed there could not be verified.
func (r *Root) Serves(fulcio, rekor string) error {
	if !slices.ContainsFunc(r.material.FulcioCertificateAuthorities(), func(authority root.CertificateAuthority) bool {
		known, ok := authority.(*root.FulcioCertificateAuthority)
		return ok && known.URI == fulcio
	}) {
		return fmt.Errorf("the trusted root names no certificate authority at %.120q", fulcio)
	}
	for _, log := range r.material.RekorLogs() {
		if log.BaseURL == rekor {
			return nil
		}
	}
	return fmt.Errorf("the trusted root names no transparency log at %.120q", rekor)
}
