package webhook

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestOnlyAStoreOfLatelyMakesADoorReady(t *testing.T) {
	signer, folder, now := newMeasurer(t), t.TempDir(), time.Now()
	memory, store := restarted(t, folder, signer)
	if store.lately(now) {
		t.Error("an empty folder knows nothing")
	}
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
	if err := store.Save(memory, map[string]string{clinic: staging}); err != nil {
		t.Fatal(err)
	}
	for age, want := range map[time.Duration]bool{
		0: true, storeLife - time.Second: true, storeLife + time.Second: false, 24 * time.Hour: false, -time.Hour: false,
	} {
		store.touch(now.Add(-age))
		if _, again := restarted(t, folder, signer); again.lately(now) != want {
			t.Errorf("a store that is %v old: ready is %t", age, !want)
		}
	}
	store.touch(now)
	if err := os.WriteFile(filepath.Join(folder, fileOf("one")), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, again := restarted(t, folder, signer); again.lately(now) {
		t.Error("ready, although a release was lost")
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func readiness(t *testing.T, address string) int {
	t.Helper()
	answer, err := http.Get("http://" + address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
