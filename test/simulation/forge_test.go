package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/forge/forgetest"
)

// place is the forge: one model of how pull requests behave, and what the
// reconciler believes that it speaks to.
type place struct {
	*forgetest.Model
	world   *world
	kind    kind
	merger  string // who merges now
	number  int64  // the pull request that is being merged
	merges  map[int64]int
	allowed map[string]bool   // heads that the checker has allowed
	saw     map[string]string // main as each process was told last
	mending bool              // the model itself moves the base branch
	told    string            // what stood on the pull requests when a look ended last
}

// kind is a provider, or plain git.
type kind struct {
	name  string
	open  func(forge.Remote) (forge.Forge, error)
	serve func(*forgetest.Model) http.Handler
	token string
	login string
}

const (
	project  = "oncology/models"
	robot    = "assay-robot"
	hosting  = "https://forge.example.org"
	asRobot  = "a token of the robot"
	asApp    = "ghs_of_an_installation"
	asPerson = "a token of a person"
	person   = "dr-adams"
)

var kinds = []kind{
	{"github", forge.NewGitHub, (*forgetest.Model).GitHub, asRobot, robot},
	{"github app", forge.NewGitHub, (*forgetest.Model).GitHub, asApp, "assay[bot]"},
	{"gitlab", forge.NewGitLab, (*forgetest.Model).GitLab, asRobot, robot},
	{"gitea", forge.NewGitea, (*forgetest.Model).Gitea, asRobot, robot},
}

func newPlace(w *world) *place {
	p := &place{
		Model: forgetest.New(project), world: w, kind: kinds[w.chance.IntN(len(kinds))],
		merges: map[int64]int{}, allowed: map[string]bool{}, saw: map[string]string{},
	}
	p.Model.Now = time.Now
	p.Model.MakeMerge = p.merge
	p.Grant(asRobot, forgetest.User{Login: robot})
	p.Grant(asApp, forgetest.User{Login: "assay[bot]", App: "assay"})
	p.Grant(asPerson, forgetest.User{Login: person})
	p.Admit(person)
	return p
}

// merge makes the commit that the forge promises, and moves the base branch.
func (p *place) merge(base, head string) (string, error) {
	git := p.world.git
	files, err := git.merge(base, head)
	if err != nil {
		return "", err
	}
	commit := git.write([]string{base, head}, files, p.merger, fmt.Sprintf("merge pull request %d", p.number), time.Now())
	p.mending = true
	defer func() { p.mending = false }()
	if err := git.push(mainline, base, commit); err != nil {
		return "", err
	}
	p.merges[p.number]++
	p.merged(base, head)
	return commit, nil
}

// wire is a process's way to the forge.
type wire struct {
	process *process
	place   *place
	handler http.Handler
}

var (
	commentsPath = regexp.MustCompile(`/(?:comments|notes)$`)
	pullPath     = regexp.MustCompile(`/(?:pulls|merge_requests)/([0-9]+)/merge$`)
)

// RoundTrip is one request: an effect like any other, with the refusals that
// forges know.
func (w wire) RoundTrip(request *http.Request) (*http.Response, error) {
	var response *http.Response
	reads := request.Method == http.MethodGet
	err := w.process.effect("forge: "+request.Method+" "+request.URL.Path, reads, func() error {
		if request.Context().Err() != nil {
			return request.Context().Err()
		}
		response = w.answer(w.process.name(), request)
		if reads {
			w.place.saw[w.process.name()] = w.place.world.git.refs[mainline]
		}
		return nil
	})
	if errors.Is(err, errFault) {
		return w.place.world.refusal(request)
	}
	if err != nil {
		return nil, err
	}
	return response, nil
}

func (w wire) answer(who string, request *http.Request) *http.Response {
	if found := pullPath.FindStringSubmatch(request.URL.Path); found != nil {
		w.place.merger = who
		w.place.number, _ = strconv.ParseInt(found[1], 10, 64)
	}
	if w.place.world.flaws.headNotPinned {
		request = withoutHead(request)
	}
	if request.Body == nil { // as clients may send it, and servers never get it
		request = request.Clone(request.Context())
		request.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	if listing := commentsPath.MatchString(request.URL.Path) && request.Method == http.MethodGet; listing && w.place.world.flaws.commentsHidden {
		recorder.Header().Set("Content-Type", "application/json")
		_, _ = recorder.WriteString("[]")
		return recorder.Result()
	}
	w.handler.ServeHTTP(recorder, request)
	response := recorder.Result()
	response.Request = request
	return response
}

// withoutHead takes the pinned head out of a request to merge.
func withoutHead(request *http.Request) *http.Request {
	if request.Body == nil || pullPath.FindString(request.URL.Path) == "" {
		return request
	}
	var form map[string]any
	if text, err := io.ReadAll(request.Body); err == nil && json.Unmarshal(text, &form) == nil {
		maps.DeleteFunc(form, func(name string, _ any) bool { return name == "sha" || name == "head_commit_id" })
	}
	text, _ := json.Marshal(form)
	request = request.Clone(request.Context())
	request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return request
}

// refusal is how a request fails.
func (w *world) refusal(request *http.Request) (*http.Response, error) {
	status := pick(w.chance, []choice[int]{{3, 0}, {2, http.StatusTooManyRequests}, {2, http.StatusBadGateway}, {1, http.StatusInternalServerError}})
	if status == 0 {
		return nil, errFault
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if status == http.StatusTooManyRequests {
		header.Set("Retry-After", strconv.Itoa(w.chance.IntN(40)))
	}
	return &http.Response{Status: http.StatusText(status), StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader([]byte("{}"))), Request: request}, nil
}

// speaker is the forge as a process speaks to it.
func (p *place) speaker(process *process) (forge.Forge, error) {
	return p.kind.open(forge.Remote{
		URL: hosting, Repository: project, Credential: forge.Token(p.kind.token), Login: p.kind.login,
		Budget: forge.NewBudget(forge.DefaultLimits, forge.SystemClock{}), Transport: wire{process, p, p.kind.serve(p.Model)},
	})
}

// mergeAs is a person who presses the button.
func (p *place) mergeAs(number int64) int {
	body := fmt.Sprintf(`{"sha":%q}`, p.Pull(number).Head)
	request := httptest.NewRequest(http.MethodPut, fmt.Sprintf("/api/v3/repos/%s/pulls/%d/merge", project, number), bytes.NewReader([]byte(body)))
	request = request.WithContext(context.Background())
	request.Header.Set("Authorization", "Bearer "+asPerson)
	return wire{place: p, handler: p.Model.GitHub()}.answer(person, request).StatusCode
}

// notice counts what is told on pull requests when a look has ended, and not the
// way there: what cannot be judged is tried again for ever, and is pending meanwhile.
func (p *place) notice() {
	var told strings.Builder
	for number := int64(1); number <= p.world.pulls; number++ {
		pull := p.Pull(number)
		fmt.Fprintln(&told, number, pull.State, pull.Head, p.standing(number), p.Comments(number))
	}
	if told.String() != p.told {
		p.told = told.String()
		p.world.change()
	}
}
