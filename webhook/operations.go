package webhook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Values of judge.Workload.Operation.
const (
	toCreate  = "create"
	toUpdate  = "update"
	toScale   = "scale"
	toConnect = "connect"
)

// errUnchanged ends a review that concerns no model.
var errUnchanged = errors.New("nothing that a rule sees has changed")

// workload is what a request brings about, as rules see it.
func (h Handler) workload(ctx context.Context, request admission.Request, settings Configuration) (judge.Workload, error) {
	if request.Namespace == "" {
		return judge.Workload{}, errors.New("the object has no namespace")
	}
	switch {
	case request.Operation == admissionv1.Connect:
		return h.connected(ctx, request, settings)
	case request.SubResource == scale:
		return h.scaled(ctx, request, settings)
	case request.Operation == admissionv1.Create:
		return settings.Project(request.Resource, request.SubResource, request.Namespace, request.Object.Raw, h.Door.Memory.Knows)
	case request.Operation == admissionv1.Update:
		return h.updated(request, settings)
	}
	return judge.Workload{}, fmt.Errorf("operation %.20q is not known: register CREATE, UPDATE and CONNECT only", request.Operation)
}

// updated compares an object with what it was. An update that leaves the
// projection as it was is not judged again, so that a workload whose evidence has
// expired can lose its finalizers. A deletion timestamp exempts nothing: a
// terminating object can be given another model (CVE-2023-34091).
func (h Handler) updated(request admission.Request, settings Configuration) (judge.Workload, error) {
	project := func(raw []byte) (judge.Workload, error) {
		return settings.Project(request.Resource, request.SubResource, request.Namespace, raw, h.Door.Memory.Knows)
	}
	workload, err := project(request.Object.Raw)
	if err != nil && untouched(request.OldObject.Raw, request.Object.Raw) {
		return workload, errUnchanged
	}
	if err != nil {
		return judge.Workload{}, err
	}
	old, err := project(request.OldObject.Raw)
	if err != nil {
		return judge.Workload{}, fmt.Errorf("the object as it was: %w", err)
	}
	workload.Operation = toUpdate
	if slices.Equal(old.Images, workload.Images) && slices.Equal(old.Models, workload.Models) && slices.Equal(old.Volumes, workload.Volumes) {
		return workload, errUnchanged
	}
	return workload, nil
}

// untouched says that two objects which the door cannot read differ in nothing
// but what the API server keeps of them. Without it, an object that is older than
// its namespace's enrolment, or than the API server, would never lose its
// finalizers.
func untouched(old, raw []byte) bool {
	var before, after map[string]any
	if subject.Decode(old, &before) != nil || subject.Decode(raw, &after) != nil {
		return false
	}
	return reflect.DeepEqual(essence(before), essence(after))
}

// essence is an object without its status, and of its metadata the annotations.
func essence(object map[string]any) map[string]any {
	essence := maps.Clone(object)
	delete(essence, "status")
	metadata, isObject := object["metadata"].(map[string]any)
	if isObject {
		essence["metadata"] = metadata["annotations"]
	}
	return essence
}

// Project reduces an object to what rules see of it when it is created. known
// says whether a digest is that of a release.
func (c Configuration) Project(asked metav1.GroupVersionResource, subresource, namespace string, raw []byte, known func(string) bool) (judge.Workload, error) {
	workload, err := subject.Project(asked, subresource, raw, c.Workloads, c.models(known))
	if err != nil {
		return judge.Workload{}, err
	}
	workload.Operation, workload.Namespace = toCreate, namespace
	for i := range workload.Volumes {
		workload.Volumes[i].Allowed = c.allows(namespace, workload.Volumes[i])
	}
	return workload, nil
}

func (c Configuration) models(known func(string) bool) subject.Models {
	return subject.Models{Repositories: c.Repositories, Known: known}
}

// allows looks for the volume among those that are configured.
func (c Configuration) allows(namespace string, volume judge.Volume) bool {
	return slices.ContainsFunc(c.Volumes, func(s subject.Storage) bool { return s.Covers(namespace, volume) })
}
