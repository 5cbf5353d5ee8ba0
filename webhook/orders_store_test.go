package webhook

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"strings"
)

// stored is a door that starts anew over a folder, in a cluster that is silent.
func stored(t *testing.T, before Handler, folder string) (Handler, *Store) {
	t.Helper()
	memory := NewMemory()
	memory.orders.told = func() bool { return false }
	memory.Trust(before.Door.Memory.trust)
	store, err := OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Load(t.Context(), memory); err != nil {
		t.Fatal(err)
	}
	return newHandler(t, realJudge(t), memory), store
}

func saved(t *testing.T, handler Handler) (folder string) {
	t.Helper()
	folder = t.TempDir()
	store, err := OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(handler.Door.Memory, nil); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A restart while the API server is away forgets no order.
func TestOrdersOutliveARestart(t *testing.T) {
	handler, _ := newWard(t)
	people := newPeople(t)
	handler.Door.Memory.Trust(append(handler.Door.Memory.trust, people.trust...))
	handler.Door.Memory.BreakGlass(people.smash(t, "open", glassOf(unknown), unknown))
	again, _ := stored(t, handler, saved(t, handler))
	if response := again.Handle(t.Context(), serving(t)); !response.Allowed {
		t.Errorf("that there was no quarantine was forgotten: %s", response.Result.Message)
	}
	if response := again.Handle(t.Context(), creating(t, podMounting(unknownMounted, servingImage))); !response.Allowed {
		t.Errorf("the break-glass was forgotten: %s", response.Result.Message)
	}
	handler.Door.Memory.Quarantine(quarantine("recall", releasedDigest))
	again, store := stored(t, handler, saved(t, handler))
	if response := again.Handle(t.Context(), serving(t)); response.Allowed {
		t.Error("the quarantine was forgotten")
	}
	// The cluster comes back, and has lifted it meanwhile.
	again.Door.Memory.orders.told = nil
	again.Door.Memory.Remember(newMeasurer(t).release(t, "other", model, "production", servingDigest))
	again.Door.Memory.settle()
	if err := store.Save(again.Door.Memory, nil); err != nil {
		t.Fatal(err)
	}
	if names := again.Door.Memory.orders.quarantines.names(releasedDigest); len(names) != 0 {
		t.Errorf("the cluster lifted %v", names)
	}
}

// What the cluster tells again after a restart stays when the rest is dropped.
func TestWhatIsToldAgainIsNotDropped(t *testing.T) {
	handler, _ := newWard(t)
	people := newPeople(t)
	handler.Door.Memory.Quarantine(quarantine("recall", releasedDigest))
	handler.Door.Memory.BreakGlass(people.smash(t, "open", glassOf(unknown), unknown))
	again, _ := stored(t, handler, saved(t, handler))
	again.Door.Memory.Quarantine(quarantine("recall", releasedDigest))
	again.Door.Memory.BreakGlass(people.smash(t, "open", glassOf(unknown), unknown))
	again.Door.Memory.Trust(people.trust)
	again.Door.Memory.settle()
	orders := again.Door.Memory.orders
	if len(orders.quarantines.objects) != 1 || len(orders.panes.objects) != 1 {
		t.Errorf("%d quarantines and %d break-glasses are left", len(orders.quarantines.objects), len(orders.panes.objects))
	}
}

// A file that is damaged is no word that there is no quarantine.
func TestDamagedOrdersAreNotKnown(t *testing.T) {
	handler, _ := newWard(t)
	for name, spoil := range map[string]func([]byte) []byte{
		"another byte": func(text []byte) []byte { text[5] ^= 1; return text },
		"cut short":    func(text []byte) []byte { return text[:len(text)/2] },
		"emptied":      func([]byte) []byte { return nil },
	} {
		folder := saved(t, handler)
		file := filepath.Join(folder, ordersFile)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, spoil(text), 0o600); err != nil {
			t.Fatal(err)
		}
		again, _ := stored(t, handler, folder)
		if response := again.Handle(t.Context(), serving(t)); response.Allowed || response.Result.Code != 500 {
			t.Errorf("%s: %+v", name, response.Result)
		}
	}
}

// answering is an API server that answers every list alike.
type answering struct {
	client.Reader
	err error
}

func (a answering) List(context.Context, client.ObjectList, ...client.ListOption) error { return a.err }

// A cluster without the definitions, or without the right to read them, would
// leave the door waiting for ever; one that is away comes back.
func TestADoorThatCouldNeverKnowItsOrdersSaysSo(t *testing.T) {
	kind := schema.GroupResource{Group: "assay.dev", Resource: "quarantines"}
	for name, story := range map[string]struct {
		err  error
		want string
	}{
		"they are there":      {nil, ""},
		"no definition":       {apierrors.NewNotFound(kind, ""), "kubectl apply -k manifests/system"},
		"no right":            {apierrors.NewForbidden(kind, "", nil), "kubectl apply -k manifests/system"},
		"nobody answers":      {context.DeadlineExceeded, ""},
		"it is just reborn":   {apierrors.NewServiceUnavailable("starting"), ""},
		"it does not say who": {apierrors.NewUnauthorized("expired"), ""},
	} {
		err := installed(t.Context(), answering{err: story.err})
		if (err == nil) != (story.want == "") || err != nil && !strings.Contains(err.Error(), story.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
