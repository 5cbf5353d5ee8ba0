package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

const curfew = `# METADATA
# title: "No pod is made by night"
# custom:
#   remedy: "wait until the morning"
package workload.curfew

satisfied if %s

message := "it is night"
`

// The organisation's rules change while pods are made; nobody is refused but by
// a rule that says so. A rule may warn; what is wrong with a folder changes
// nothing; and a door that is told to answer by another policy does not start.
func TestRulesChangeWhileTheDoorStands(t *testing.T) {
	t.Parallel()
	s := newStand(t, 0)
	folder := t.TempDir()
	rule := func(satisfied string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(folder, "workload", "curfew"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "workload", "curfew", "curfew.rego"), fmt.Appendf(nil, curfew, satisfied), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	address, err := harness.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	door, err := s.StartDoor(t.Context(), "door", s.admission, "--drain", "0s", "--policies", folder, "--metrics-address", address)
	if err != nil {
		t.Fatal(err)
	}
	s.running = append(s.running, door)
	s.balancer.Send(door)
	s.waitFor("the door is known", time.Minute, func() bool { return len(s.balancer.Ready()) == 1 })
	first := sitting(t, address)
	answer := func() string {
		if err := s.Client.Create(t.Context(), plain(enrolled), client.DryRunAll); err != nil {
			return err.Error()
		}
		return "admitted"
	}
	s.waitFor("a pod without a model comes in", time.Minute, func() bool { return answer() == "admitted" })

	s.under("another policy", func() {
		rule("is_array(input.workload.models)")
		s.waitFor("the new rule", time.Minute, func() bool { return sitting(t, address) != first })
	})
	rule("count(input.workload.images) == 0")
	s.waitFor("the rule denies", time.Minute, func() bool { return strings.Contains(answer(), "workload.curfew: it is night") })
	before := sitting(t, address)
	s.say("profile: staging}", "profile: staging, rules: {workload.curfew: warn}}")
	s.waitFor("the rule warns", time.Minute, func() bool { return answer() == "admitted" })
	rule("is_array(")
	s.waitFor("a broken rule is counted", time.Minute, func() bool { return strings.Contains(scrape(t, address), "assay_policy_reload_failures_total 1") })
	if now := sitting(t, address); now != before || answer() != "admitted" {
		t.Errorf("policy %s was good, and now %s sits", before, now)
	}
	s.say("spec:\n", "spec:\n  policy: "+before+"\n")
	rule("count(input.workload.images) == 1")
	late, err := s.StartDoor(t.Context(), "late", s.admission, "--policies", folder)
	if err == nil {
		s.running = append(s.running, late)
		t.Fatal("a door with another policy starts")
	}
	if said, err := late.Log(); err != nil || !strings.Contains(said, "asks for policy "+before) {
		t.Errorf("it does not say why it did not start: %v\n%s", err, said)
	}
}

// say changes the Admission file.
func (s *stand) say(before, after string) {
	s.t.Helper()
	text, err := os.ReadFile(s.admission)
	if err != nil || !strings.Contains(string(text), before) {
		s.t.Fatal(err, string(text))
	}
	if err := os.WriteFile(s.admission, []byte(strings.Replace(string(text), before, after, 1)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func scrape(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var policyInfo = regexp.MustCompile(`assay_policy_info\{digest="(sha256:[0-9a-f]{64})"`)

// sitting is the policy by which a door answers, as it tells it.
func sitting(t *testing.T, address string) string {
	t.Helper()
	text := scrape(t, address)
	told := policyInfo.FindStringSubmatch(text)
	if told == nil {
		t.Fatalf("the door names no policy:\n%s", text)
	}
	return told[1]
}
