package auditlog

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// admission is the nth answer of a door.
func admission(n int) Record {
	return Record{
		Kind: Admission, Time: time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC), Commit: denial(n).Commit, Actor: "system:serviceaccount:clinic:deployer",
		Environment: "staging", Subject: evidence.Subject{Name: "Pod clinic/serve"}, Allowed: true, Evaluated: 5, Policy: "sha256:p",
		Admission: &Review{UID: fmt.Sprintf("u-%d", n), Operation: "CREATE", Outcome: "allowed", Releases: []evidence.Digest{evidence.Sum([]byte("model"))}},
	}
}

// queued is a queue on a log in dir, and what it told.
func queued(dir string, private []byte) (*Queue, *[]string) {
	told := []string{}
	queue := NewQueue("admissions", func(ctx context.Context) (*Log, error) { return OpenNamed(ctx, dir, "pod-a", private) },
		func(err error) { told = append(told, err.Error()) })
	queue.Clock = func() time.Time { return time.Date(2026, 1, 1, 1, 0, 0, 0, time.UTC) }
	queue.retry = time.Millisecond
	return queue, &told
}

// ran runs the queue until everything that was entered before is in the log.
func ran(t *testing.T, queue *Queue) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := queue.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

func kinds(entries []Entry) string {
	var told []string
	for _, entry := range entries {
		told = append(told, string(entry.Record.Kind))
	}
	return strings.Join(told, " ")
}

func TestWhatWaitsIsEnteredBeforeTheQueueEnds(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	queue, _ := queued(dir, private)
	for n := range 600 { // more than one checkpoint covers
		queue.Enter(admission(n))
	}
	ran(t, queue)
	now, entries, err := Read(t.Context(), dir, public, nil, everything)
	if err != nil || len(entries) != 601 || entries[600].Record.Kind != Closed || !strings.HasSuffix(now.Origin, "/pod-a") {
		t.Fatalf("%v: %d entries, %v", now, len(entries), err)
	}
	for n, entry := range entries[:600] {
		if entry.Record.Admission.UID != admission(n).Admission.UID {
			t.Fatalf("entry %d is %+v", n, entry.Record.Admission)
		}
	}
	if entered, dropped, waiting := queue.Counts(); entered != 600 || dropped != 0 || waiting != 0 {
		t.Error(entered, dropped, waiting)
	}
	queue.Enter(admission(601))
	if _, dropped, waiting := queue.Counts(); dropped != 1 || waiting != 0 {
		t.Errorf("after its end: %d dropped, %d waiting", dropped, waiting)
	}
}

// However many come, Enter returns at once; how many were dropped, and between
// which instants, stands in the log.
func TestWhatIsDroppedIsCountedInTheLogItself(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	queue, told := queued(dir, private)
	broken := admission(0)
	broken.Admission.UID = ""
	queue.Enter(broken) // no record
	for n := range maxWaiting + 9 {
		queue.Enter(admission(n))
	}
	ran(t, queue)
	_, entries, err := Read(t.Context(), dir, public, nil, func(entry Entry) bool { return entry.Record.Kind != Admission })
	if err != nil || kinds(entries) != "gap closed" {
		t.Fatalf("%s, %v", kinds(entries), err)
	}
	gap := entries[0].Record.Gap
	if gap.Count != 11 || !gap.From.Equal(broken.Time) || !gap.To.Equal(admission(maxWaiting+8).Time) || gap.Why == "" {
		t.Errorf("the gap is %+v", gap)
	}
	if entered, dropped, _ := queue.Counts(); entered != maxWaiting-1 || dropped != 11 {
		t.Errorf("%d entered, %d dropped", entered, dropped)
	}
	if len(*told) != 1 || !strings.Contains((*told)[0], "11 decisions are not in the audit log") {
		t.Errorf("told %q", *told)
	}
}

