package faults

import (
	"crypto"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
	"github.com/mlops-clinical-trials/assay/test/load"
)

// signature is the key of the logs in which the doors keep what they decide.
type signature struct {
	key    string // file of the private one
	public crypto.PublicKey
}

func newSignature(t *testing.T) signature {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	made := signature{key: filepath.Join(t.TempDir(), "log.key")}
	if made.public, err = evidence.ParsePublicKey(public); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(made.key, private, 0o600); err != nil {
		t.Fatal(err)
	}
	return made
}

func (s *siege) logOf(door string) string { return filepath.Join(s.Dir, door, "log") }

// decide has the doors decide about a pod that is no rehearsal: rehearsals are not
// kept.
func (s *siege) decide() error {
	s.permitted.Add(int64(s.fan))
	pod := s.questions[0].pod.DeepCopy()
	if err := s.Client.Create(s.t.Context(), pod); err != nil {
		return err
	}
	return s.Client.Delete(s.t.Context(), pod, client.GracePeriodSeconds(0))
}

// kept are the decisions that are in the logs of the doors, and those that are not.
func (s *siege) kept() (entered, dropped float64, err error) {
	for _, door := range s.doors {
		in, failed := load.Metric(s.t.Context(), door.Metrics, "assay_admit_log_entered_total")
		out, again := load.Metric(s.t.Context(), door.Metrics, "assay_admit_log_dropped_total")
		entered, dropped, err = entered+in, dropped+out, errors.Join(err, failed, again)
	}
	return entered, dropped, err
}

// isNotKept holds while the logs lose what is decided.
func (s *siege) isNotKept() error {
	_, before, failed := s.kept()
	decided := s.decide()
	_, after, again := s.kept()
	if err := errors.Join(failed, decided, again); err != nil || after > before {
		return err
	}
	return fmt.Errorf("%.0f decisions are dropped, as before", after)
}

// isKeptAgain holds when the logs hold what was decided a moment ago.
func (s *siege) isKeptAgain() error {
	before, _, failed := s.kept()
	decided := s.decide()
	after, _, again := s.kept()
	if err := errors.Join(failed, decided, again); err != nil || after > before {
		return err
	}
	return fmt.Errorf("%.0f decisions are kept, as before", after)
}

// proven stops the doors, and reads their logs: they hold together after all that
// has happened to their disks, and no door has let in what must never come in,
// whatever the other reviews of the same object came to.
func (s *siege) proven() {
	s.t.Helper()
	never := []evidence.Digest{load.Subject(unknown).Digest, load.Subject(tampered).Digest}
	decisions := 0
	for _, door := range s.doors {
		if err := door.Stop(); err != nil {
			s.t.Fatal(err)
		}
		_, entries, err := auditlog.Read(s.t.Context(), s.logOf(filepath.Base(door.Dir)), s.log.public, nil, func(auditlog.Entry) bool { return true })
		if err != nil {
			s.t.Errorf("%s: %v", door.Dir, err)
		}
		for _, entry := range entries {
			record := entry.Record
			if record.Kind != auditlog.Admission {
				continue
			}
			decisions++
			if record.Allowed && slices.ContainsFunc(record.Admission.Releases, func(one evidence.Digest) bool { return slices.Contains(never, one) }) {
				s.t.Errorf("a door let in %s", record.Subject.Name)
			}
		}
	}
	if decisions == 0 {
		s.t.Error("no decision is in any log")
	}
}
