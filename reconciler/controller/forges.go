package controller

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// homes are where the providers are, unless a Repository says otherwise.
var homes = map[string]string{"github": "https://github.com", "gitlab": "https://gitlab.com"}

// addressOf is the address of the git remote with the credentials of a Secret:
// its own, or else the token of the forge, which all of them take as a password.
func addressOf(repository *kube.Repository, secrets secrets) (string, error) {
	username, password := text(secrets.Git, "username"), text(secrets.Git, "password")
	if secrets.Git == nil {
		username, password = "x-access-token", text(secrets.Forge, "token")
	}
	if password == "" && secrets.Git == nil {
		return repository.Spec.URL, nil
	}
	if password == "" {
		return "", lacking(repository.Spec.Credentials, "password")
	}
	address, err := url.Parse(repository.Spec.URL)
	if err != nil || address.Host == "" {
		return repository.Spec.URL, nil // who opens it will say what is wrong with it
	}
	if address.Scheme == "http" && secrets.Git == nil {
		return repository.Spec.URL, nil // a token of a forge is not sent in the clear
	}
	address.User = url.UserPassword(username, password)
	return address.String(), nil
}

// forgeOf speaks with the forge; nil for plain git.
func (s *sites) forgeOf(repository *kube.Repository, secrets secrets) (forge.Forge, error) {
	spec := *repository.Spec.Forge
	if spec.Provider == "none" {
		return nil, nil
	}
	if spec.URL == "" {
		spec.URL = homes[spec.Provider]
	}
	credential, login, err := s.credentialOf(spec, secrets.Forge)
	if err != nil {
		return nil, err
	}
	remote := forge.Remote{
		URL: spec.URL, Repository: spec.Project, Credential: credential, Login: login,
		Budget: s.budgetOf(spec, secrets.Forge), Transport: observed{spec.Provider, http.DefaultTransport},
	}
	switch spec.Provider {
	case "github":
		return forge.NewGitHub(remote)
	case "gitlab":
		return forge.NewGitLab(remote)
	case "gitea":
		return forge.NewGitea(remote)
	}
	return nil, &stuck{"UnknownProvider", fmt.Errorf("spec.forge.provider: %q is none that is known", spec.Provider), "use github, gitlab, gitea or none"}
}

// credentialOf is a token, or a GitHub App that makes tokens.
func (s *sites) credentialOf(spec kube.Forge, secret map[string][]byte) (forge.Credential, string, error) {
	if token := text(secret, "token"); token != "" {
		return forge.Token(token), spec.Login, nil
	}
	if spec.Provider != "github" || text(secret, "appID") == "" {
		return nil, "", lacking(spec.Credentials, "token")
	}
	id, err := strconv.ParseInt(text(secret, "appID"), 10, 64)
	installation, failed := strconv.ParseInt(text(secret, "installationID"), 10, 64)
	if errors.Join(err, failed) != nil {
		return nil, "", lacking(spec.Credentials, "appID and installationID, which are numbers")
	}
	app, err := forge.NewApp(spec.URL, id, installation, secret["privateKey"], http.DefaultTransport, s.options.Clock)
	if err != nil {
		return nil, "", &stuck{"BadSecret", fmt.Errorf("secret %s: %w", spec.Credentials.Name, err), "write the key that GitHub gave for the App into privateKey, as PEM"}
	}
	return app.Credential, spec.Login, nil
}

// budgetOf is one for all repositories that use the same credentials: the forge
// counts their requests together.
func (s *sites) budgetOf(spec kube.Forge, secret map[string][]byte) *forge.Budget {
	hash := sha256.New()
	fmt.Fprintf(hash, "%q", spec.URL)
	for _, key := range slices.Sorted(maps.Keys(secret)) {
		fmt.Fprintf(hash, "%q %q", key, secret[key])
	}
	key := hex.EncodeToString(hash.Sum(nil))
	if s.budgets[key] == nil {
		s.budgets[key] = forge.NewBudget(forge.DefaultLimits, s.options.Clock)
		levels.add(spec.Provider, key[:8], s.budgets[key])
	}
	return s.budgets[key]
}

// receiverOf takes the webhooks of one repository, signed with its own secrets:
// who has those of another cannot speak for this one.
func (s *sites) receiverOf(at name, repository *kube.Repository, secrets secrets) (*forge.Receiver, error) {
	spec := repository.Spec.Forge
	if spec.Webhooks == nil || spec.Provider == "none" {
		return nil, nil
	}
	var accepted []string
	for _, key := range slices.Sorted(maps.Keys(secrets.Webhooks)) {
		accepted = append(accepted, text(secrets.Webhooks, key))
	}
	receiver, err := forge.NewReceiver(forge.Secrets{forge.Provider(spec.Provider): accepted}, func(event forge.Event) {
		if event.Repository == spec.Project {
			s.deliver(at, event)
		}
	}, s.options.Clock)
	if err != nil || len(accepted) == 0 {
		return nil, &stuck{"BadSecret", fmt.Errorf("secret %s: no secret for webhooks: %w", spec.Webhooks.Name, errors.Join(err)), "write at least 16 random bytes into it, and the same at the forge"}
	}
	return receiver, nil
}

func text(secret map[string][]byte, key string) string {
	return strings.TrimSpace(string(secret[key]))
}

func lacking(reference *kube.SecretReference, key string) error {
	if reference == nil {
		return &stuck{"SecretMissing", errors.New("spec.forge.credentials names no secret"), "name one with a token"}
	}
	return &stuck{"BadSecret", fmt.Errorf("secret %s has no %s", reference.Name, key), "docs/install.md lists the keys of each secret"}
}
