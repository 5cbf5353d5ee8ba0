package webhook

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// ordersFile is where a Store keeps orders. That there are none is kept, too: a
// door that does not know them judges nothing.
const ordersFile = "orders.json"

// keptOrders are orders as a file holds them, by the names of their objects.
type keptOrders struct {
	Quarantines map[string]kube.QuarantineSpec `json:"quarantines"`
	Freezes     map[string]keptFreeze          `json:"freezes"`
	Glasses     map[string]kube.BreakGlassSpec `json:"glasses"`
}

type keptFreeze struct {
	Spec  kube.FreezeSpec `json:"spec"`
	Begun time.Time       `json:"begun"`
}

// text is what the store keeps.
func (o *orders) text() ([]byte, error) {
	o.mutex.RLock()
	defer o.mutex.RUnlock()
	kept := keptOrders{o.quarantines.objects, map[string]keptFreeze{}, map[string]kube.BreakGlassSpec{}}
	for name, one := range o.freezes.objects {
		kept.Freezes[name] = keptFreeze{one.spec, one.begun}
	}
	for name, one := range o.panes.objects {
		kept.Glasses[name] = one.spec
	}
	return json.Marshal(kept) // in the order of their names
}

// recall takes in what text wrote. It counts until the cluster has told its own.
func (o *orders) recall(text []byte) error {
	var kept keptOrders
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	if kept.Freezes == nil {
		return errors.New("it was written by a version that knew no freezes")
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	for name, spec := range kept.Quarantines {
		o.quarantines.recall(name, spec)
	}
	for name, one := range kept.Freezes {
		o.freezes.recall(name, newFreeze(name, one.Spec, one.Begun))
	}
	for name, spec := range kept.Glasses {
		o.panes.recall(name, &pane{spec: spec, trust: o.trust})
	}
	o.remembered = true
	return nil
}

// settle drops what was recalled and is not in the cluster any more.
func (o *orders) settle() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.quarantines.settle()
	o.freezes.settle()
	o.panes.settle()
	o.seasons.Clear()
}
