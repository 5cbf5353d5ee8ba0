package main

import (
	"testing"

	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/reconciler/health"
)

// Each word of --health is another way to look, and saying nothing is none.
func TestHowWhatRunsIsLookedAt(t *testing.T) {
	manager, err := ctrl.NewManager(&rest.Config{Host: "http://127.0.0.1:1"}, ctrl.Options{Metrics: server.Options{BindAddress: none}, HealthProbeBindAddress: none})
	if err != nil {
		t.Fatal(err)
	}
	look := func(arguments ...string) health.Health {
		t.Helper()
		chosen, err := parse(append(arguments, "--key", "k"), nil)
		if err != nil {
			t.Fatal(err)
		}
		made, err := healthOf(chosen, manager)
		if err != nil {
			t.Fatal(err)
		}
		if made == nil {
			return nil
		}
		return made(&assembly.Workshop{}, "https://git.example.org/promotions.git")
	}
	if found := look(); found != nil {
		t.Errorf("without the flag: %T", found)
	}
	if found, ours := look("--health", "workloads").(health.Workloads); !ours || found.Reader == nil || found.Clock == nil {
		t.Errorf("workloads: %+v", found)
	}
	found, ours := look("--health", "argo", "--argo-namespace", "gitops").(health.Argo)
	if !ours || found.Reader == nil || found.Held == nil || found.Namespace != "gitops" || found.Repository != "https://git.example.org/promotions.git" {
		t.Errorf("argo: %+v", found)
	}
}
