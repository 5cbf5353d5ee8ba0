package compliance

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// tlsVersion is what a version of TLS is written as.
var tlsVersion = regexp.MustCompile(`^1\.[0-3]$`)

// measureEncryption tells which key encrypts the store of releases and evidence
// at rest, the lowest version of TLS that it speaks, and whether it is spoken to
// at all (45 CFR 164.312(a)(2)(iv) and (e)(2)(ii)).
func measureEncryption(candidate gates.Candidate) []evidence.Measurement {
	encryption := candidate.Platform.Spec.Controls.Encryption
	tls := evidence.Measurement{Name: "encryption_tls", N: 1, Unit: "version", Method: "as declared"}
	if tlsVersion.MatchString(encryption.TLS) {
		tls.Value = evidence.Decimal(encryption.TLS)
		if encryption.TLS == "1.0" {
			tls.Value = "1" // as decimals are written
		}
	} else {
		tls.Method = "no version of TLS is given"
	}
	return []evidence.Measurement{stated("encryption_key", written(encryption.Key)), tls, measureTransport(candidate.Platform.Spec.Registry)}
}

// measureTransport tells how a registry is spoken to, by its address alone: the
// client takes plain HTTP for loopback, and falls back to it for private IPv4
// addresses and names in .local; for any other it insists on TLS. What goes to
// a loopback address does not leave the machine.
func measureTransport(registry string) evidence.Measurement {
	host, _, _ := strings.Cut(registry, "/")
	address := host
	if withoutPort, err := netip.ParseAddrPort(host); err == nil {
		address = withoutPort.Addr().String()
	} else if name, _, hasPort := strings.Cut(host, ":"); hasPort && strings.Count(host, ":") == 1 {
		address = name
	}
	ip, err := netip.ParseAddr(strings.Trim(address, "[]"))
	protected := stated("registry_protected", true)
	switch {
	case host == "" || strings.Contains(registry, "://"):
		protected.Value, protected.Method = "0", "no address of a registry"
	case address == "localhost" || err == nil && ip.IsLoopback():
		protected.Method = "loopback: it does not leave the machine"
	case err == nil && (ip.IsPrivate() || ip.IsLinkLocalUnicast()) || strings.HasSuffix(address, ".local"):
		protected.Value, protected.Method = "0", "plain HTTP is spoken where TLS is not answered"
	default:
		protected.Method = "TLS"
	}
	return protected
}
