package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// Owners reads the object that a request is about and does not carry: what is
// scaled, and the pod that somebody connects to.
type Owners interface {
	Get(ctx context.Context, of metav1.GroupVersionResource, namespace, name string) ([]byte, error)
}

const scale = "scale" // the subresource

// scalable are the kinds with a scale subresource among those that are built in.
// Configured kinds may have one.
var scalable = []subject.Resource{
	{Name: "replicationcontrollers", Subresource: scale},
	{Group: "apps", Name: "deployments", Subresource: scale},
	{Group: "apps", Name: "replicasets", Subresource: scale},
	{Group: "apps", Name: "statefulsets", Subresource: scale},
	{Group: "argoproj.io", Name: "rollouts", Subresource: scale},
	{Group: "leaderworkerset.x-k8s.io", Name: "leaderworkersets", Subresource: scale},
}

// Resources lists what the door can read, as a ValidatingWebhookConfiguration
// must register it.
func Resources() []string {
	names := subject.Resources()
	for _, known := range scalable {
		names = append(names, known.String())
	}
	slices.Sort(names)
	return names
}

// connections are the subresources by which somebody gets at a running
// container. They are registered where a cluster wants its models sealed:
// manifests/system/components/sealed.
var connections = []string{"attach", "exec", "portforward"}

// scaled is the object whose replicas grow: new pods are made of what it was when
// it was admitted, which may be long ago. One that shrinks or stays is not looked
// at, so that everything can be scaled down.
func (h Handler) scaled(ctx context.Context, request admission.Request, settings Configuration) (judge.Workload, error) {
	asked := subject.Resource{Group: request.Resource.Group, Name: request.Resource.Resource, Subresource: scale}
	configured := func(w subject.Workload) bool { return w.Group == asked.Group && w.Resource == asked.Name }
	if request.Operation != admissionv1.Update || !slices.Contains(scalable, asked) && !slices.ContainsFunc(settings.Workloads, configured) {
		return judge.Workload{}, fmt.Errorf("%.20s of %.80s is nothing that this door can read", request.Operation, asked)
	}
	var before, after autoscalingv1.Scale
	if err := subject.Decode(request.Object.Raw, &after); err != nil {
		return judge.Workload{}, err
	}
	if err := subject.Decode(request.OldObject.Raw, &before); err != nil {
		return judge.Workload{}, fmt.Errorf("the scale as it was: %w", err)
	}
	if after.Spec.Replicas <= before.Spec.Replicas {
		return judge.Workload{}, errUnchanged
	}
	return h.owner(ctx, request, settings, toScale)
}

// connected is the pod that somebody connects to, and the models that the command
// names.
func (h Handler) connected(ctx context.Context, request admission.Request, settings Configuration) (judge.Workload, error) {
	pods := metav1.GroupVersionResource{Version: "v1", Resource: "pods"}
	if request.Resource != pods || !slices.Contains(connections, request.SubResource) {
		return judge.Workload{}, fmt.Errorf("operation CONNECT of %.80s/%.80s is nothing that this door can read", request.Resource.Resource, request.SubResource)
	}
	named, err := subject.Mentions(request.Object.Raw, settings.models(h.Door.Memory.Knows))
	if err != nil {
		return judge.Workload{}, err
	}
	workload, err := h.owner(ctx, request, settings, toConnect)
	workload.Models = append(workload.Models, named...)
	return workload, err
}

// ownerTime leaves most of a review's time to the judge.
const ownerTime = time.Second

// owner asks the API server for the object that a subresource belongs to. It is
// the one question that a review asks, and only when replicas grow or somebody
// connects; without an answer the door stays shut.
func (h Handler) owner(ctx context.Context, request admission.Request, settings Configuration, operation string) (judge.Workload, error) {
	if h.Owners == nil {
		return judge.Workload{}, errors.New("this door has no way to read what the request is about")
	}
	ctx, cancel := context.WithTimeout(ctx, ownerTime)
	defer cancel()
	raw, err := h.Owners.Get(ctx, request.Resource, request.Namespace, request.Name)
	if err != nil {
		return judge.Workload{}, fmt.Errorf("reading %.80s %.253s, which is to %s: %w", request.Resource.Resource, request.Name, operation, err)
	}
	workload, err := settings.Project(request.Resource, "", request.Namespace, raw, h.Door.Memory.Knows)
	workload.Operation = operation
	return workload, err
}

// OwnersOf asks an API server, and keeps nothing: a cache of whatever can be
// scaled would be as large as the cluster, and late.
func OwnersOf(cluster *rest.Config, through *http.Client) (Owners, error) {
	own := rest.CopyConfig(cluster)
	own.NegotiatedSerializer = clientgoscheme.Codecs.WithoutConversion()
	own.QPS, own.Burst = 100, 200 // a storm of autoscalers waits here, and not at the API server
	client, err := rest.UnversionedRESTClientForConfigAndClient(own, through)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	return apiServer{client}, nil
}

type apiServer struct{ client rest.Interface }

func (s apiServer) Get(ctx context.Context, of metav1.GroupVersionResource, namespace, name string) ([]byte, error) {
	root := "/apis/" + of.Group + "/" + of.Version
	if of.Group == "" {
		root = "/api/" + of.Version
	}
	return s.client.Get().AbsPath(root).Namespace(namespace).Resource(of.Resource).Name(name).SetHeader("Accept", "application/json").DoRaw(ctx)
}
