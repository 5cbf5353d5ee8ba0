package subject

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Resource is what an admission rule names: group, resource and subresource.
type Resource struct{ Group, Name, Subresource string }

func (r Resource) String() string {
	text := r.Name
	if r.Subresource != "" {
		text += "/" + r.Subresource
	}
	if r.Group != "" {
		text += "." + r.Group
	}
	return text
}

// Resources lists what can be read without being configured, as a
// ValidatingWebhookConfiguration registers it.
func Resources() []string {
	var names []string
	for _, table := range []map[Resource]form{builtIn, customKinds} {
		for known := range table {
			names = append(names, known.String())
		}
	}
	slices.Sort(names)
	return names
}

// Workload is a kind of object that the operator of a cluster adds to those that
// the door knows: one of a controller that makes pods.
type Workload struct {
	Group    string `yaml:"group"`
	Version  string `yaml:"version"` // the one that is registered; the API server converts the others
	Resource string `yaml:"resource"`
	Kind     string `yaml:"kind"`
}

// Check refuses what could never be asked about, and what would take the place
// of a kind that the door reads field by field.
func (w Workload) Check() error {
	if w.Version == "" || w.Resource == "" || w.Kind == "" || w.Group == "" || strings.Contains(w.Resource, "/") {
		return fmt.Errorf("workloads: %.80q has no group, version, resource or kind, or names a subresource", w.Resource)
	}
	if _, built := builtIn[Resource{w.Group, w.Resource, ""}]; built {
		return fmt.Errorf("workloads: %s is read already", Resource{w.Group, w.Resource, ""})
	}
	return nil
}

// Kind is one whose objects can be read.
type Kind struct {
	Resource schema.GroupVersionResource
	Name     string
	BuiltIn  bool // Kubernetes itself has it
}

// Kinds are those whose objects can be listed, in a stable order.
func Kinds(configured []Workload) []Kind {
	var all []Kind
	for of, known := range builtIn {
		if of.Subresource == "" {
			all = append(all, Kind{schema.GroupVersionResource{Group: of.Group, Version: known.version, Resource: of.Name}, known.kind, true})
		}
	}
	for of, known := range customKinds {
		all = append(all, Kind{schema.GroupVersionResource{Group: of.Group, Version: known.version, Resource: of.Name}, known.kind, false})
	}
	for _, w := range configured {
		all = append(all, Kind{schema.GroupVersionResource{Group: w.Group, Version: w.Version, Resource: w.Resource}, w.Kind, false})
	}
	slices.SortFunc(all, func(a, b Kind) int { return cmp.Compare(a.Resource.String(), b.Resource.String()) })
	return slices.CompactFunc(all, func(a, b Kind) bool { return a.Resource == b.Resource })
}

// NameOf is what a kind is called that need not be configured, if there is one.
func NameOf(asked metav1.GroupVersionResource, subresource string) (name string, known bool) {
	read, err := formOf(asked, subresource, nil)
	return read.kind, err == nil
}

// formOf is how the object is read that a request is about, among the kinds that
// are built in and those that are configured.
func formOf(wanted metav1.GroupVersionResource, subresource string, configured []Workload) (form, error) {
	asked := Resource{wanted.Group, wanted.Resource, subresource}
	for _, table := range []map[Resource]form{builtIn, customKinds} {
		if known, is := table[asked]; is && known.version == wanted.Version {
			return known, nil
		}
	}
	at := slices.IndexFunc(configured, func(w Workload) bool {
		return Resource{w.Group, w.Resource, ""} == asked && w.Version == wanted.Version
	})
	if at < 0 {
		return form{}, fmt.Errorf("%.80s %.20q is not a kind that this door can read\nhint: name it among the workloads of the Admission file", asked, wanted.Version)
	}
	return custom(configured[at].Kind, configured[at].Version), nil
}
