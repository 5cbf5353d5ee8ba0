package gitrepo

import "testing"

func TestWhatWasUsedLatelyIsRemembered(t *testing.T) {
	cache := newRecent[int, int](10)
	cache.put(-1, 7)
	for i := range 1_000 {
		cache.put(i, i)
		if value, known := cache.get(-1); !known || value != 7 {
			t.Fatalf("what is used all the time is forgotten after %d others", i+1)
		}
	}
	if _, known := cache.get(0); known || len(cache.young)+len(cache.old) > 20 {
		t.Errorf("it remembers %d values", len(cache.young)+len(cache.old))
	}
}
