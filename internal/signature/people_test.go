package signature_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

func TestOneKeyIsOnePersons(t *testing.T) {
	file, public := keygen(t, "-t", "ed25519")
	commented := strings.Replace(public, "ines@example.org", "another comment", 1)
	twin := v1alpha1.Person{Name: "Twin", Email: "twin@example.org", Roles: []string{"clinical"}, Keys: []v1alpha1.PersonKey{{SSH: commented}}}
	people := peopleOf(t, ines(v1alpha1.PersonKey{SSH: public}), twin)
	if _, err := people.Verify(payload, sshSign(t, file, "git", "sha512"), now); !errors.Is(err, signature.ErrShared) {
		t.Errorf("a shared key: %v", err)
	}
	if unfit := people.Unfit(); len(unfit) != 1 || !strings.Contains(unfit[0], "ines@example.org and twin@example.org share") {
		t.Errorf("unfit: %v", unfit)
	}
}

func TestAMachineIsNobody(t *testing.T) {
	file, public := keygen(t, "-t", "ed25519")
	signed := sshSign(t, file, "git", "sha512")
	for address, isMachine := range map[string]bool{
		"noreply@github.com": true, "No-Reply@example.org": true, "12+dependabot[bot]@users.noreply.github.com": true,
		"renovate-bot@example.org": true, "bot@example.org": true, "ci.bot@example.org": true, "do-not-reply@example.org": true,
		"abbot@example.org": false, "bo.talbot@example.org": false, "botticelli@example.org": false, "reply@example.org": false,
	} {
		person := ines(v1alpha1.PersonKey{SSH: public})
		person.Email = address
		people := peopleOf(t, person)
		_, err := people.Verify(payload, signed, now)
		if errors.Is(err, signature.ErrMachine) != isMachine || (len(people.Unfit()) == 1) != isMachine {
			t.Errorf("%s: %v, %v", address, err, people.Unfit())
		}
	}
	if twice := peopleOf(t, ines(), ines()).Unfit(); len(twice) != 1 {
		t.Errorf("a person who is listed twice: %v", twice)
	}
}

// A mistake in whom to believe is an error that names the person; nothing of a
// list with a mistake is believed.
func TestAMistakeBelievesNobody(t *testing.T) {
	_, public := keygen(t, "-t", "ed25519")
	_, short := keygen(t, "-t", "rsa", "-b", "1024")
	private, _ := keygen(t, "-t", "ed25519")
	weak := gpgKey(t, gpgHome(t), "rsa1024", "never")
	for name, test := range map[string]struct {
		key  v1alpha1.PersonKey
		want string
	}{
		"no key":           {v1alpha1.PersonKey{}, "give one of"},
		"two in one":       {v1alpha1.PersonKey{SSH: public, GPG: "x"}, "give one of"},
		"a certificate":    {v1alpha1.PersonKey{Identity: &v1alpha1.Identity{Issuer: "https://x", Subject: "x"}}, "spec.keyless"},
		"half an identity": {v1alpha1.PersonKey{Identity: &v1alpha1.Identity{Issuer: "https://x"}}, "no subject"},
		"not a key":        {v1alpha1.PersonKey{SSH: "ssh-ed25519 AAAA"}, "ssh:"},
		"two lines":        {v1alpha1.PersonKey{SSH: public + public}, "one key"},
		"options":          {v1alpha1.PersonKey{SSH: `command="x" ` + public}, "without options"},
		"a short RSA key":  {v1alpha1.PersonKey{SSH: short}, "2048"},
		"a file's name":    {v1alpha1.PersonKey{SSH: private}, "ssh:"},
		"a short GPG key":  {v1alpha1.PersonKey{GPG: weak}, "2048"},
		"not armoured":     {v1alpha1.PersonKey{GPG: "mQENBF"}, "armoured"},
		"a date":           {v1alpha1.PersonKey{SSH: public, Until: "2027-01-01"}, "not a time"},
		"yesterday":        {v1alpha1.PersonKey{SSH: public, Revoked: "yesterday"}, "not a time"},
	} {
		_, err := signature.Of([]v1alpha1.Person{ines(v1alpha1.PersonKey{SSH: public}), {Name: "X", Email: "x@example.org", Keys: []v1alpha1.PersonKey{test.key}}}, nil)
		if err == nil || !strings.Contains(err.Error(), "x@example.org") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALockedPrivateKeySaysWhatToDo(t *testing.T) {
	if _, err := signature.ReadSSHSigner([]byte("-----BEGIN OPENSSH PRIVATE KEY-----\n")); err == nil {
		t.Error("half a key was read")
	}
}
