package certificate

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// A certificate is exchanged in two steps, so that no API server is ever shown
// one whose authority it does not know: the next one is shared, and its
// authority stands in the caBundle beside the one that counts, for a while
// (overlap); then it is served; and the former authority leaves the caBundle
// when every replica has changed over.
//
// Each replica counts the overlap from when it read the authority in the
// caBundle itself, so it needs no clock in common with the others, and one whose
// clock is wrong harms nobody.
const (
	// overlap is far longer than a configuration takes to reach every API
	// server, which is a watch.
	overlap = time.Minute
	// lapse is when a replica that was killed, and never said that it changed
	// over, is waited for no longer.
	lapse = time.Hour

	maxAuthorities = 8
	maxReplicas    = 32

	certificateBlock = "CERTIFICATE"
)

// shared is what the replicas have in common: the content of the Secret.
type shared struct {
	current issued
	next    issued            // nothing, except during a rotation
	former  []byte            // authorities of what some replica may still serve
	serving map[string]string // by replica: the fingerprint of what it serves
}

// rotation is what one replica knows by itself.
type rotation struct {
	replica string
	hosts   []string
	overlap time.Duration
	held    issued               // what it serves; nothing at the start
	seen    map[string]time.Time // by fingerprint: since when an authority is in the caBundle
	leaving string               // the fingerprint of the former authorities, and
	since   time.Time            // when they were seen first beside the current one
}

// observe notes which authorities every API server is told of.
func (r *rotation) observe(bundles [][]byte, now time.Time) {
	told := map[string]int{}
	for _, bundle := range bundles {
		for _, authority := range authorities(bundle) {
			told[fingerprint(authority)]++
		}
	}
	seen := map[string]time.Time{}
	for authority, times := range told {
		if times < len(bundles) {
			continue
		}
		if seen[authority] = now; !r.seen[authority].IsZero() {
			seen[authority] = r.seen[authority]
		}
	}
	r.seen = seen
}

// trusted says whether API servers have known the authority for that long.
func (r *rotation) trusted(authority []byte, long time.Duration, now time.Time) bool {
	since, told := r.seen[fingerprint(authority)]
	return told && now.Sub(since) >= long
}

// plan says what should be shared from now on. It only ever moves one step: it
// prepares a certificate, makes it the current one, or lets a former authority
// go.
func (r *rotation) plan(known shared, bundles [][]byte, now time.Time) (shared, error) {
	wanted := known
	wanted.serving = maps.Clone(known.serving)
	if err := r.mend(&wanted, bundles, now); err != nil {
		return shared{}, err
	}
	if wanted.next.parse(r.hosts) == nil {
		wanted.next = issued{}
	}
	current := wanted.current.parse(r.hosts)
	expired := now.After(current.Leaf.NotAfter)
	switch {
	case !wanted.next.any() && now.Add(renewBefore).After(current.Leaf.NotAfter):
		fresh, err := issue(r.hosts, now)
		if err != nil {
			return shared{}, err
		}
		wanted.next = fresh
	case wanted.next.any() && (r.trusted(wanted.next.authority, r.overlap, now) || expired && r.trusted(wanted.next.authority, 0, now)):
		wanted.former = join(wanted.former, wanted.current.authority)
		wanted.current, wanted.next = wanted.next, issued{}
	case len(wanted.former) == 0:
		r.leaving = ""
	case !wanted.next.any() && r.over(wanted, now):
		wanted.former = nil
		maps.DeleteFunc(wanted.serving, func(_, serves string) bool { return serves != fingerprint(wanted.current.certificate) })
	}
	r.tell(&wanted)
	return wanted, nil
}

// mend gives a Secret that is not there, or that somebody has edited, a
// certificate again: the one that this replica serves, or a new one. What API
// servers believe stays believed, because other replicas may serve by it. A
// Secret that was deleted is also how an operator asks for a new certificate.
func (r *rotation) mend(wanted *shared, bundles [][]byte, now time.Time) error {
	if wanted.current.parse(r.hosts) != nil {
		return nil
	}
	deleted := !wanted.current.any()
	wanted.former = join(append(slices.Clone(bundles), wanted.former)...)
	wanted.current = r.held
	if r.held.any() && !deleted {
		return nil
	}
	fresh, err := issue(r.hosts, now)
	if err != nil {
		return err
	}
	if wanted.next = fresh; !r.held.any() {
		wanted.current, wanted.next = fresh, issued{}
	}
	return nil
}

