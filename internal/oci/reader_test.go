package oci

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func TestAReaderReadsWhatARegistryHolds(t *testing.T) {
	place, subject, _ := hostile(t, nil)
	listed, err := place.List(t.Context(), subject)
	if err != nil || len(listed) == 0 {
		t.Fatalf("%d envelopes, %v", len(listed), err)
	}
	repository := place.prefix + "/models/" + subject.Name
	read, err := NewReader().Referrers(t.Context(), repository, subject.Digest)
	if err != nil || !slices.EqualFunc(read, listed, func(a, b evidence.Envelope) bool { return string(a) == string(b) }) {
		t.Errorf("%d envelopes, %v; want %d", len(read), err, len(listed))
	}
	if read, err := NewReader().Referrers(t.Context(), repository, evidence.Sum(nil)); err != nil || len(read) != 0 {
		t.Errorf("of another digest: %d envelopes, %v", len(read), err)
	}
}

// The client library speaks plain HTTP to private networks, and wherever it is
// redirected.
func TestAReaderSpeaksPlainHTTPToNobodyElse(t *testing.T) {
	for _, repository := range []string{"10.1.2.3/models/x", "registry.local/models/x", "192.168.7.7:5000/models/x", "169.254.169.254/models/x", "[fe80::1]:5000/models/x"} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		if _, err := NewReader().Referrers(ctx, repository, evidence.Sum(nil)); err == nil {
			t.Errorf("%s: no error", repository)
		}
		cancel()
	}
	for address, want := range map[string]string{
		"http://10.1.2.3/v2/": "not encrypted", "http://registry.example.org/v2/": "not encrypted",
		"http://user:secret@10.1.2.3/": "xxxxx", "http://127.0.0.1.example.org/": "not encrypted",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (encrypted{http.DefaultTransport}).RoundTrip(request); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAReaderDialsNoLinkLocalAddress(t *testing.T) {
	for target, dialled := range map[string]bool{
		"169.254.169.254:80": false, "[fe80::1]:443": false, "[::ffff:169.254.169.254]:80": false, "0.0.0.0:80": false, "[::]:443": false, "224.0.0.1:80": false,
		"garbage": false, "127.0.0.1:5000": true, "10.1.2.3:443": true, "[2001:db8::1]:443": true,
	} {
		if err := notLinkLocal("tcp", target, nil); (err == nil) != dialled {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// A registry that is overloaded is asked once: whoever waits tries again.
func TestAReaderDoesNotTryAgain(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			requests++
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	if _, err := NewReader().Referrers(t.Context(), server.Listener.Addr().String()+"/models/x", evidence.Sum(nil)); err == nil || requests != 1 {
		t.Errorf("%d requests, %v", requests, err)
	}
}

// More evidence than a Release can carry is not read.
func TestAReaderHasABound(t *testing.T) {
	place, subject, _ := hostile(t, nil)
	var large []evidence.Envelope
	for i := range 3 {
		large = append(large, evidence.Envelope(fmt.Sprintf(`{"n":%d,"payload":%q}`, i, strings.Repeat("x", maxRead/2))))
	}
	if err := place.Attach(t.Context(), subject, large); err != nil {
		t.Fatal(err)
	}
	cost(t, "more evidence than anybody reads", func() error {
		_, err := NewReader().Referrers(t.Context(), place.prefix+"/models/"+subject.Name, subject.Digest)
		return err
	})
	for _, repository := range []string{"", "x", "HTTP://x/y", "host/../x", "host/a b", "host/models/x@sha256:1"} {
		if _, err := NewReader().Referrers(t.Context(), repository, evidence.Sum(nil)); err == nil {
			t.Errorf("%q: no error", repository)
		}
	}
}
