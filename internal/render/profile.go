package render

import (
	"errors"
	"fmt"
	"regexp"
)

// The values of a [Profile]'s fields that are chosen from a list.
const (
	KServe   = "kserve"   // Runtime: an InferenceService instead of a Deployment
	CPU      = "cpu"      // Scaling: by CPU, at most twice as many every 30 s
	Requests = "requests" // Scaling: by requests a second, with KEDA
	AWS      = "aws"      // Cloud: EKS
	Azure    = "azure"    // Cloud: AKS
	GCP      = "gcp"      // Cloud: GKE
)

// Profile is what a promotion may ask for beyond a model at work. Every field
// brings a component of manifests/serving with it, and the zero Profile brings
// none: a cluster needs an operator only when a promotion speaks of it.
type Profile struct {
	Runtime            string   // "" a Deployment, or KServe
	Scaling            string   // "" as the number of replicas says, CPU or Requests
	MaxReplicas        int      // of an autoscaler; 0 is 10
	RequestsPerReplica int      // a second; Scaling Requests only, where 0 is 50
	Clients            []string // Istio's names of who may ask (cluster.local/ns/clinic/sa/records); any of them brings the mesh
	Cloud              string   // whose secrets, with Identity, Vault and Secrets: AWS, Azure or GCP
	Identity           string   // a role's ARN, a managed identity's client ID, a service account's address
	Vault              string   // a region, a vault's URL, a project
	Secrets            []string // names in that vault; files below /secrets
	AccuracyMin        string   // alarms, with RequestsMax: below it for 5 minutes, for example 0.85
	RequestsMax        int      // a second: more of them for 2 minutes are a surge
}

const (
	maxReplicas = 2000 // doubling beyond 1024 in 30 s outruns a controller manager's default of 20 writes a second
	maxClients  = 64
	maxSecrets  = 32
	maxRequests = 1_000_000
)

var (
	principal  = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,252}/ns/[a-z0-9][a-z0-9-]{0,62}/sa/[a-z0-9][a-z0-9.-]{0,252}$`)
	secretName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)
	proportion = regexp.MustCompile(`^0\.[0-9]{1,6}$`)
)

// clouds say how each of them names an identity and a vault.
var clouds = map[string]struct{ identity, vault *regexp.Regexp }{
	AWS: {
		regexp.MustCompile(`^arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@/_-]{1,128}$`),
		regexp.MustCompile(`^[a-z]{2}(-[a-z]{2,12}){1,3}-[0-9]$`),
	},
	Azure: {
		regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
		regexp.MustCompile(`^https://[a-z][a-z0-9-]{1,22}[a-z0-9]\.vault\.azure\.net$`),
	},
	GCP: {
		regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$`),
		regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`),
	},
}

// validate refuses what is not understood, and what would have no effect: a
// field that does nothing is a misunderstanding of who wrote it.
func (p Profile) validate(replicas int) error {
	return errors.Join(p.validateScaling(replicas), p.validateClients(), p.validateSecrets(), p.validateAlarms())
}

func (p Profile) validateScaling(replicas int) error {
	switch {
	case p.Runtime != "" && p.Runtime != KServe:
		return fmt.Errorf("runtime %.40q is unknown: write kserve, or nothing for a Deployment", p.Runtime)
	case p.Scaling != "" && p.Scaling != CPU && p.Scaling != Requests:
		return fmt.Errorf("scaling %.40q is unknown: write cpu or requests, or nothing", p.Scaling)
	case p.Runtime == KServe && p.Scaling != "":
		return errors.New("scaling: KServe scales what it serves, and two autoscalers would fight over it")
	case replicas > 0 && (p.Scaling != "" || p.MaxReplicas != 0):
		return fmt.Errorf("scaling: %d replicas are promoted, so nothing scales them", replicas)
	case p.RequestsPerReplica != 0 && p.Scaling != Requests:
		return errors.New("requestsPerReplica: it has an effect with scaling: requests only")
	case p.RequestsPerReplica < 0 || p.RequestsPerReplica > maxRequests:
		return fmt.Errorf("requestsPerReplica: %d is not between 1 and %d", p.RequestsPerReplica, maxRequests)
	case p.MaxReplicas != 0 && (p.MaxReplicas < 2 || p.MaxReplicas > maxReplicas):
		return fmt.Errorf("maxReplicas: %d is not between 2 and %d", p.MaxReplicas, maxReplicas)
	}
	return nil
}

func (p Profile) validateClients() error {
	if len(p.Clients) > maxClients {
		return fmt.Errorf("clients: more than %d", maxClients)
	}
	for _, client := range p.Clients {
		if !principal.MatchString(client) {
			return fmt.Errorf("clients: %.200q is no principal: write <trust domain>/ns/<namespace>/sa/<service account>", client)
		}
	}
	return nil
}

func (p Profile) validateSecrets() error {
	if p.Cloud == "" && p.Identity == "" && p.Vault == "" && len(p.Secrets) == 0 {
		return nil
	}
	forms, known := clouds[p.Cloud]
	switch {
	case !known:
		return fmt.Errorf("cloud %.40q is unknown: write aws, azure or gcp", p.Cloud)
	case !forms.identity.MatchString(p.Identity):
		return fmt.Errorf("identity: %.200q is none of %s's", p.Identity, p.Cloud)
	case !forms.vault.MatchString(p.Vault):
		return fmt.Errorf("vault: %.200q is none of %s's", p.Vault, p.Cloud)
	case len(p.Secrets) == 0 || len(p.Secrets) > maxSecrets:
		return fmt.Errorf("secrets: %d of them; an identity is for 1 to %d", len(p.Secrets), maxSecrets)
	}
	seen := map[string]bool{}
	for _, name := range p.Secrets {
		if !secretName.MatchString(name) || seen[name] {
			return fmt.Errorf("secrets: %.80q is no name, or is there twice", name)
		}
		seen[name] = true
	}
	return nil
}

func (p Profile) validateAlarms() error {
	if p.AccuracyMin == "" && p.RequestsMax == 0 {
		return nil
	}
	if !proportion.MatchString(p.AccuracyMin) {
		return fmt.Errorf("accuracyMin: %.40q is no proportion like 0.85; alarms need it and requestsMax", p.AccuracyMin)
	}
	if p.RequestsMax < 1 || p.RequestsMax > maxRequests {
		return fmt.Errorf("requestsMax: %d is not between 1 and %d; alarms need it and accuracyMin", p.RequestsMax, maxRequests)
	}
	return nil
}

// components are the folders of manifests/serving/components that the profile
// asks for. The order matters: the mesh replaces the way in, and alarms add one.
func (p Profile) components() []string {
	var chosen []string
	if p.Runtime == KServe {
		chosen = append(chosen, "kserve")
	}
	if len(p.Clients) > 0 {
		chosen = append(chosen, "mesh")
	}
	if p.Cloud != "" {
		chosen = append(chosen, p.Cloud, "secrets")
	}
	if p.AccuracyMin != "" {
		chosen = append(chosen, "monitoring")
	}
	return chosen
}

// overlay is the folder of manifests/serving/overlays that says who owns the
// number of replicas.
func (p Profile) overlay(replicas int) string {
	switch {
	case replicas > 0 || p.Runtime == KServe:
		return "fixed"
	case p.Scaling == CPU:
		return "paced"
	case p.Scaling == Requests:
		return "requests"
	}
	return "autoscaled"
}
