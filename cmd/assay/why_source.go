package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// defendant says where the evidence of a release is, and for which environment
// it is judged.
type defendant struct {
	release, cluster, model       string // one of the three
	environment, profile          string
	repository, trust, kubeconfig string
}

func (d *defendant) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&d.release, "release", "", "with --why: file with a Release object, or <registry>/models/<model>@sha256:<digest>")
	flags.StringVar(&d.cluster, "cluster", "", "with --why: name or digest of a Release object in the cluster of the kubeconfig")
	flags.StringVar(&d.model, "model", "", "with --why: model whose promotion pins a release, which is looked for in the registry of assay.yaml")
	flags.StringVar(&d.environment, "environment", "", "with --why: environment that is asked about (default: the one of the Release object)")
	flags.StringVar(&d.profile, "profile", "", "with --why: threshold profile (default: what the repository says of the environment, else its name)")
	flags.StringVar(&d.repository, "repository", ".", "with --why: directory of the promotion repository")
	flags.StringVar(&d.trust, "trust", "", "with --why: file with the trusted signers (default: assay.yaml of the repository)")
	flags.StringVar(&d.kubeconfig, "kubeconfig", "", "with --cluster: file that says where the cluster is (default: as kubectl finds it)")
	command.MarkFlagsMutuallyExclusive("release", "cluster", "model")
}

// question is what the judge is asked about the release, now.
func (d *defendant) question(ctx context.Context) (judge.Question, error) {
	if d.trust == "" {
		d.trust = filepath.Join(d.repository, "assay.yaml")
	}
	release, opened, err := d.open(ctx)
	if err != nil {
		return judge.Question{}, err
	}
	if d.environment == "" {
		return judge.Question{}, errors.New("--environment is missing: a registry holds evidence for all of them")
	}
	if d.profile == "" {
		if d.profile, err = d.agreed(); err != nil {
			return judge.Question{}, err
		}
	}
	return judge.Question{
		Environment: d.environment, Profile: d.profile, Time: time.Now(),
		Model: &judge.Model{Release: release, Evidence: opened},
	}, nil
}

func (d *defendant) open(ctx context.Context) (evidence.Subject, evidence.Opened, error) {
	switch {
	case d.cluster != "":
		object, err := d.running(ctx)
		if err != nil {
			return evidence.Subject{}, evidence.Opened{}, err
		}
		return d.object(ctx, object)
	case d.model != "":
		return d.pinned(ctx)
	case strings.Contains(d.release, "/models/") && strings.Contains(d.release, "@"):
		return d.listed(ctx, d.release)
	case d.release != "":
		object, err := readRelease(d.release)
		if err != nil {
			return evidence.Subject{}, evidence.Opened{}, err
		}
		return d.object(ctx, object)
	}
	return evidence.Subject{}, evidence.Opened{}, errors.New("--why needs a release\nhint: give one of --release, --cluster and --model")
}

// object takes the evidence that a Release object carries.
func (d *defendant) object(ctx context.Context, object kube.Release) (release evidence.Subject, opened evidence.Opened, err error) {
	believed, err := believedBy(d.trust)
	if err != nil {
		return release, opened, err
	}
	release.Name = object.Spec.Model
	if release.Digest, err = evidence.ParseDigest(object.Spec.Digest); err != nil {
		return release, opened, err
	}
	if d.environment == "" {
		d.environment = object.Spec.Environment
	}
	var envelopes []evidence.Envelope
	for _, text := range object.Spec.Envelopes {
		envelopes = append(envelopes, evidence.Envelope(text))
	}
	return release, evidence.Open(ctx, believed.At(time.Now()), release, envelopes), nil
}

// listed takes the evidence that a registry holds, but for what a Release object
// of the environment would leave out: that for the others, and what gates have
// measured already.
func (d *defendant) listed(ctx context.Context, reference string) (evidence.Subject, evidence.Opened, error) {
	release, opened, err := openEvidence(ctx, d.trust, reference)
	opened.Statements = slices.DeleteFunc(opened.Statements, func(said evidence.Statement) bool {
		return said.Measurements != nil && said.Measurements.Environment != d.environment ||
			said.Waiver != nil && said.Waiver.Environment != d.environment || said.Scan != nil || said.Components != nil
	})
	return release, opened, err
}

