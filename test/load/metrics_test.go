package load

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAMetricIsTheSumOfItsSeries(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "# HELP asked of nobody\nasked{kind=\"pods\",verdict=\"allowed\"} 3\nasked{kind=\"jobs\",verdict=\"allowed\"} 4\n"+
			"asked{kind=\"pods\",verdict=\"denied\"} 1e+01\nasked_again 99\nthreads 7\nbad one\n")
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	for _, story := range []struct {
		name   string
		labels []string
		want   float64
	}{
		{"asked", nil, 17},
		{"asked", []string{`verdict="allowed"`}, 7},
		{"asked", []string{`verdict="allowed"`, `kind="jobs"`}, 4},
		{"asked", []string{`verdict="unknown"`}, 0},
		{"threads", nil, 7},
	} {
		if got, err := Metric(t.Context(), address, story.name, story.labels...); err != nil || got != story.want {
			t.Errorf("%s %v: %v, %v, want %v", story.name, story.labels, got, err, story.want)
		}
	}
	for _, name := range []string{"ask", "bad"} {
		if _, err := Metric(t.Context(), address, name); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}
