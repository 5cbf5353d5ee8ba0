package audit

import (
	"context"
	"fmt"
	"sync"
	"time"

	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// board is what stands in the status of each Release, as the cluster tells it.
type board struct {
	mutex   sync.Mutex
	notices map[string]notice // by the name of the Release
	touched bool
	wake    func()
}

type notice struct {
	created time.Time
	status  kube.ReleaseStatus
}

func newBoard(wake func()) *board { return &board{notices: map[string]notice{}, wake: wake} }

// watch keeps the board as the cluster's Release objects are.
func (b *board) watch(ctx context.Context, informers cache.Informers) error {
	informer, err := informers.GetInformer(ctx, &kube.Release{}, cache.BlockUntilSynced(false))
	if err != nil {
		return fmt.Errorf("watching releases: %w", err)
	}
	_, err = informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    b.pin,
		UpdateFunc: func(_, object any) { b.pin(object) },
		DeleteFunc: b.unpin,
	})
	return err
}

func (b *board) pin(object any) {
	release, is := object.(*kube.Release)
	if !is {
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.notices[release.Name] = notice{release.CreationTimestamp.Time, release.Status}
	b.touched = true
	b.wake()
}

func (b *board) unpin(object any) {
	name, err := toolscache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		return // of no name, nothing was pinned
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	delete(b.notices, name)
	b.touched = true
	b.wake()
}

func (b *board) take() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	touched := b.touched
	b.touched = false
	return touched
}

func (b *board) read(name string) (notice, bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	pinned, is := b.notices[name]
	return pinned, is
}

func (b *board) created(name string) time.Time {
	pinned, _ := b.read(name)
	return pinned.created
}

// wrote notes what was written, until the cluster tells it.
func (b *board) wrote(name string, status kube.ReleaseStatus) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if pinned, is := b.notices[name]; is {
		pinned.status = status
		b.notices[name] = pinned
	}
}
