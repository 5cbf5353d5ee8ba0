package webhook

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// house is an organisation with rules of its own.
type house struct {
	t        *testing.T
	folder   string // of policies
	file     string // the Admission file
	good     string // what stands in it at first
	court    *Court
	settings *Settings
}

const houseRule = `# METADATA
# title: "house rule %[1]s"
# custom:
#   remedy: "ask the house"
package workload.%[1]s

satisfied if is_array(input.workload.models)

message := "%[2]s"
`

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, folder: t.TempDir(), file: filepath.Join(t.TempDir(), "admission.yaml"), good: strings.Replace(admissionWithKey(t), "strict}", "staging}", 1)}
	h.own("first", "one")
	h.say("")
	h.court = openCourt(t, h.folder)
	settings, err := LoadSettings(t.Context(), h.file, NewMemory(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if h.settings = settings; settings.Seat(t.Context(), h.court) != nil {
		t.Fatal("the first policy does not sit")
	}
	return h
}

// own writes a rule into the folder.
func (h *house) own(name, message string) {
	h.t.Helper()
	file := filepath.Join(h.folder, "workload", name, name+".rego")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(file, fmt.Appendf(nil, houseRule, name, message), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// say writes the Admission file: more fields of its spec, and of its environment.
func (h *house) say(spec string, environment ...string) {
	h.t.Helper()
	text := strings.Replace(h.good, "spec:\n", "spec:\n"+spec, 1)
	text = strings.Replace(text, "profile: staging}", "profile: staging"+strings.Join(environment, "")+"}", 1)
	if err := os.WriteFile(h.file, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// wait lets the door look twice, as it does in ten seconds, and says what it
// complained of.
func (h *house) wait() error {
	h.t.Helper()
	var complaint error
	for range 2 {
		h.court.look(h.t.Context())
		if _, err := h.settings.reload(h.t.Context()); err != nil {
			complaint = err
		}
	}
	return complaint
}

// next is the digest that the folder as it is would have.
func (h *house) next() string {
	h.t.Helper()
	return openCourt(h.t, h.folder).PolicyDigest()
}

func (h *house) sits(claim, policy string) {
	h.t.Helper()
	if now := h.court.PolicyDigest(); now != policy {
		h.t.Errorf("%s: %s sits, want %s", claim, now, policy)
	}
	verdict, err := h.court.Judge(h.t.Context(), judge.Question{Environment: staging, Profile: staging, Time: noon, Workload: &judge.Workload{}})
	if err != nil || verdict.Policy != policy {
		h.t.Errorf("%s: %s answers, want %s: %v", claim, verdict.Policy, policy, err)
	}
}

func TestANewPolicyTakesOffice(t *testing.T) {
	h := newHouse(t)
	h.own("second", "two")
	h.court.look(t.Context())
	if _, err := h.settings.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h.court.PolicyDigest() == h.next() {
		t.Error("a folder in which somebody may still be writing is taken at once")
	}
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("a new rule", h.next())
	info := fmt.Sprintf("# HELP assay_policy_info %s\n# TYPE assay_policy_info gauge\nassay_policy_info{digest=%q,pinned=\"true\"} 1\n",
		"The policy by which reviews are answered, by digest; pinned is false while the Admission file asks for another.", h.next())
	if err := testutil.CollectAndCompare(h.court, strings.NewReader(info), "assay_policy_info"); err != nil {
		t.Error(err)
	}
}

// Whatever is wrong with a folder, the last good policy stays, and each
// wrong is counted once.
func TestABrokenFolderKeepsTheLastGoodPolicy(t *testing.T) {
	for claim, spoil := range map[string]func(*house){
		"text that is no rule": func(h *house) { h.own("second", "two\nthree") },
		"a rule of the shipped ones": func(h *house) {
			h.own("pinned", "replaced")
		},
		"an impure rule": func(h *house) { h.own("second", `two" if time.now_ns() > 0 #`) },
		"an endless rule": func(h *house) {
			h.own("second", `two" if count(numbers.range(0, 1000000000)) > 0 #`)
		},
		"looser thresholds": func(h *house) {
			write(h.t, filepath.Join(h.folder, "thresholds", "data.yaml"), "thresholds: {profiles: {staging: {on_inconclusive: warn}}}")
		},
		"too many bytes": func(h *house) {
			write(h.t, filepath.Join(h.folder, "workload", "large.rego"), strings.Repeat("#", maxPolicyBytes+1))
		},
		"no folder": func(h *house) { _ = os.RemoveAll(h.folder) },
	} {
		t.Run(claim, func(t *testing.T) {
			h := newHouse(t)
			before := h.court.PolicyDigest()
			spoil(h)
			for range 3 {
				if err := h.wait(); err != nil {
					t.Fatal(err)
				}
			}
			h.sits(claim, before)
			if count := h.court.failures.Load(); count != 1 {
				t.Errorf("%d failures are counted", count)
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func pin(policy string) string { return "  policy: " + policy + "\n" }

// The pin and the folder are two files, and change at two moments. Whichever
// comes first, the policy before sits until both agree.
func TestThePinAndTheFolderChangeAtDifferentMoments(t *testing.T) {
	h := newHouse(t)
	first := h.court.PolicyDigest()
	h.say(pin(first))
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.own("second", "two")
	second := h.next()
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("the folder came first", first)
	h.say(pin(second))
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("the pin followed", second)

	h.own("third", "three")
	third := h.next()
	if err := os.RemoveAll(filepath.Join(h.folder, "workload", "third")); err != nil {
		t.Fatal(err)
	}
	h.say(pin(third))
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("the pin came first", second)
	if !h.court.unpinned.Load() {
		t.Error("nobody is told that another policy is asked for")
	}
	h.own("third", "three")
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("the folder followed", third)
	if h.court.unpinned.Load() {
		t.Error("the policy that is asked for sits, and is told to be another")
	}
}

// A rule and its mode arrive together, and are seen one after the other.
func TestAModeForANewRuleWaitsForTheRule(t *testing.T) {
	h := newHouse(t)
	first := h.court.PolicyDigest()
	h.say(pin(first))
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.own("second", "two")
	second := h.next()
	if err := os.RemoveAll(filepath.Join(h.folder, "workload", "second")); err != nil {
		t.Fatal(err)
	}
	h.say(pin(second), ", rules: {workload.second: warn}")
	if err := h.wait(); err == nil || !strings.Contains(err.Error(), "workload.second") {
		t.Errorf("a mode of no rule is accepted: %v", err)
	}
	if mode := h.settings.Current().Modes[staging]; len(mode.Rules) != 0 {
		t.Errorf("it counts: %+v", mode)
	}
	h.own("second", "two")
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("the rule followed", second)
	if h.settings.Current().Modes[staging].Rules["workload.second"] != Warn {
		t.Error("the mode does not count")
	}
	if err := os.RemoveAll(filepath.Join(h.folder, "workload", "second")); err != nil {
		t.Fatal(err)
	}
	h.say("", ", rules: {workload.second: warn}")
	if err := h.wait(); err != nil {
		t.Fatal(err)
	}
	h.sits("a policy without a rule that has a mode is refused", second)
}

func TestADoorDoesNotStartByAnotherPolicy(t *testing.T) {
	for claim, said := range map[string][]string{
		"another policy is pinned": {pin(string(evidence.Sum(nil)))},
		"a rule is misspelt":       {"", ", rules: {workload.relaesed: warn}"},
		"a rule is absolute":       {"", ", rules: {workload.pinned: warn}"},
	} {
		h := newHouse(t)
		h.say(said[0], said[1:]...)
		settings, err := LoadSettings(t.Context(), h.file, NewMemory(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := settings.Seat(t.Context(), h.court); err == nil {
			t.Errorf("%s, and it starts", claim)
		}
	}
	if _, err := ParseConfiguration([]byte(strings.Replace(admissionWithKey(t), "spec:\n", "spec:\n  policy: sha256:ab\n", 1)), nil); err == nil {
		t.Error("a pin that is no digest is accepted")
	}
	h := newHouse(t)
	tree, err := shippedRules()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCourt(t.Context(), tree, filepath.Join(h.folder, "absent")); err == nil {
		t.Error("a folder that is not there is accepted")
	}
}

// A policy that admits a model without evidence is none, however it came to be.
func TestAPolicyThatAdmitsEverythingDoesNotSit(t *testing.T) {
	tree := fstest.MapFS{"lib/lib.rego": {Data: []byte("package lib\n\nobjections(_) := []\n\nglass(_) := {\"objections\": [], \"notes\": []}\n\nwaived(_) := []\n")},
		"thresholds/data.yaml": {Data: []byte("thresholds: {profiles: {staging: {on_inconclusive: deny}}}")}}
	for _, kind := range []string{"change", "model", "workload"} {
		text := strings.Replace(fmt.Sprintf(houseRule, "lax", "x"), "package workload", "package "+kind, 1)
		tree[kind+"/lax/lax.rego"] = &fstest.MapFile{Data: []byte(strings.Replace(text, "satisfied if is_array(input.workload.models)", "satisfied := true", 1))}
	}
	policy, err := judge.New(t.Context(), tree)
	if err != nil {
		t.Fatal(err)
	}
	if err := fit(t.Context(), policy, Configuration{Profiles: map[string]string{staging: staging}}); err == nil || !strings.Contains(err.Error(), "no evidence") {
		t.Errorf("it sits: %v", err)
	}
}

// A kubelet mounts a ConfigMap as links into a folder that it swaps.
func TestAPolicyInAConfigMapIsRead(t *testing.T) {
	mount := t.TempDir()
	swap := func(version, message string) {
		t.Helper()
		write(t, filepath.Join(mount, version, "workload", "mine", "mine.rego"), fmt.Sprintf(houseRule, "mine", message))
		link := filepath.Join(mount, "..tmp")
		if err := os.Symlink(version, link); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(link, filepath.Join(mount, "..data")); err != nil {
			t.Fatal(err)
		}
	}
	swap("..2026_1", "one")
	if err := os.Symlink("..data/workload", filepath.Join(mount, "workload")); err != nil {
		t.Fatal(err)
	}
	court := openCourt(t, mount)
	if _, known := court.sitting.Load().policy.Explain("workload.mine"); !known {
		t.Fatal("its rule is not there")
	}
	before := court.PolicyDigest()
	swap("..2026_2", "two")
	for range 2 {
		court.look(t.Context())
	}
	if err := court.seat(t.Context(), Configuration{}); err != nil || court.PolicyDigest() == before {
		t.Errorf("the swapped folder is not read: %v", err)
	}
}

// Reviews go on while policies change: each is answered by one of them.
func TestAReviewIsAnsweredByOnePolicy(t *testing.T) {
	h := newHouse(t)
	h.own("second", "two")
	other := openCourt(t, h.folder)
	signer := newMeasurer(t)
	memory := NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "one", model, staging, servingDigest))
	door := newHandler(t, h.court, memory)
	stop := make(chan struct{})
	var swapping, reviewing sync.WaitGroup
	swapping.Go(func() {
		policies := []*judge.Judge{other.sitting.Load().policy, h.court.sitting.Load().policy}
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				h.court.swear(policies[i%2])
			}
		}
	})
	for range 4 {
		reviewing.Go(func() {
			for range 50 {
				response := door.Handle(t.Context(), creating(t, podMounting(mounted, servedBy+servingDigest)))
				if !response.Allowed {
					t.Error(response.Result.Message)
				}
			}
		})
	}
	reviewing.Wait()
	close(stop)
	swapping.Wait()
}
