package harness

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/manifests"
)

// systemNamespace is where manifests/system puts Assay.
const systemNamespace = "assay-system"

// InstallSystem applies manifests/system, the YAML that ships, and starts the
// webhook and the reconciler with the rights of their service accounts. Two
// things differ from a real cluster: the webhook is called at a loopback
// address, and the Deployments have no node to run on.
func (w *World) InstallSystem(ctx context.Context, admission, key string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	if err := w.ApplySystem(ctx, fmt.Sprintf("127.0.0.1:%d", port)); err != nil {
		return err
	}
	if err := w.startWebhook(ctx, admission, port); err != nil {
		return fmt.Errorf("starting the webhook: %w", err)
	}
	if err := w.startAudit(ctx, admission); err != nil {
		return fmt.Errorf("starting the audit: %w", err)
	}
	if err := w.startReconciler(ctx, key); err != nil {
		return fmt.Errorf("starting the reconciler: %w", err)
	}
	return nil
}

// systemObjects are those that `kubectl apply -k manifests/system` applies: the
// folders that its kustomization names, in that order.
func systemObjects() ([]*unstructured.Unstructured, error) {
	text, err := fs.ReadFile(manifests.System, "system/kustomization.yaml")
	if err != nil {
		return nil, err
	}
	var kustomization struct {
		Resources []string `json:"resources"`
	}
	if err := yaml.Unmarshal(text, &kustomization); err != nil {
		return nil, err
	}
	var all []*unstructured.Unstructured
	for _, folder := range kustomization.Resources {
		tree, err := fs.Sub(manifests.System, "system/"+folder)
		if err != nil {
			return nil, err
		}
		found, err := objects(tree)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// applySoon waits for what the object needs: its kind, when its definition was
// applied a moment ago.
func (w *World) applySoon(ctx context.Context, object *unstructured.Unstructured) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := w.Apply(ctx, object)
		if err == nil || !isNotYet(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// callAt makes the API server call the webhook at addresses of this host: every
// webhook once at each of them.
func callAt(configuration *unstructured.Unstructured, addresses []string) error {
	webhooks, _, err := unstructured.NestedSlice(configuration.Object, "webhooks")
	if err != nil {
		return err
	}
	var all []any
	for i, address := range addresses {
		for _, webhook := range webhooks {
			one := runtime.DeepCopyJSON(webhook.(map[string]any))
			one["clientConfig"] = map[string]any{"url": "https://" + address + "/admit"}
			if i > 0 {
				one["name"] = fmt.Sprintf("again-%d.%s", i, one["name"])
			}
			all = append(all, one)
		}
	}
	return unstructured.SetNestedSlice(configuration.Object, all, "webhooks")
}

func (w *World) startWebhook(ctx context.Context, admission string, port int) error {
	kubeconfig, err := w.kubeconfigOf(ctx, "assay-webhook")
	if err != nil {
		return err
	}
	return w.startService(ctx, w.Dir, "assay-webhook", "--kubeconfig", kubeconfig, "--config", admission, "--self-signed",
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--metrics-address", "0", "--drain", "0",
		"--store", filepath.Join(w.Dir, "webhook"))
}

func (w *World) startAudit(ctx context.Context, admission string) error {
	kubeconfig, err := w.kubeconfigOf(ctx, "assay-audit")
	if err != nil {
		return err
	}
	return w.startService(ctx, filepath.Join(w.Dir, "audit"), "assay-webhook", "--kubeconfig", kubeconfig, "--config", admission, "--audit", "--metrics-address", "0")
}

func (w *World) startReconciler(ctx context.Context, key string) error {
	kubeconfig, err := w.kubeconfigOf(ctx, "assay-reconciler")
	if err != nil {
		return err
	}
	return w.startService(ctx, w.Dir, "assay-reconciler", "--kubeconfig", kubeconfig, "--key", key,
		"--state", filepath.Join(w.Dir, "reconciler"), "--ledger", w.Ledger(), "--metrics-address", "0")
}

// Ledger is where the outputs of phases are: the check before a merge and the
// reconciler after it share them, as they would a volume.
func (w *World) Ledger() string { return filepath.Join(w.Dir, "ledger") }

func (w *World) startService(ctx context.Context, dir, binary string, arguments ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	port, err := freePort()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { // for its log
		return err
	}
	health := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	started, stdout, err := start(ctx, dir, filepath.Join(w.binaries, binary), nil, append(arguments, "--health-address", health)...)
	if err != nil {
		return err
	}
	w.processes = append(w.processes, started)
	go io.Copy(io.Discard, stdout) // or a full pipe would stop the process
	return started.answers(ctx, "http://"+health+"/readyz")
}

// kubeconfigOf lets a process act with the rights of a service account, no
// more: what manifests/system grants is thereby known to be enough.
func (w *World) kubeconfigOf(ctx context.Context, account string) (string, error) {
	request := &authenticationv1.TokenRequest{}
	owner := &corev1.ServiceAccount{}
	owner.Namespace, owner.Name = systemNamespace, account
	if err := w.Client.SubResource("token").Create(ctx, owner, request); err != nil {
		return "", fmt.Errorf("asking for a token of %s: %w", account, err)
	}
	path := filepath.Join(w.Dir, account+".kubeconfig")
	return path, writeKubeconfig(path, w.admin, request.Status.Token)
}

func writeKubeconfig(path string, cluster *rest.Config, token string) error {
	config := clientcmdapi.NewConfig()
	config.Clusters["world"] = &clientcmdapi.Cluster{
		Server: cluster.Host, CertificateAuthorityData: cluster.CAData, CertificateAuthority: cluster.CAFile,
	}
	config.AuthInfos["account"] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts["world"] = &clientcmdapi.Context{Cluster: "world", AuthInfo: "account"}
	config.CurrentContext = "world"
	content, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// isNotYet holds for an object whose kind or namespace was applied a moment
// ago and is not known everywhere.
func isNotYet(err error) bool {
	return meta.IsNoMatchError(err) || apierrors.IsNotFound(err)
}
