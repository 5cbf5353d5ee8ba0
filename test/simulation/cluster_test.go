package simulation

import (
	"context"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

var watched = client.ObjectKey{Namespace: "assay-system", Name: "promotions"}

const (
	repositoryURL = "https://git.example.org/oncology/models.git"
	interval      = time.Minute
)

// newCluster is an API server's storage with one Repository.
func newCluster(t *testing.T) client.WithWatch {
	scheme := runtime.NewScheme()
	if err := kube.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	repository := &kube.Repository{ObjectMeta: metav1.ObjectMeta{Namespace: watched.Namespace, Name: watched.Name, Generation: 1},
		Spec: kube.RepositorySpec{URL: repositoryURL, Branch: mainline, Interval: metav1.Duration{Duration: interval}, Forge: &kube.Forge{Provider: "none"}}}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(repository).WithStatusSubresource(&kube.Repository{}, &kube.Promotion{}).Build()
}

// speak is a process's way to the API server: each request may fail, and each
// may be the last.
func (w *world) speak(p *process) client.Client {
	call := func(verb, name string, do func() error) error {
		return p.effect("api: "+verb+" "+name, verb == "get" || verb == "list", func() error {
			err := do()
			if err == nil && verb != "get" && verb != "list" {
				w.change()
			}
			return err
		})
	}
	return interceptor.NewClient(w.cluster, interceptor.Funcs{
		Get: func(ctx context.Context, to client.WithWatch, key client.ObjectKey, object client.Object, options ...client.GetOption) error {
			return call("get", key.Name, func() error { return to.Get(ctx, key, object, options...) })
		},
		List: func(ctx context.Context, to client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
			return call("list", "", func() error { return to.List(ctx, list, options...) })
		},
		Create: func(ctx context.Context, to client.WithWatch, object client.Object, options ...client.CreateOption) error {
			return call("create", object.GetName(), func() error { return to.Create(ctx, object, options...) })
		},
		Update: func(ctx context.Context, to client.WithWatch, object client.Object, options ...client.UpdateOption) error {
			return call("update", object.GetName(), func() error { return to.Update(ctx, object, options...) })
		},
		Patch: func(ctx context.Context, to client.WithWatch, object client.Object, patch client.Patch, options ...client.PatchOption) error {
			return call("patch", object.GetName(), func() error { return to.Patch(ctx, object, patch, options...) })
		},
		Apply: func(ctx context.Context, to client.WithWatch, what runtime.ApplyConfiguration, options ...client.ApplyOption) error {
			return call("apply", nameOf(what), func() error { return to.Apply(ctx, what, options...) })
		},
		SubResourceApply: func(ctx context.Context, to client.Client, sub string, what runtime.ApplyConfiguration, options ...client.SubResourceApplyOption) error {
			return call("apply "+sub, nameOf(what), func() error { return to.SubResource(sub).Apply(ctx, what, options...) })
		},
		Delete: func(ctx context.Context, to client.WithWatch, object client.Object, options ...client.DeleteOption) error {
			return call("delete", object.GetName(), func() error { return to.Delete(ctx, object, options...) })
		},
		SubResourceUpdate: func(ctx context.Context, to client.Client, sub string, object client.Object, options ...client.SubResourceUpdateOption) error {
			return call("update "+sub, object.GetName(), func() error { return to.SubResource(sub).Update(ctx, object, options...) })
		},
		SubResourcePatch: func(ctx context.Context, to client.Client, sub string, object client.Object, patch client.Patch, options ...client.SubResourcePatchOption) error {
			return call("patch "+sub, object.GetName(), func() error { return to.SubResource(sub).Patch(ctx, object, patch, options...) })
		},
	})
}

// nameOf is the name of what is applied.
func nameOf(what runtime.ApplyConfiguration) string {
	if named, is := what.(interface{ GetName() string }); is {
		return named.GetName()
	}
	return ""
}
