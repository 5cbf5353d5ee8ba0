package harness

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/signature"
)

// Person approves by signed tags, with an SSH key of their own.
type Person struct {
	Name  string
	Email string
	Roles []string

	Private []byte // as ssh-keygen writes it
	Public  string // a line as in authorized_keys
}

// NewPerson gives somebody a key.
func NewPerson(name, email string, roles ...string) (Person, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Person{}, err
	}
	block, err := ssh.MarshalPrivateKey(private, email)
	if err != nil {
		return Person{}, err
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		return Person{}, err
	}
	return Person{
		Name: name, Email: email, Roles: roles,
		Private: pem.EncodeToMemory(block), Public: strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))),
	}, nil
}

// Listed are people as spec.people of assay.yaml has them.
func Listed(people ...Person) string {
	var text strings.Builder
	text.WriteString("people:")
	for _, one := range people {
		fmt.Fprintf(&text, "\n    - name: %s\n      email: %s\n      roles: [%s]\n      keys:\n        - ssh: %s",
			one.Name, one.Email, strings.Join(one.Roles, ", "), one.Public)
	}
	return text.String()
}

// Approve tags a commit of a clone, and says of which promotions
// ("<environment>/<model>") and with which meaning.
func (p Person) Approve(clone, tag, commit, meaning string, at time.Time, promotions ...string) error {
	message := "Approve\n\n"
	for _, promotion := range promotions {
		message += "Assay-Promotion: " + promotion + "\n"
	}
	return p.Tag(clone, tag, commit, message+"Assay-Meaning: "+meaning+"\n", at)
}

// Tag signs a tag with any message.
func (p Person) Tag(clone, tag, commit, message string, at time.Time) error {
	signer, err := signature.ReadSSHSigner(p.Private)
	if err != nil {
		return err
	}
	return gitrepo.SignTag(clone, gitrepo.Approvals+tag, commit, message, gitrepo.Author{Name: p.Name, Email: p.Email, Time: at},
		func(payload []byte) ([]byte, error) { return signature.SignSSH(signer, payload) })
}
