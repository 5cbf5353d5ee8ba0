package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-logr/logr"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
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
	registry  *moody
	log       signature // of what the doors decide
	asking    client.Client
	rate      int // reviews that the doors are to answer in a second
	fan       int // reviews of one object: one through each entrance
	lull      time.Duration
	census    *census
	permitted atomic.Int64 // reviews that might have been allowed
	report    []string     // a row of the table for each fault
}

// creates is how many objects come in a second.
func (s *siege) creates() int { return max(1, s.rate/s.fan) }

func newSiege(t *testing.T) *siege {
	t.Helper()
	klog.SetLogger(logr.Discard()) // it would tell of every answer that a fault has cut off
	bin := binaries(t)
	s := &siege{
		t: t, policies: t.TempDir(), census: newCensus(),
		rate: number(t, "ASSAY_FAULTS_RATE", 60), fan: number(t, "ASSAY_FAULTS_FAN", 3),
		lull: time.Duration(number(t, "ASSAY_FAULTS_LULL", 2)) * time.Second,
	}
	told := delivered(t)
	s.registry, s.log = openRegistry(t), newSignature(t)
	s.crowd = load.Crowd{Delivered: moved(t, told, s.registry.address), Known: inUse + 1, Used: inUse + 1}
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
	if err := s.ApplySystem(t.Context(), s.entrances()...); err != nil {
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

// entrances are as many addresses of the doors as an object is to have reviews.
func (s *siege) entrances() []string {
	s.t.Helper()
	addresses := []string{s.balancer.Address}
	for len(addresses) < s.fan {
		address, err := s.balancer.Entrance(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		addresses = append(addresses, address)
	}
	return addresses
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

// start starts the door of a place, over the store and the log that the place has.
// The second may ask the registry.
func (s *siege) start(place int) *harness.Door {
	s.t.Helper()
	name := fmt.Sprintf("door-%d", place)
	arguments := []string{"--policies", s.policies, "--drain", "2s", "--log", s.logOf(name), "--log-key", s.log.key, "--log-name", name}
	binary := "assay-webhook"
	if place == 1 {
		binary, arguments = askingDoor, append(arguments, "--registry-fallback")
	}
	door, err := s.StartDoorOf(s.t.Context(), binary, name, s.crowd.Admission, arguments...)
	if err != nil {
		said, _ := os.ReadFile(filepath.Join(s.Dir, name, binary+".log"))
		s.t.Fatalf("%v\n%s", err, said[max(0, len(said)-2000):])
	}
	s.t.Cleanup(func() { _ = door.Kill() })
	go s.census.watch(s.t.Context(), door)
	return door
}

// soon waits until something is so.
func (s *siege) soon(what string, is func() error) {
	s.t.Helper()
	s.within(time.Minute, what, is)
}

func (s *siege) within(long time.Duration, what string, is func() error) {
	s.t.Helper()
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
