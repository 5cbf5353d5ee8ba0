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
)

// Owners reads the object that a request is about and does not carry: what is
// scaled, and the pod that somebody connects to.
type Owners interface {
	Get(ctx context.Context, of metav1.GroupVersionResource, namespace, name string) ([]byte, error)
}

const scale = "scale" // the subresource

// scalable are the kinds with a scale subresource among those that are built in.
// Configured kinds may have one.
var scalable = []resource{
	{"", "replicationcontrollers", scale},
	{"apps", "deployments", scale},
	{"apps", "replicasets", scale},
	{"apps", "statefulsets", scale},
	{"argoproj.io", "rollouts", scale},
	{"leaderworkerset.x-k8s.io", "leaderworkersets", scale},
}

// connections are the subresources by which somebody gets at a running
// container. They are registered where a cluster wants its models sealed:
// manifests/system/components/sealed.
var connections = []string{"attach", "exec", "portforward"}

// scaled is the object whose replicas grow: new pods are made of what it was when
// it was admitted, which may be long ago. One that shrinks or stays is not looked
// at, so that everything can be scaled down.
func (h Handler) scaled(ctx context.Context, request admission.Request, settings Configuration) (judge.Workload, error) {
	asked := resource{request.Resource.Group, request.Resource.Resource, scale}
	configured := func(w Workload) bool { return w.Group == asked.group && w.Resource == asked.name }
	if request.Operation != admissionv1.Update || !slices.Contains(scalable, asked) && !slices.ContainsFunc(settings.Workloads, configured) {
		return judge.Workload{}, fmt.Errorf("%.20s of %.80s is nothing that this door can read", request.Operation, asked)
	}
	var before, after autoscalingv1.Scale
	if err := readStrictly(request.Object.Raw, &after); err != nil {
		return judge.Workload{}, err
	}
	if err := readStrictly(request.OldObject.Raw, &before); err != nil {
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
	options, err := custom(request.SubResource, "v1").workload(request.Object.Raw, finder{settings.Repositories, h.Door.Memory.Knows})
	if err != nil {
		return judge.Workload{}, err
	}
	workload, err := h.owner(ctx, request, settings, toConnect)
	workload.Models = append(workload.Models, options.Models...)
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
