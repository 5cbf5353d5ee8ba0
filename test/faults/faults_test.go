package faults

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/load"
)

// unplugged is how long questions may be refused because of a kill: those that the
// door had in hand, which an API server never asks again, and those whose connection
// the balancer gives to a door that is gone, which it notices within a twentieth of
// a second. A kubelet takes a second or two.
const unplugged = 3 * time.Second

// faults come one after the other, and each leaves the doors as they were.
var faults = []fault{
	{"nothing", func(*siege, func(time.Duration)) {}},
	{"a door is killed, and starts again", killed},
	{"a door is killed, its store is damaged, and it starts again", damaged},
	{"the rules of the organisation are broken, mended, and taken away", swapped},
	{"the disk is full", full},
	{"the registry is down, slow and without end", misled},
	{"the certificate is exchanged", rotated},
	{"the API server starts again", restarted},
}

// Nothing that breaks lets in what must not come in, and what must come in comes
// in while it breaks, except where it is said.
func TestTheDoorsUnderSiege(t *testing.T) {
	s := newSiege(t)
	for _, one := range faults {
		s.under(one)
		if t.Failed() && len(s.report) == 1 {
			t.Fatalf("nothing was broken yet: this machine does not stand %d reviews a second\nhint: ASSAY_FAULTS_RATE", s.rate)
		}
	}
	s.soon("every question is answered as it must be, at the end", s.allRight)
	s.proven()
	t.Logf("%d reviews a second were wanted, %d of each object\n%s", s.rate, s.fan, s.table())
}

func killed(s *siege, forgive func(time.Duration)) {
	forgive(unplugged)
	s.kill(0)
	s.revive(0)
}

// kill ends a door without a word.
func (s *siege) kill(place int) {
	s.t.Helper()
	if err := s.doors[place].Kill(); err != nil {
		s.t.Fatal(err)
	}
}

// revive starts it again, over the store that it had. What comes to it then is
// answered: it is ready when it has judged what was in use.
func (s *siege) revive(place int) {
	s.t.Helper()
	s.doors[place] = s.start(place)
	s.balancer.Send(s.doors...)
	s.bothReady()
}

func (s *siege) bothReady() {
	s.t.Helper()
	s.soon("both doors are ready", func() error {
		if ready := len(s.balancer.Ready()); ready != len(s.doors) {
			return fmt.Errorf("%d are", ready)
		}
		return nil
	})
}

// damaged turns one bit of every file that the door would start from.
func damaged(s *siege, forgive func(time.Duration)) {
	forgive(unplugged)
	s.kill(1)
	files, err := filepath.Glob(filepath.Join(s.doors[1].Dir, "store", "*"))
	if err != nil || len(files) < s.crowd.Known {
		s.t.Fatalf("the store has %d files, %v", len(files), err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		content[len(content)/2] ^= 1
		if err := os.WriteFile(file, content, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	s.revive(1)
}

// barring is a rule of the organisation, which every question satisfies.
const barring = `# METADATA
# title: "Nobody is barred"
# custom:
#   clause: "house rule 1"
#   remedy: "take another name"
package workload.barred

satisfied if not startswith(input.workload.name, "barred")

message := "barred by the house"
`

func swapped(s *siege, _ func(time.Duration)) {
	barred := question{pod: s.crowd.Pod(0)}
	barred.pod.Name = "barred"
	barred.review.Allowed = true
	become := func(what string, allowed bool, rule string) {
		barred.review.Allowed, barred.review.Rule = allowed, rule
		s.soon(what, func() error {
			for range 2 * len(s.doors) {
				if wrong, refused := judge(barred, s.answer(s.t.Context(), barred)); wrong || refused != "" {
					return errors.New(what)
				}
			}
			return nil
		})
	}
	file := filepath.Join(s.policies, "workload", "barred", "barred.rego")
	s.write(file, "package")
	time.Sleep(s.lull) // nothing is to be seen: the last good rules stay
	become("broken rules change nothing", true, "")
	s.write(file, barring)
	become("the new rule denies", false, "workload.barred")
	if err := os.RemoveAll(filepath.Join(s.policies, "workload")); err != nil {
		s.t.Fatal(err)
	}
	become("the rule is gone", true, "")
}

func (s *siege) write(file, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// restarted takes the API server away. What it would have asked, the doors
// answer; when it is back, everything goes on without help.
func restarted(s *siege, forgive func(time.Duration)) {
	authority := s.authority()
	forgive(time.Hour) // nobody can ask an API server that is not there
	err := s.RestartControlPlane(s.t.Context(), func() {
		for _, door := range s.doors {
			s.direct(door, authority)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.bothReady()
	s.soon("every question is answered as it must be", s.allRight)
	forgive(0)
	s.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "later", Labels: map[string]string{"assay.dev/environment": "development"}}})
	newcomer := question{pod: s.crowd.Pod(0)}
	newcomer.pod.Namespace, newcomer.review.Allowed = "later", true
	s.soon("the doors watch again", func() error { return s.answer(s.t.Context(), newcomer) })
}

// direct asks one door all questions itself.
func (s *siege) direct(door *harness.Door, authority []byte) {
	s.t.Helper()
	asking, err := load.NewClient("https://"+door.Address+"/admit", authority)
	if err != nil {
		s.t.Fatal(err)
	}
	defer asking.Close()
	for range 10 {
		for _, asked := range s.questions {
			if !asked.never {
				s.permitted.Add(1)
			}
			if err := asking.Expect(s.t.Context(), asked.review); err != nil && !(asked.never && isUnanswered(err)) {
				s.t.Errorf("without an API server: %s: %v", asked.pod.GenerateName, err)
			}
		}
	}
}
