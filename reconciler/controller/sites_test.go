package controller

import (
	"errors"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// What is wrong with secrets is told at the repository, and nothing is opened.
func TestSecretsThatAreNotThereAreToldWithARemedy(t *testing.T) {
	token, hooks := secret("forge", map[string]string{"token": "t"}), secret("hooks", map[string]string{"now": hookSecret})
	for why, test := range map[string]struct {
		secrets []*corev1.Secret
		reason  string
		message string
	}{
		"no secret of the forge":   {[]*corev1.Secret{hooks}, "SecretMissing", "kubectl create secret generic forge"},
		"no secret for webhooks":   {[]*corev1.Secret{token}, "SecretMissing", "there is no secret hooks"},
		"a secret without a token": {[]*corev1.Secret{secret("forge", nil), hooks}, "BadSecret", "secret forge has no token"},
		"a key that is none":       {[]*corev1.Secret{secret("forge", map[string]string{"appID": "1", "installationID": "2", "privateKey": "x"}), hooks}, "BadSecret", "as PEM"},
		"an App without a number":  {[]*corev1.Secret{secret("forge", map[string]string{"appID": "one", "installationID": "2"}), hooks}, "BadSecret", "which are numbers"},
		"a secret that is short":   {[]*corev1.Secret{token, secret("hooks", map[string]string{"now": "short"})}, "BadSecret", "at least 16 random bytes"},
		"no secret in the secret":  {[]*corev1.Secret{token, secret("hooks", nil)}, "BadSecret", "no secret for webhooks"},
	} {
		t.Run(why, func(t *testing.T) {
			here := newHouse(t, hosted("github"))
			for _, one := range test.secrets {
				if err := here.client.Create(t.Context(), one.DeepCopy()); err != nil {
					t.Fatal(err)
				}
			}
			if after, _ := here.look(t); after != seldom || here.remote.merged != 0 {
				t.Errorf("again after %v", after)
			}
			status := here.repository(t).Status
			if saying(status.Conditions, "Stalled") != "True "+test.reason || !strings.Contains(status.Conditions[0].Message, test.message) {
				t.Errorf("the repository says %+v", status.Conditions)
			}
		})
	}
}

// A Secret that was exchanged counts at the next look.
func TestAnExchangedSecretCountsAtTheNextLook(t *testing.T) {
	password := secret("git", map[string]string{"username": "assay", "password": "one"})
	here := newHouse(t, func(repository *kube.Repository) { repository.Spec.Credentials = &kube.SecretReference{Name: "git"} }, password)
	here.look(t)
	here.look(t)
	var held corev1.Secret
	if err := here.client.Get(t.Context(), name{Namespace: promotions.Namespace, Name: "git"}, &held); err != nil {
		t.Fatal(err)
	}
	held.Data["password"] = []byte("two\n")
	if err := here.client.Update(t.Context(), &held); err != nil {
		t.Fatal(err)
	}
	here.look(t)
	want := []string{"https://assay:one@git.example.org/promotions.git", "https://assay:two@git.example.org/promotions.git"}
	if !slices.Equal(here.opened, want) {
		t.Errorf("opened %v", here.opened)
	}
}

// The token of a forge opens its git, but goes nowhere in the clear.
func TestAddressesCarryCredentialsOnlyWhereTheyMay(t *testing.T) {
	for why, test := range map[string]struct {
		url     string
		secrets secrets
		want    string
	}{
		"no credentials":            {"https://git.example.org/a", secrets{}, "https://git.example.org/a"},
		"the token of the forge":    {"https://git.example.org/a", secrets{Forge: bytesOf(map[string]string{"token": "t/ü"})}, "https://x-access-token:t%2F%C3%BC@git.example.org/a"},
		"not in the clear":          {"http://git.example.org/a", secrets{Forge: bytesOf(map[string]string{"token": "t"})}, "http://git.example.org/a"},
		"its own, as somebody said": {"http://git.example.org/a", secrets{Git: bytesOf(map[string]string{"username": "u", "password": "p"})}, "http://u:p@git.example.org/a"},
		"a folder":                  {"/srv/git/a.git", secrets{Forge: bytesOf(map[string]string{"token": "t"})}, "/srv/git/a.git"},
	} {
		repository := &kube.Repository{Spec: kube.RepositorySpec{URL: test.url, Credentials: &kube.SecretReference{Name: "git"}}}
		if got, err := addressOf(repository, test.secrets); err != nil || got != test.want {
			t.Errorf("%s: %q, %v", why, got, err)
		}
	}
	repository := &kube.Repository{Spec: kube.RepositorySpec{URL: "https://git.example.org/a", Credentials: &kube.SecretReference{Name: "git"}}}
	var known *stuck
	if _, err := addressOf(repository, secrets{Git: map[string][]byte{}}); !errors.As(err, &known) || known.reason != "BadSecret" {
		t.Errorf("a secret without a password: %v", err)
	}
}

// Repositories that share credentials share a budget, for the forge counts
// their requests together.
func TestOneCredentialIsOneBudget(t *testing.T) {
	here := newHouse(t, nil)
	spec := kube.Forge{Provider: "gitlab", URL: "https://gitlab.example.org"}
	one := here.Hooks.sites.budgetOf(spec, bytesOf(map[string]string{"token": "a"}))
	if same := here.Hooks.sites.budgetOf(spec, bytesOf(map[string]string{"token": "a"})); same != one {
		t.Error("one credential has two budgets")
	}
	if other := here.Hooks.sites.budgetOf(spec, bytesOf(map[string]string{"token": "b"})); other == one {
		t.Error("two credentials have one budget")
	}
}

func TestEveryProviderIsSpokenWith(t *testing.T) {
	for _, provider := range []string{"github", "gitlab", "gitea"} {
		here := newHouse(t, hosted(provider), secret("forge", map[string]string{"token": "t"}), secret("hooks", map[string]string{"a": hookSecret}))
		if here.look(t); saying(here.repository(t).Status.Conditions, "Ready") != "True Reconciled" {
			t.Errorf("%s: the repository says %+v", provider, here.repository(t).Status.Conditions)
		}
	}
	here := newHouse(t, hosted("bitbucket"), secret("forge", map[string]string{"token": "t"}), secret("hooks", map[string]string{"a": hookSecret}))
	if here.look(t); saying(here.repository(t).Status.Conditions, "Stalled") != "True UnknownProvider" && saying(here.repository(t).Status.Conditions, "Stalled") != "True BadSecret" {
		t.Errorf("the repository says %+v", here.repository(t).Status.Conditions)
	}
}