// over holds when every replica serves the current certificate, and has for a
// while: one that is starting has not said yet what it serves.
func (r *rotation) over(wanted shared, now time.Time) bool {
	current := fingerprint(wanted.current.certificate)
	if leaving := current + fingerprint(wanted.former); r.leaving != leaving {
		r.leaving, r.since = leaving, now
	}
	old := func(serves string) bool { return serves != current }
	late := slices.ContainsFunc(slices.Collect(maps.Values(wanted.serving)), old)
	waited := now.Sub(r.since)
	return waited >= r.overlap && !late && r.held.equal(wanted.current) || waited >= max(lapse, r.overlap)
}

// tell writes down what this replica serves, and keeps that believed.
func (r *rotation) tell(wanted *shared) {
	serves := r.held
	if !serves.any() {
		serves = wanted.current
	}
	if wanted.serving[r.replica] != fingerprint(serves.certificate) {
		if wanted.serving == nil || len(wanted.serving) >= maxReplicas {
			wanted.serving = map[string]string{} // the others will say it again
		}
		wanted.serving[r.replica] = fingerprint(serves.certificate)
	}
	if !bytes.Contains(wanted.bundle(), serves.authority) {
		wanted.former = join(wanted.former, serves.authority)
	}
}

// choose says what this replica serves from now on: what it has served, until
// API servers have known the other's authority for long enough.
func (r *rotation) choose(wanted shared, now time.Time) issued {
	held := r.held.parse(r.hosts)
	if held == nil || r.trusted(wanted.current.authority, r.overlap, now) {
		return wanted.current
	}
	if now.After(held.Leaf.NotAfter) && r.trusted(wanted.current.authority, 0, now) {
		return wanted.current
	}
	return r.held
}

// bundle is what API servers are told to believe.
func (s shared) bundle() []byte { return join(s.current.authority, s.next.authority, s.former) }

func (s shared) equal(other shared) bool {
	return s.current.equal(other.current) && s.next.equal(other.next) && bytes.Equal(s.former, other.former) && maps.Equal(s.serving, other.serving)
}

// any holds for what is not nothing, whatever it is.
func (i issued) any() bool { return len(i.certificate)+len(i.key)+len(i.authority) > 0 }

func (i issued) equal(other issued) bool {
	return bytes.Equal(i.certificate, other.certificate) && bytes.Equal(i.key, other.key) && bytes.Equal(i.authority, other.authority)
}

// parse reads a certificate that would serve all hosts while it lasts; nil, if
// it would not. Whether it lasts still is another question: clocks differ.
func (i issued) parse(hosts []string) *tls.Certificate {
	pair, err := tls.X509KeyPair(i.certificate, i.key)
	if err != nil || len(authorities(i.authority)) != 1 {
		return nil
	}
	for _, host := range hosts {
		if verify(pair.Leaf, i.authority, host, pair.Leaf.NotAfter) != nil {
			return nil
		}
	}
	return &pair
}

// join makes one text of all authorities, each once, and not without end.
func join(bundles ...[]byte) []byte {
	var joined []byte
	var known []string
	for _, authority := range authorities(bytes.Join(bundles, []byte("\n"))) {
		if name := fingerprint(authority); !slices.Contains(known, name) && len(known) < maxAuthorities {
			known, joined = append(known, name), append(joined, authority...)
		}
	}
	return joined
}

// authorities are the certificates in a text, each in the one way to write it.
func authorities(text []byte) [][]byte {
	var found [][]byte
	for one, rest := pem.Decode(text); one != nil; one, rest = pem.Decode(rest) {
		if _, err := x509.ParseCertificate(one.Bytes); err == nil && one.Type == certificateBlock {
			found = append(found, block(certificateBlock, one.Bytes))
		}
	}
	return found
}

func fingerprint(certificate []byte) string { return string(evidence.Sum(certificate)) }
