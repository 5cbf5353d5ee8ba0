package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/trust"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Configuration is what the operator of a cluster tells the door: where models
// live, which environments exist, and whose signatures count.
type Configuration struct {
	Repositories []string          // host[:port]/path, without scheme or trailing slash
	Profiles     map[string]string // threshold profile by environment
	Modes        map[string]Modes  // what denials do, by environment
	Policy       evidence.Digest   // of the policy that must sit; empty for any
	Trust        evidence.Trust
	Workloads    []subject.Workload // kinds beside those that are built in
	Volumes      []subject.Storage  // for whose content the operator answers
}

// document is the file that holds a Configuration.
type document struct {
	APIVersion string            `yaml:"apiVersion"`
	Kind       string            `yaml:"kind"`
	Metadata   v1alpha1.Metadata `yaml:"metadata"`
	Spec       documentSpec      `yaml:"spec"`
}

type documentSpec struct {
	ModelRepositories []string           `yaml:"modelRepositories"`
	Policy            evidence.Digest    `yaml:"policy,omitempty"`
	Environments      []environment      `yaml:"environments"`
	Signers           []v1alpha1.Signer  `yaml:"signers"`
	TrustedRoot       string             `yaml:"trustedRoot,omitempty"` // Sigstore's JSON, for signers by identity
	Workloads         []subject.Workload `yaml:"workloads,omitempty"`
	Volumes           []subject.Storage  `yaml:"volumes,omitempty"`
}

type environment struct {
	Name    string          `yaml:"name"`
	Profile string          `yaml:"profile"`
	Mode    Mode            `yaml:"mode,omitempty"`
	Rules   map[string]Mode `yaml:"rules,omitempty"`
}

// ReadRoot reads a trusted root of Sigstore. What it links is larger than all
// else here, so it is given to the door, or is nil in one that is built without.
type ReadRoot func(text []byte) (evidence.CertificateVerifier, error)

const maxConfiguration = 1 << 20 // bytes; a ConfigMap holds no more

// The path is that of the OCI distribution specification, section "Pulling
// manifests"; the host is not checked beyond its characters.
var repositoryText = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$`)

// ParseConfiguration reads the Admission file. Unknown fields are errors: a
// misspelt field would be a rule that nobody applies.
func ParseConfiguration(content []byte, readRoot ReadRoot) (Configuration, error) {
	if len(content) > maxConfiguration {
		return Configuration{}, fmt.Errorf("the file is larger than %d bytes", maxConfiguration)
	}
	var read document
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&read); err != nil {
		return Configuration{}, fmt.Errorf("reading an Admission: %w", err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Configuration{}, errors.New("the file holds more than one object")
	}
	if read.APIVersion != "assay.dev/v1alpha1" || read.Kind != "Admission" {
		return Configuration{}, fmt.Errorf("it is a %.40q %.40q, want assay.dev/v1alpha1 Admission", read.APIVersion, read.Kind)
	}
	return read.Spec.configuration(readRoot)
}

func (s documentSpec) configuration(readRoot ReadRoot) (Configuration, error) {
	if len(s.ModelRepositories) == 0 || len(s.Environments) == 0 || len(s.Signers) == 0 {
		return Configuration{}, errors.New("modelRepositories, environments and signers must not be empty")
	}
	configuration := Configuration{Repositories: s.ModelRepositories, Profiles: map[string]string{}, Modes: map[string]Modes{}, Policy: s.Policy}
	if _, err := evidence.ParseDigest(string(s.Policy)); s.Policy != "" && err != nil {
		return Configuration{}, fmt.Errorf("policy: %w", err)
	}
	for _, repository := range s.ModelRepositories {
		if !repositoryText.MatchString(repository) {
			return Configuration{}, fmt.Errorf("modelRepositories: %.80q is not host[:port]/path in lower case", repository)
		}
	}
	for _, environment := range s.Environments {
		if environment.Name == "" || environment.Profile == "" {
			return Configuration{}, fmt.Errorf("environments: %.80q has no name or no profile", environment.Name)
		}
		if _, twice := configuration.Profiles[environment.Name]; twice {
			return Configuration{}, fmt.Errorf("environments: %.80q is there twice", environment.Name)
		}
		modes, err := environment.modes()
		if err != nil {
			return Configuration{}, fmt.Errorf("environments: %s: %w", environment.Name, err)
		}
		configuration.Profiles[environment.Name], configuration.Modes[environment.Name] = environment.Profile, modes
	}
	for _, workload := range s.Workloads {
		if err := workload.Check(); err != nil {
			return Configuration{}, err
		}
	}
	for _, volume := range s.Volumes {
		if err := volume.Check(); err != nil {
			return Configuration{}, err
		}
	}
	configuration.Workloads, configuration.Volumes = s.Workloads, s.Volumes
	certificates, err := s.certificates(readRoot)
	if err != nil {
		return Configuration{}, fmt.Errorf("trustedRoot: %w", err)
	}
	if configuration.Trust, err = trust.Of(s.Signers, certificates); err != nil {
		return Configuration{}, fmt.Errorf("signers: %w", err)
	}
	return configuration, nil
}

func (s documentSpec) certificates(readRoot ReadRoot) (evidence.CertificateVerifier, error) {
	switch {
	case s.TrustedRoot == "":
		return nil, nil
	case readRoot == nil:
		return nil, errors.New("this webhook is built without the verification of certificates\nhint: go build -tags keyless ./cmd/webhook")
	}
	return readRoot([]byte(s.TrustedRoot))
}
