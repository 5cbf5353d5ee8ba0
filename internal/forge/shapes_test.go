package forge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// shapes are the answers of the documentation: testdata/api/<forge>/<file>, by path.
var shapes = map[string]map[string]string{
	"github": {
		"/api/v3/repos/oncology/models/pulls":              "pulls",
		"/api/v3/repos/oncology/models/pulls/17":           "pull",
		"/api/v3/repos/oncology/models/pulls/17/reviews":   "reviews",
		"/api/v3/repos/oncology/models/git/ref/heads/main": "ref",
	},
	"gitlab": {
		"/api/v4/projects/oncology%2Fmodels/merge_requests":              "pulls",
		"/api/v4/projects/oncology%2Fmodels/merge_requests/17":           "pull",
		"/api/v4/projects/oncology%2Fmodels/merge_requests/17/approvals": "approvals",
		"/api/v4/projects/oncology%2Fmodels/merge_requests/17/notes":     "notes",
		"/api/v4/projects/oncology%2Fmodels/merge_requests/17/versions":  "versions",
		"/api/v4/projects/oncology%2Fmodels/repository/branches/main":    "branch",
	},
	"gitea": {
		"/api/v1/repos/oncology/models/pulls":            "pulls",
		"/api/v1/repos/oncology/models/pulls/17":         "pull",
		"/api/v1/repos/oncology/models/pulls/17/reviews": "reviews",
		"/api/v1/repos/oncology/models/branches/main":    "branch",
	},
}

func TestTheAnswersOfTheDocumentation(t *testing.T) {
	for _, k := range kinds {
		if k.name == "github app" {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			mux := http.NewServeMux()
			for path, name := range shapes[k.name] {
				content := recorded(t, "api/"+k.name+"-"+name)
				mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
			}
			server := httptest.NewServer(mux)
			defer server.Close()
			clock := newClock()
			hub := must(k.open(forge.Remote{URL: server.URL, Repository: repository, Credential: forge.Token(token), Budget: forge.NewBudget(forge.DefaultLimits, clock)}))(t)
			open := must(hub.Open(t.Context()))(t)
			if len(open) != 1 || open[0].Number != 18 || open[0].State != forge.Open || !open[0].Fork || !open[0].Draft || open[0].Head != head || open[0].BaseCommit != strings.Repeat("2b", 20) {
				t.Errorf("got %+v", open)
			}
			merged := must(hub.Get(t.Context(), 17))(t)
			merged.URL = ""
			want := forge.PullRequest{
				Number: 17, State: forge.Merged, Title: "a better model", Author: "dr-adams", Head: head, Branch: "better", Base: "main",
				MergeCommit: strings.Repeat("3c", 20),
			}
			if merged != want {
				t.Errorf("got %+v, want %+v", merged, want)
			}
			reviews := must(hub.Reviews(t.Context(), 17))(t)
			if len(reviews) != 1 || reviews[0].Reviewer != "prof-brandt" || reviews[0].Stance != forge.Approved || reviews[0].Commit != head || reviews[0].At.IsZero() {
				t.Errorf("got %+v", reviews)
			}
		})
	}
}
