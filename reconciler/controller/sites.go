package controller

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/reconciler/health"
)

type name = types.NamespacedName

// site is a repository that is open: the tools to work on it, made of one
// specification and of the Secrets that it names.
type site struct {
	key      string
	branch   string // that holds the merged truth
	workshop Workshop
	talk     Conversation    // nil where nobody looks at pull requests
	forge    forge.Forge     // where pull requests are opened; nil where there are none
	health   health.Health   // nil where nobody looks at what runs
	receiver *forge.Receiver // nil where no webhooks are expected
}

// sites are the repositories that are open, shared by the reconcilers.
type sites struct {
	client  client.Client
	options Options

	mu        sync.Mutex
	open      map[name]*site
	workshops map[string]Workshop      // by address: one copy of a remote, however many speak of it
	budgets   map[string]*forge.Budget // by forge and credential
	deliver   func(of name, event forge.Event)
}

func newSites(of client.Client, options Options) *sites {
	return &sites{client: of, options: options, open: map[name]*site{}, workshops: map[string]Workshop{}, budgets: map[string]*forge.Budget{}}
}

// find reads a Repository that this process works on; nil if it is gone, or
// suspended, or another shard's.
func (s *sites) find(ctx context.Context, of name) (*kube.Repository, error) {
	var repository kube.Repository
	if err := s.client.Get(ctx, of, &repository); err != nil {
		return nil, client.IgnoreNotFound(err)
	}
	if !s.options.Shard.Owns(&repository) {
		return nil, nil
	}
	return &repository, nil
}

// of opens a repository. Secrets are read each time, so that one that was
// exchanged counts at the next look.
func (s *sites) of(ctx context.Context, repository *kube.Repository) (*site, error) {
	secrets, err := s.secretsOf(ctx, repository)
	if err != nil {
		return nil, err
	}
	key, err := json.Marshal([]any{repository.Spec, secrets})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(key)
	at := client.ObjectKeyFromObject(repository)
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.open[at]; known != nil && known.key == hex.EncodeToString(sum[:]) {
		return known, nil
	}
	made := &site{key: hex.EncodeToString(sum[:]), branch: repository.Spec.Branch}
	if err := s.make(made, at, repository, secrets); err != nil {
		return nil, err
	}
	s.open[at] = made
	return made, nil
}

func (s *sites) make(made *site, at name, repository *kube.Repository, secrets secrets) error {
	address, err := addressOf(repository, secrets)
	if err != nil {
		return err
	}
	if made.workshop = s.workshops[address]; made.workshop == nil {
		if made.workshop, err = s.options.Makers.Workshop(address); err != nil {
			return err
		}
		s.workshops[address] = made.workshop
	}
	if s.options.Makers.Health != nil {
		made.health = s.options.Makers.Health(made.workshop, repository.Spec.URL)
	}
	if repository.Spec.Forge == nil {
		return nil
	}
	if made.receiver, err = s.receiverOf(at, repository, secrets); err != nil {
		return err
	}
	place, err := s.forgeOf(repository, secrets)
	if err != nil {
		return err
	}
	made.forge = place
	if planner, plans := made.workshop.(Planner); plans && place == nil {
		made.forge = forge.NewPlain(planner.PlainGit())
	}
	made.talk, err = s.options.Makers.Conversation(made.workshop, place, repository.Spec.Branch)
	return err
}

// close forgets a repository that is gone.
func (s *sites) close(of name) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, of)
}

// known is a repository that is open; nil for one that is not.
func (s *sites) known(of name) *site {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[of]
}

// secrets are the contents of the Secrets that a Repository names.
type secrets struct{ Git, Forge, Webhooks map[string][]byte }

func (s *sites) secretsOf(ctx context.Context, repository *kube.Repository) (secrets, error) {
	var found secrets
	var err error
	if found.Git, err = s.secret(ctx, repository, repository.Spec.Credentials); err != nil {
		return found, err
	}
	at := repository.Spec.Forge
	if at == nil {
		return found, nil
	}
	if found.Forge, err = s.secret(ctx, repository, at.Credentials); err != nil {
		return found, err
	}
	found.Webhooks, err = s.secret(ctx, repository, at.Webhooks)
	return found, err
}

func (s *sites) secret(ctx context.Context, repository *kube.Repository, reference *kube.SecretReference) (map[string][]byte, error) {
	if reference == nil {
		return nil, nil
	}
	var secret corev1.Secret
	err := s.options.Secrets.Get(ctx, name{Namespace: repository.Namespace, Name: reference.Name}, &secret)
	switch {
	case apierrors.IsNotFound(err):
		return nil, &stuck{"SecretMissing", fmt.Errorf("there is no secret %s in namespace %s", reference.Name, repository.Namespace),
			fmt.Sprintf("kubectl create secret generic %s -n %s, with the keys that docs/install.md lists", reference.Name, repository.Namespace)}
	case err != nil:
		return nil, fmt.Errorf("reading secret %s: %w", reference.Name, err)
	}
	return secret.Data, nil
}
