package argocd

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/argoproj/argo-cd/v2/applicationset/generators"
	"github.com/argoproj/argo-cd/v2/applicationset/utils"
	"github.com/argoproj/argo-cd/v2/pkg/apis/application/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// folder is a repository of which Argo CD's repo server has a checkout.
type folder string

func (f folder) GetFiles(_ context.Context, _, _, pattern string, _, _ bool) (map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(string(f), filepath.FromSlash(pattern)))
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[path.Join("clusters", filepath.Base(name))] = text
	}
	return files, err
}

func (f folder) GetDirectories(context.Context, string, string, bool, bool) ([]string, error) {
	return nil, nil
}

// applications are what the ApplicationSet makes of a repository's clusters.
func applications(t *testing.T, repository folder) []v1alpha1.Application {
	t.Helper()
	set, project := strictly[v1alpha1.ApplicationSet](t, "applicationset.yaml"), project(t)
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	client := fake.NewClientBuilder().WithScheme(scheme).WithObjects(&project).Build()
	simple := map[string]generators.Generator{
		"Git":  generators.NewGitGenerator(repository, set.Namespace),
		"List": generators.NewListGenerator(),
	}
	all := map[string]generators.Generator{"Git": simple["Git"], "List": simple["List"], "Matrix": generators.NewMatrixGenerator(simple)}
	var made []v1alpha1.Application
	for _, generator := range set.Spec.Generators {
		results, err := generators.Transform(generator, all, set.Spec.Template, &set, nil, client)
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range results {
			for _, params := range result.Params {
				template := &v1alpha1.Application{Spec: result.Template.Spec}
				template.Name, template.Labels, template.Annotations = result.Template.Name, result.Template.Labels, result.Template.Annotations
				rendering := &utils.Render{}
				application, err := rendering.RenderTemplateParams(template, set.Spec.SyncPolicy, params, set.Spec.GoTemplate, set.Spec.GoTemplateOptions)
				if err != nil {
					t.Fatal(err)
				}
				made = append(made, *application)
			}
		}
	}
	return made
}

const clusters = "testdata/repository"

func TestEveryEnvironmentOfEveryClusterIsAnApplication(t *testing.T) {
	var names []string
	for _, application := range applications(t, clusters) {
		names = append(names, application.Name+" "+application.Spec.Source.TargetRevision+" "+
			application.Spec.Destination.Name+application.Spec.Destination.Server+" "+application.Spec.Destination.Namespace)
	}
	slices.Sort(names)
	expected := []string{
		"assay-frankfurt-production env/production https://frankfurt.example.org models-production",
		"assay-frankfurt-staging env/staging https://frankfurt.example.org models-staging",
		"assay-local-development env/development local models-development",
	}
	if !slices.Equal(names, expected) {
		t.Errorf("the applications are %q", names)
	}
}

func TestTheClustersOfTheCatalogueAreApplications(t *testing.T) {
	if len(applications(t, "../../catalog")) == 0 {
		t.Error("none")
	}
}

func TestEveryApplicationMayDoWhatItIsFor(t *testing.T) {
	ours := project(t)
	for _, application := range applications(t, clusters) {
		if wrong := validation.IsDNS1123Subdomain(application.Name); len(wrong) > 0 || application.Spec.Project != ours.Name {
			t.Errorf("%s of project %s: %v", application.Name, application.Spec.Project, wrong)
		}
		if !ours.IsSourcePermitted(application.Spec.GetSource()) {
			t.Errorf("%s may not read its branch", application.Name)
		}
		destination := application.Spec.Destination
		if destination.Server == "" { // Argo CD looks the address of a named cluster up before it asks the project
			destination = v1alpha1.ApplicationDestination{Server: server, Namespace: destination.Namespace}
		}
		if allowed, err := ours.IsDestinationPermitted(destination, nil); err != nil || !allowed {
			t.Errorf("%s may not sync to %v: %v", application.Name, destination, err)
		}
		if !slices.Contains(application.Spec.SyncPolicy.SyncOptions, "ServerSideApply=true") || application.Spec.SyncPolicy.Automated == nil {
			t.Errorf("%s is not synced by itself, by server-side apply", application.Name)
		}
		if len(application.Finalizers) > 0 {
			t.Errorf("%s takes its models away when it goes", application.Name)
		}
	}
}