// A process that was killed could not say what it had in hand. The next one
// says that it does not know.
func TestAProcessThatDidNotCloseLeavesAGap(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	log, err := OpenNamed(t.Context(), dir, "pod-a", private)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Append(t.Context(), admission(7)); err != nil {
		t.Fatal(err)
	}
	closed(t, log)
	for range 2 { // the second finds that the first has closed
		queue, _ := queued(dir, private)
		queue.Enter(admission(8))
		ran(t, queue)
	}
	_, entries, err := Read(t.Context(), dir, public, nil, everything)
	if err != nil || kinds(entries) != "admission gap admission closed admission closed" {
		t.Fatalf("%s, %v", kinds(entries), err)
	}
	if gap := entries[1].Record.Gap; gap.Count != 0 || !gap.From.Equal(admission(7).Time) || gap.To.Hour() != 1 {
		t.Errorf("the gap is %+v", gap)
	}
}

// A log that is held by another process is waited for, and nobody else waits.
func TestAQueueWaitsForItsLogAndNobodyWaitsForTheQueue(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	other, err := OpenNamed(t.Context(), dir, "pod-a", private)
	if err != nil {
		t.Fatal(err)
	}
	queue, _ := queued(dir, private)
	tried := make(chan error, 1000)
	queue.Tell = func(err error) { tried <- err }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- queue.Run(ctx) }()
	if err := <-tried; !errors.Is(err, ErrLocked) {
		t.Errorf("it was told %v", err)
	}
	for n := range maxWaiting {
		queue.Enter(admission(n)) // returns, although another process holds the log until all have
	}
	closed(t, other)
	for entered := uint64(0); entered < maxWaiting; entered, _, _ = queue.Counts() {
		time.Sleep(glance)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if now, _, err := Read(t.Context(), dir, public, nil, nil); err != nil || now.Size != maxWaiting+1 {
		t.Errorf("%v, %v", now, err)
	}
}

// A disk that is full for a while stops the log and never the door. When there is
// room again the log goes on, and says how many decisions it does not hold.
func TestALogThatStopsGoesOn(t *testing.T) {
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	queue, told := queued(dir, private)
	under := queue.Open
	queue.Open = func(ctx context.Context) (*Log, error) {
		log, err := under(ctx)
		if err == nil {
			log.stop(errors.New("the disk is full"))
		}
		return log, err
	}
	queue.Enter(admission(1))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- queue.Run(ctx) }()
	for dropped := uint64(0); dropped == 0; _, dropped, _ = queue.Counts() {
		time.Sleep(glance)
	}
	queue.Enter(admission(2))
	for entered := uint64(0); entered == 0; entered, _, _ = queue.Counts() {
		time.Sleep(glance)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	_, entries, err := Read(t.Context(), dir, public, nil, everything)
	if err != nil || kinds(entries) != "gap admission closed" && kinds(entries) != "admission gap closed" {
		t.Fatalf("%s, %v", kinds(entries), err)
	}
	for _, entry := range entries {
		if gap := entry.Record.Gap; gap != nil && (gap.Count != 1 || !gap.From.Equal(admission(1).Time) || gap.Why != "the log has stopped") {
			t.Errorf("the gap is %+v", gap)
		}
	}
	if len(*told) < 2 || !strings.Contains((*told)[0], "the disk is full") {
		t.Errorf("told %q", *told)
	}
}

func TestALogThatCannotBeOpenedDropsAndCounts(t *testing.T) {
	private, _ := key(t)
	unopened, _ := queued("/dev/null/log", private)
	ended, stop := context.WithCancel(t.Context())
	stop()
	unopened.Enter(admission(1))
	if err := unopened.Run(ended); err == nil {
		t.Error("a log that could not be opened has ended well")
	}
	if _, dropped, _ := unopened.Counts(); dropped != 1 {
		t.Errorf("%d dropped", dropped)
	}
}

func BenchmarkEnter(b *testing.B) {
	queue, _ := queued("", nil)
	record := admission(1)
	for b.Loop() {
		queue.Enter(record)
	}
}
