package signature

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Ways to sign.
const (
	SSH     = "ssh"
	GPG     = "gpg"
	Gitsign = "gitsign"
)

// Certificates says whose certificate has signed a text, once all that proves
// it is proven: chain, time and log.
type Certificates interface {
	Detached(content, signature []byte) (evidence.Identity, error)
}

// Signer is whose signature it is, and by which key.
type Signer struct {
	Name  string
	Email string // lower case
	Roles []string
	Means string // SSH, GPG or Gitsign
	Key   string // fingerprint, or identity of the certificate
}

// Why a signature counts for nobody. ErrWithdrawn comes with the signer.
var (
	ErrNobody    = errors.New("it is signed with the key of nobody in spec.people of assay.yaml")
	ErrShared    = errors.New("its key is listed for more than one person")
	ErrMachine   = errors.New("its key is that of a machine, not of a person")
	ErrWithdrawn = errors.New("its key was revoked")
	ErrExpired   = errors.New("its key is not valid at this time")
)

// People are those who may sign, each with their keys.
type People struct {
	keys         []key
	unfit        []string
	certificates Certificates
	owners       map[string][]string // addresses by fingerprint
}

type key struct {
	Signer
	ssh                  sshKey
	gpg                  gpgKey
	identity             *evidence.Identity
	from, until, revoked time.Time
}

// Of reads the people of a platform; certificates may be nil where it names no
// authority. A key or a time that cannot be read is an error: the one would be
// silently missing, the other open for ever.
func Of(people []v1alpha1.Person, certificates Certificates) (People, error) {
	read := People{owners: map[string][]string{}, certificates: certificates}
	addresses := map[string]bool{}
	for _, person := range people {
		email := Address(person.Email)
		if addresses[email] {
			read.unfit = append(read.unfit, email+" is listed twice")
		}
		if addresses[email] = true; machine(email) {
			read.unfit = append(read.unfit, email+" is the address of a machine")
		}
		for i, written := range person.Keys {
			one, err := keyOf(person, written)
			if err == nil && one.identity != nil && certificates == nil {
				err = errors.New("identity: assay.yaml names no authority whose certificates could be verified\nhint: name one in spec.keyless")
			}
			if err != nil {
				return People{}, fmt.Errorf("person %.80q: key %d: %w", person.Email, i+1, err)
			}
			if owners := read.owners[one.Key]; !slices.Contains(owners, email) {
				read.owners[one.Key] = append(owners, email)
			}
			read.keys = append(read.keys, one)
		}
	}
	for fingerprint, owners := range read.owners {
		if len(owners) > 1 {
			read.unfit = append(read.unfit, fmt.Sprintf("%s share the key %s", strings.Join(owners, " and "), fingerprint))
		}
	}
	slices.Sort(read.unfit)
	return read, nil
}

// Unfit tells of people who cannot sign for themselves alone: machines, those
// who share a key, and those who are listed twice.
func (p People) Unfit() []string { return p.unfit }

// Address is an e-mail address as it identifies a person.
func Address(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// machines is how addresses read that no single person answers for.
var machines = regexp.MustCompile(`no-?reply|do-?not-?reply|(^|[^a-z])bot([^a-z]|$)`)

func machine(email string) bool { return machines.MatchString(email) }

func keyOf(person v1alpha1.Person, written v1alpha1.PersonKey) (key, error) {
	one := key{Signer: Signer{Name: person.Name, Email: Address(person.Email), Roles: person.Roles}}
	var err error
	switch {
	case written.SSH != "" && written.GPG == "" && written.Identity == nil:
		one.Means = SSH
		one.ssh, one.Key, err = readSSH(written.SSH)
	case written.GPG != "" && written.SSH == "" && written.Identity == nil:
		one.Means = GPG
		one.gpg, one.Key, err = readGPG(written.GPG)
	case written.Identity != nil && written.SSH == "" && written.GPG == "":
		one.Means = Gitsign
		one.identity, one.Key, err = readIdentity(*written.Identity)
	default:
		err = errors.New("give one of ssh, gpg and identity")
	}
	if err != nil {
		return one, err
	}
	for field, instant := range map[string]struct {
		text string
		into *time.Time
	}{"from": {written.From, &one.from}, "until": {written.Until, &one.until}, "revoked": {written.Revoked, &one.revoked}} {
		if instant.text == "" {
			continue
		}
		if *instant.into, err = time.Parse(time.RFC3339, instant.text); err != nil {
			return one, fmt.Errorf("%s: %.40q is not a time, such as 2027-01-31T00:00:00Z", field, instant.text)
		}
	}
	return one, nil
}

// worth is why the key signs for nobody at that instant, or nil.
func (k key) worth(now time.Time) error {
	switch {
	case !k.revoked.IsZero() && !now.Before(k.revoked):
		return ErrWithdrawn
	case !k.from.IsZero() && now.Before(k.from), !k.until.IsZero() && !now.Before(k.until):
		return ErrExpired
	case machine(k.Email):
		return ErrMachine
	}
	return nil
}