// pinned is the release that a promotion pins.
func (d *defendant) pinned(ctx context.Context) (evidence.Subject, evidence.Opened, error) {
	var platform v1alpha1.Platform
	var promotion v1alpha1.Promotion
	file := filepath.Join(d.repository, "environments", d.environment, d.model+".yaml")
	err := errors.Join(readObject(filepath.Join(d.repository, "assay.yaml"), &platform), readObject(file, &promotion))
	if err == nil && promotion.Spec.Release == "" {
		err = fmt.Errorf("%s pins no release: it follows the recipe\nhint: assay check --head <branch> judges that; or give --release <registry>/models/<model>@sha256:<digest>", file)
	}
	if err != nil {
		return evidence.Subject{}, evidence.Opened{}, err
	}
	return d.listed(ctx, platform.Spec.Registry+"/models/"+promotion.Spec.Model+"@"+promotion.Spec.Release)
}

// agreed is the profile that the repository gives the environment.
func (d *defendant) agreed() (string, error) {
	var environment v1alpha1.Environment
	err := readObject(filepath.Join(d.repository, "environments", d.environment, "environment.yaml"), &environment)
	if errors.Is(err, os.ErrNotExist) {
		return d.environment, nil
	}
	return environment.Spec.Profile, err
}

// maxReleaseFile is more than what etcd stores of one object.
const maxReleaseFile = 8 << 20

func readRelease(name string) (object kube.Release, err error) {
	file, err := os.Open(name)
	if err != nil {
		return object, fmt.Errorf("reading the release: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxReleaseFile))
	if err != nil {
		return object, fmt.Errorf("reading the release: %w", err)
	}
	if err := yaml.UnmarshalStrict(text, &object); err != nil || object.Kind != "Release" {
		return object, fmt.Errorf("%s is no Release object: it is a %.40q: %v", name, object.Kind, err)
	}
	return object, nil
}

// running is a Release object of the cluster, by its name or by the digest that a
// denial tells.
func (d *defendant) running(ctx context.Context) (kube.Release, error) {
	scheme := runtime.NewScheme()
	if err := kube.AddToScheme(scheme); err != nil {
		return kube.Release{}, err
	}
	at, err := d.address()
	if err != nil {
		return kube.Release{}, fmt.Errorf("finding the cluster: %w", err)
	}
	cluster, err := client.New(at, client.Options{Scheme: scheme})
	if err != nil {
		return kube.Release{}, fmt.Errorf("connecting to the cluster: %w", err)
	}
	if _, err := evidence.ParseDigest(d.cluster); err != nil {
		var object kube.Release
		return object, cluster.Get(ctx, client.ObjectKey{Name: d.cluster}, &object)
	}
	var list kube.ReleaseList
	if err := cluster.List(ctx, &list); err != nil {
		return kube.Release{}, fmt.Errorf("listing releases: %w", err)
	}
	return d.oneOf(list.Items)
}

// address is where the cluster is, and who we are there.
func (d *defendant) address() (*rest.Config, error) {
	if d.kubeconfig == "" {
		return config.GetConfig()
	}
	return clientcmd.BuildConfigFromFlags("", d.kubeconfig)
}

// oneOf is the release of a digest in the environment. Where there is none the
// door asks nobody, so there is nothing to explain.
func (d *defendant) oneOf(releases []kube.Release) (kube.Release, error) {
	found := slices.DeleteFunc(releases, func(object kube.Release) bool {
		return object.Spec.Digest != d.cluster || d.environment != "" && object.Spec.Environment != d.environment
	})
	switch len(found) {
	case 0:
		return kube.Release{}, fmt.Errorf("the cluster holds no release %s for that environment", d.cluster)
	case 1:
		return found[0], nil
	}
	return kube.Release{}, fmt.Errorf("the cluster holds %d releases %s\nhint: give --environment, or the name of one: %s, %s", len(found), d.cluster, found[0].Name, found[1].Name)
}
