package controller

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/internal/forge"
)

const hookSecret = "sixteen bytes at least"

func hosted(provider string) func(*kube.Repository) {
	return func(repository *kube.Repository) {
		repository.Spec.Forge = &kube.Forge{Provider: provider, Project: "clinic/promotions", URL: "https://forge.example.org", Login: "assay",
			Credentials: &kube.SecretReference{Name: "forge"}, Webhooks: &kube.SecretReference{Name: "hooks"}}
	}
}

// hooked is a house that is known to a forge, and takes down what is queued.
func hooked(t *testing.T) (here *house, pulls *[]int64, woken *[]string) {
	t.Helper()
	here = newHouse(t, hosted("github"), secret("forge", map[string]string{"token": "t"}), secret("hooks", map[string]string{"now": hookSecret}))
	here.look(t)
	woken = &[]string{}
	here.Merged.queue.open(func(name) { *woken = append(*woken, "merged") })
	here.Poll.queue.open(func(name) { *woken = append(*woken, "poll") })
	return here, here.queued(), woken
}

func (h *house) post(path, event, body, key string) int {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-GitHub-Event", event)
	request.Header.Set("X-GitHub-Delivery", event+body[:min(len(body), 20)])
	request.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	answer := httptest.NewRecorder()
	h.Hooks.ServeHTTP(answer, request)
	return answer.Code
}

const (
	ownPath  = "/hooks/assay-system/promotions"
	pullBody = `{"action":"opened","number":7,"repository":{"full_name":"clinic/promotions"},"pull_request":{"number":7,"head":{"sha":"` + commit1 + `"}}}`
	pushBody = `{"ref":"refs/heads/main","after":"` + commit2 + `","repository":{"full_name":"clinic/promotions"}}`
)

func TestAWebhookPutsItsPullRequestIntoTheQueue(t *testing.T) {
	here, pulls, woken := hooked(t)
	if code := here.post(ownPath, "pull_request", pullBody, hookSecret); code != http.StatusAccepted || !slices.Equal(*pulls, []int64{7}) || len(*woken) != 0 {
		t.Errorf("answer %d, queued %v, woken %v", code, *pulls, *woken)
	}
	if head, _ := here.Pulls.heads.get(pull{promotions, 7}); head != commit1 {
		t.Errorf("its head is %q", head)
	}
}

func TestAPushWakesTheBranchAndTheList(t *testing.T) {
	here, pulls, woken := hooked(t)
	if code := here.post(ownPath, "push", pushBody, hookSecret); code != http.StatusAccepted || !slices.Equal(*woken, []string{"merged", "poll"}) || len(*pulls) != 0 {
		t.Errorf("answer %d, queued %v, woken %v", code, *pulls, *woken)
	}
}

// A signed tag may be an approval, and who asks again wants an answer: then
// every open pull request is looked into, moved or not.
func TestATagMakesEveryPullRequestBeLookedIntoAgain(t *testing.T) {
	here, pulls, _ := hooked(t)
	here.Hooks.sites.known(promotions).talk = here.remote
	here.remote.open = []forge.PullRequest{opened(7, commit1, "b")}
	here.poll(t)
	*pulls = nil
	if here.poll(t); len(*pulls) != 0 {
		t.Fatalf("queued %v", *pulls)
	}
	here.post(ownPath, "push", strings.Replace(pushBody, "refs/heads/main", "refs/tags/approvals/a", 1), hookSecret)
	if here.poll(t); !slices.Equal(*pulls, []int64{7}) {
		t.Errorf("queued %v", *pulls)
	}
}

func TestNobodySpeaksForAnotherRepository(t *testing.T) {
	here, pulls, woken := hooked(t)
	for why, test := range map[string]struct {
		path, body, key string
		code            int
	}{
		"a wrong secret":               {ownPath, pullBody, "another secret, as long", http.StatusForbidden},
		"another project, well signed": {ownPath, strings.ReplaceAll(pullBody, "clinic/promotions", "evil/promotions"), hookSecret, http.StatusAccepted},
		"a repository that is unknown": {"/hooks/assay-system/other", pullBody, hookSecret, http.StatusServiceUnavailable},
		"no repository":                {"/hooks/", pullBody, hookSecret, http.StatusServiceUnavailable},
		"a path that goes up":          {"/hooks/assay-system/promotions/../x", pullBody, hookSecret, http.StatusServiceUnavailable},
	} {
		if code := here.post(test.path, "pull_request", test.body, test.key); code != test.code {
			t.Errorf("%s: answer %d", why, code)
		}
	}
	if len(*pulls)+len(*woken) != 0 {
		t.Errorf("queued %v, woken %v", *pulls, *woken)
	}
}
