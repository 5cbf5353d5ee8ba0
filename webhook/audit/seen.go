package audit

import (
	"context"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"

	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// seen is what is left of an object on its way from the API server to a shelf:
// enough for the reflector that carries it, and what the rules see.
type seen struct {
	metav1.TypeMeta
	metav1.ObjectMeta
	sight
}

// sight is what rules see of an object, and what that was made of.
type sight struct {
	workload judge.Workload
	problem  string  // why the door cannot read it
	resting  bool    // nothing of it runs
	owner    owner   // the object that controls it
	asked    []asked // digests of which it mattered whether a release has them
}

type owner struct{ kind, name string }

type asked struct {
	digest string
	known  bool
}

// DeepCopyObject makes seen a runtime.Object. Nothing of it is ever changed.
func (s *seen) DeepCopyObject() runtime.Object { copied := *s; return &copied }

// page is a part of a list.
type page struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []seen
}

func (p *page) DeepCopyObject() runtime.Object { copied := *p; return &copied }

// reader lists and watches the objects of one kind, and shortens each as soon as
// it is decoded.
type reader struct {
	kind  subject.Kind
	from  dynamic.ResourceInterface
	look  func(kind subject.Kind, object *unstructured.Unstructured) sight
	fails func(error)
}

const pageSize = 500

// listWatch says of the client what it can: an API server streams a list, so that
// not even a page of whole objects is in memory.
func (r reader) listWatch(client dynamic.Interface) cache.ListerWatcher {
	return cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: r.list,
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			events, err := r.from.Watch(ctx, options)
			if err != nil {
				r.fails(err)
				return nil, err
			}
			return watch.Filter(events, r.event), nil
		},
	}, client)
}

// list asks for pages: of a whole namespace of pods, only the shortened ones are
// ever in memory. "0" would be answered from a cache that knows no pages.
func (r reader) list(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	options.Limit = pageSize
	if options.ResourceVersion == "0" {
		options.ResourceVersion = ""
	}
	list, err := r.from.List(ctx, options)
	if err != nil {
		r.fails(err)
		return nil, err
	}
	short := &page{ListMeta: metav1.ListMeta{
		ResourceVersion: list.GetResourceVersion(), Continue: list.GetContinue(), RemainingItemCount: list.GetRemainingItemCount(),
	}}
	for i := range list.Items {
		short.Items = append(short.Items, *r.shorten(&list.Items[i]))
	}
	return short, nil
}

func (r reader) event(event watch.Event) (watch.Event, bool) {
	object, is := event.Object.(*unstructured.Unstructured)
	switch {
	case !is: // an error
	case event.Type == watch.Bookmark:
		event.Object = &seen{ObjectMeta: metav1.ObjectMeta{ResourceVersion: object.GetResourceVersion(), Annotations: object.GetAnnotations()}}
	default:
		event.Object = r.shorten(object)
	}
	return event, true
}

func (r reader) shorten(object *unstructured.Unstructured) *seen {
	return &seen{
		ObjectMeta: metav1.ObjectMeta{Namespace: object.GetNamespace(), Name: object.GetName(), ResourceVersion: object.GetResourceVersion()},
		sight:      r.look(r.kind, object),
	}
}

// sight projects an object as the door does when it is created. What the API
// server keeps in it is left out: a newer one may keep what the door cannot read.
func (a *Auditor) sight(kind subject.Kind, object *unstructured.Unstructured) sight {
	short := sight{resting: resting(kind, object)}
	if controller := metav1.GetControllerOfNoCopy(object); controller != nil {
		short.owner = owner{controller.Kind, controller.Name}
	}
	unstructured.RemoveNestedField(object.Object, "status")
	unstructured.RemoveNestedField(object.Object, "metadata", "managedFields")
	raw, err := object.MarshalJSON()
	if err != nil {
		short.problem = err.Error()
		return short
	}
	known := func(digest string) bool {
		is := a.door.Memory.Knows(digest)
		if !slices.ContainsFunc(short.asked, func(before asked) bool { return before.digest == digest }) {
			short.asked = append(short.asked, asked{digest, is})
		}
		return is
	}
	of := metav1.GroupVersionResource{Group: kind.Resource.Group, Version: kind.Resource.Version, Resource: kind.Resource.Resource}
	short.workload, err = a.settings().Project(of, "", object.GetNamespace(), raw, known)
	if err != nil {
		short.problem = fmt.Sprintf("the door cannot read it: %v", err)
	}
	return short
}

// resting objects run nothing and will run nothing that does not come to the door
// first: a pod that has ended, a job that is done, a set of no replicas. An old
// ReplicaSet is scaled up again when somebody rolls back, and that is a review.
func resting(kind subject.Kind, object *unstructured.Unstructured) bool {
	switch kind.Name {
	case "Pod":
		phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
		return phase == "Succeeded" || phase == "Failed"
	case "Job":
		_, done, _ := unstructured.NestedString(object.Object, "status", "completionTime")
		return done
	}
	replicas, set, err := unstructured.NestedInt64(object.Object, "spec", "replicas")
	return kind.BuiltIn && set && err == nil && replicas == 0
}
