package audit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// hall is every shelf: one for each kind that the cluster has, in each enrolled
// namespace. What is not enrolled is not even listed.
type hall struct {
	cluster   dynamic.Interface
	look      func(subject.Kind, *unstructured.Unstructured) sight
	wake      func()
	kinds     []subject.Kind
	shelves   map[spot]*standing
	installed installed
}

// spot is where a shelf stands.
type spot struct {
	namespace string
	kind      subject.Kind
}

type standing struct {
	*Shelf
	stop func()
}

// arrange puts up the shelves that are missing and takes down those that nobody
// needs. When the door reads objects in another way from now on, all are filled
// anew.
func (h *hall) arrange(ctx context.Context, kinds []subject.Kind, namespaces map[string]string, anew bool) {
	wanted := map[spot]bool{}
	for _, kind := range kinds {
		if !kind.BuiltIn && !h.installed.has(kind.Resource) {
			continue
		}
		for namespace := range namespaces {
			wanted[spot{namespace, kind}] = true
		}
	}
	for at, shelf := range h.shelves {
		if anew || !wanted[at] {
			shelf.stop()
			delete(h.shelves, at)
		}
	}
	for at := range wanted {
		if h.shelves[at] == nil {
			h.shelves[at] = h.put(ctx, at)
		}
	}
}

func (h *hall) put(ctx context.Context, at spot) *standing {
	ctx, stop := context.WithCancel(ctx)
	shelf := newShelf(h.wake)
	logger := log.FromContext(ctx).WithValues("namespace", at.namespace, "kind", at.kind.Name)
	source := reader{kind: at.kind, from: h.cluster.Resource(at.kind.Resource).Namespace(at.namespace), look: h.look, fails: shelf.fail}
	filling := cache.NewReflectorWithOptions(source.listWatch(h.cluster), &seen{}, shelf, cache.ReflectorOptions{
		Logger: &logger, Name: "audit", TypeDescription: at.kind.Resource.String(),
	})
	go filling.RunWithContext(ctx)
	return &standing{shelf, stop}
}

// in lists the spots of a namespace, in a stable order.
func (h *hall) in(namespace string) []spot {
	spots := slices.DeleteFunc(slices.Collect(maps.Keys(h.shelves)), func(at spot) bool { return at.namespace != namespace })
	slices.SortFunc(spots, func(a, b spot) int { return cmp.Compare(a.kind.Resource.String(), b.kind.Resource.String()) })
	return spots
}

// ready says whether everything in the namespace has been told.
func (h *hall) ready(namespace string) bool {
	for at, shelf := range h.shelves {
		if at.namespace == namespace && !shelf.ready() {
			return false
		}
	}
	return true
}

// refusals are the kinds that the audit is not let see, each with the reason.
func (h *hall) refusals() map[spot]error {
	refused := map[spot]error{}
	for at, shelf := range h.shelves {
		shelf.mutex.Lock()
		if shelf.refused != nil {
			refused[at] = shelf.refused
		}
		shelf.mutex.Unlock()
	}
	return refused
}

// installed is what the API server has beside its own kinds, as far as it was
// asked.
type installed struct {
	*sync.RWMutex
	known map[schema.GroupVersionResource]bool
}

func newInstalled() installed {
	return installed{&sync.RWMutex{}, map[schema.GroupVersionResource]bool{}}
}

func (i installed) has(resource schema.GroupVersionResource) bool {
	i.RLock()
	defer i.RUnlock()
	return i.known[resource]
}

// refresh asks for each of these versions of groups. Where there is no answer,
// what was known is still known.
func (i installed) refresh(api discovery.ServerResourcesInterface, wanted []schema.GroupVersionResource) error {
	var failed error
	found := map[schema.GroupVersion]map[string]bool{}
	for _, one := range wanted {
		version := one.GroupVersion()
		if _, is := found[version]; is {
			continue
		}
		list, err := api.ServerResourcesForGroupVersion(version.String())
		switch {
		case apierrors.IsNotFound(err):
			found[version] = map[string]bool{}
		case err != nil:
			failed = err
		default:
			found[version] = map[string]bool{}
			for _, resource := range list.APIResources {
				found[version][resource.Name] = true
			}
		}
	}
	i.Lock()
	defer i.Unlock()
	for _, one := range wanted {
		if names, is := found[one.GroupVersion()]; is {
			i.known[one] = names[one.Resource]
		}
	}
	return failed
}

// installationInterval is how soon a kind that is installed while the audit runs
// is looked at.
const installationInterval = 30 * time.Second
