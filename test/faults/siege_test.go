package faults

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/load"
)

// siege is a cluster with two doors, and questions that come at a rate.
type siege struct {
	*harness.World
	t         *testing.T
	crowd     load.Crowd
	questions []question
	balancer  *harness.Balancer
	doors     []*harness.Door
	policies  string // the organisation's rules
	asking    client.Client
	rate      int
	lull      time.Duration
}

// question is a pod, and what must be answered; the review asks a door the same
// when there is no API server.
type question struct {
	pod    *corev1.Pod
	review load.Review
}

// Releases beside those that pass.
const (
	inUse    = 8
	tampered = inUse // one byte of its evidence is another
	unknown  = inUse + 1
)

func newSiege(t *testing.T) *siege {
	t.Helper()
	klog.SetLogger(logr.Discard()) // it would tell of every answer that a fault has cut off
	bin := binaries(t)
	s := &siege{t: t, policies: t.TempDir(), rate: number(t, "ASSAY_FAULTS_RATE", 30), lull: time.Duration(number(t, "ASSAY_FAULTS_LULL", 2)) * time.Second}
	s.crowd = load.Crowd{Delivered: delivered(t), Known: inUse + 1, Used: inUse + 1}
	var err error
	if s.World, err = harness.Start(t.Context(), t.TempDir(), bin); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	if s.balancer, err = harness.Balance(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.ApplySystem(t.Context(), s.balancer.Address); err != nil {
		t.Fatal(err)
	}
	s.connect()
	s.settle()
	for i := range 2 {
		s.doors = append(s.doors, s.start(i))
	}
	s.balancer.Send(s.doors...)
	s.prepare()
	s.soon("every question is answered as it must be", s.allRight)
	return s
}

func number(t *testing.T, variable string, usual int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usual
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		t.Fatalf("%s is %q, not a positive number", variable, text)
	}
	return value
}

// connect makes a client that nothing slows down.
func (s *siege) connect() {
	s.t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", s.Kubeconfig)
	if err != nil {
		s.t.Fatal(err)
	}
	config.QPS, config.Timeout = -1, 5*time.Second
	if s.asking, err = client.New(config, client.Options{}); err != nil {
		s.t.Fatal(err)
	}
}

// settle brings the namespace and the releases, one of which was tampered with.
func (s *siege) settle() {
	s.t.Helper()
	for namespace, environment := range s.crowd.Environments() {
		s.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, Labels: map[string]string{"assay.dev/environment": environment}}})
	}
	for i := range s.crowd.Known {
		release, err := s.crowd.Release(s.t.Context(), i)
		if err != nil {
			s.t.Fatal(err)
		}
		if i == tampered {
			tamper(release)
		}
		s.create(release)
	}
}

// tamper changes one character of what was signed.
func tamper(release *kube.Release) {
	envelope := []byte(release.Spec.Envelopes[0])
	at := strings.Index(string(envelope), `"payload":"`) + 200
	envelope[at] = map[bool]byte{true: 'B', false: 'A'}[envelope[at] == 'A']
	release.Spec.Envelopes[0] = string(envelope)
}

func (s *siege) create(object client.Object) {
	s.t.Helper()
	if err := s.Client.Create(s.t.Context(), object); err != nil {
		s.t.Fatal(err)
	}
}

// start starts the door of a place, over the store that the place has.
func (s *siege) start(place int) *harness.Door {
	s.t.Helper()
	name := fmt.Sprintf("door-%d", place)
	door, err := s.StartDoor(s.t.Context(), name, s.crowd.Admission, "--policies", s.policies, "--drain", "2s")
	if err != nil {
		said, _ := os.ReadFile(filepath.Join(s.Dir, name, "assay-webhook.log"))
		s.t.Fatalf("%v\n%s", err, said[max(0, len(said)-2000):])
	}
	s.t.Cleanup(func() { _ = door.Kill() })
	return door
}

// prepare writes the questions: seven pods of ten may come in.
func (s *siege) prepare() {
	s.t.Helper()
	byTag := s.crowd.Pod(0)
	for i := range byTag.Spec.Volumes {
		if image := byTag.Spec.Volumes[i].Image; image != nil {
			image.Reference, _, _ = strings.Cut(image.Reference, "@")
			image.Reference += ":latest"
		}
	}
	denied := map[string]*corev1.Pod{
		"workload.released": s.crowd.Pod(unknown), "model.evidence.verified": s.crowd.Pod(tampered), "workload.pinned": byTag,
	}
	for i := range inUse {
		s.question(s.crowd.Pod(i), "")
	}
	for rule, pod := range denied {
		s.question(pod, rule)
	}
}

func (s *siege) question(pod *corev1.Pod, rule string) {
	s.t.Helper()
	pod.GenerateName, pod.Name = pod.Name+"-", ""
	named := pod.DeepCopy()
	named.Name = pod.GenerateName + "0"
	review, err := load.Creating(named, named.Name)
	if err != nil {
		s.t.Fatal(err)
	}
	review.Allowed, review.Rule = rule == "", rule
	s.questions = append(s.questions, question{pod, review})
}

// answer is what the API server says to a question.
func (s *siege) answer(ctx context.Context, asked question) error {
	return s.asking.Create(ctx, asked.pod.DeepCopy(), client.DryRunAll)
}

// judge holds an answer against what it must be. Wrong is an admission that must
// not be; everything else that is not right was refused.
func judge(asked question, err error) (wrong bool, refused string) {
	switch {
	case asked.review.Allowed && err == nil:
		return false, ""
	case asked.review.Allowed:
		return false, fmt.Sprintf("%.200s", err)
	case err == nil:
		return true, ""
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), asked.review.Rule):
		return false, ""
	}
	return false, fmt.Sprintf("without %s: %.200s", asked.review.Rule, err)
}

func (s *siege) allRight() error {
	for _, asked := range s.questions {
		if wrong, refused := judge(asked, s.answer(s.t.Context(), asked)); wrong || refused != "" {
			return fmt.Errorf("%s: wrong is %t, refused: %s", asked.pod.GenerateName, wrong, refused)
		}
	}
	return nil
}

// soon waits until something is so.
func (s *siege) soon(what string, is func() error) {
	s.t.Helper()
	const long = time.Minute
	var last error
	for began := time.Now(); time.Since(began) < long; time.Sleep(50 * time.Millisecond) {
		if last = is(); last == nil {
			return
		}
	}
	s.t.Fatalf("%s: not within %s: %v", what, long, last)
}

// authority is what the API server trusts of the doors.
func (s *siege) authority() []byte {
	s.t.Helper()
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	if err := s.Client.Get(s.t.Context(), client.ObjectKey{Name: "assay-admission"}, &configuration); err != nil {
		s.t.Fatal(err)
	}
	return configuration.Webhooks[0].ClientConfig.CABundle
}
