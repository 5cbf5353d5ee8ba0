package assembly

import (
	"sync"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// origins remember which commit made a content what it is, as seen from the
// commit that was looked back from last. A past does not change, so the next
// look goes back to there only, and not over all commits for each promotion.
type origins struct {
	mu    sync.Mutex
	known map[authored]looked
}

// authored is what is looked for: the content of a promotion, or the recipe of a
// model, which has no environment.
type authored struct {
	pair    promotion.Pair
	content evidence.Digest
}

type looked struct{ from, made string }

// maxOrigins bounds what is remembered; what is forgotten is looked for again.
const maxOrigins = 100_000

func (o *origins) from(what authored, commit string) (made string, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	found, known := o.known[what]
	return found.made, known && found.from == commit
}

func (o *origins) remember(what authored, from, made string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil || len(o.known) >= maxOrigins {
		o.known = map[authored]looked{}
	}
	o.known[what] = looked{from, made}
}
