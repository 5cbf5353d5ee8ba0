package auditlog

import (
	"bufio"
	"context"
	"crypto"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is also the process that dies: with these set it appends
// records, and prints the number of each that was acknowledged.
const (
	childDir   = "AUDITLOG_TEST_DIR"   // of the log
	childKey   = "AUDITLOG_TEST_KEY"   // file of the private key
	childFirst = "AUDITLOG_TEST_FIRST" // number of the first record
	childCount = "AUDITLOG_TEST_COUNT" // how many
	childLimit = "AUDITLOG_TEST_LIMIT" // bytes that a file may have; 0 for any
	childQueue = "AUDITLOG_TEST_QUEUE" // whether records go through a queue
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(dir string) error {
	private, err := os.ReadFile(os.Getenv(childKey))
	if err != nil {
		return err
	}
	var first, count int
	var limit uint64
	if _, err := fmt.Sscan(os.Getenv(childFirst)+" "+os.Getenv(childCount)+" "+os.Getenv(childLimit), &first, &count, &limit); err != nil {
		return err
	}
	if os.Getenv(childQueue) != "" {
		return queueing(dir, private, first, count, limit)
	}
	log, err := Open(context.Background(), dir, private)
	if err != nil {
		return err
	}
	if limit > 0 { // a disk that is full, as far as a process can be given one
		if err := fill(limit); err != nil {
			return err
		}
	}
	for n := first; n < first+count; n++ {
		given, err := log.Append(context.Background(), denial(n))
		if err != nil {
			return err
		}
		fmt.Println("acknowledged", n, given.Index)
	}
	return nil
}

// fill lets no file of this process become larger, until it is told another limit.
func fill(limit uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		return err
	}
	now.Cur = min(limit, now.Max)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &now)
}

// queueing enters records as a door does: what is integrated is acknowledged. With
// a limit the disk is full after the first of them, until somebody is told.
func queueing(dir string, private []byte, first, count int, limit uint64) error {
	queue := NewQueue("admissions", func(ctx context.Context) (*Log, error) { return Open(ctx, dir, private) }, func(error) {
		if limit > 0 {
			_ = fill(math.MaxUint64)
		}
	})
	full := limit == 0
	queue.told = func(given Receipt, records []Record) {
		for i, record := range records {
			fmt.Println("acknowledged", strings.TrimPrefix(record.Commit, "c"), given.Index+uint64(i))
		}
		if !full {
			full, queue.retry = true, time.Millisecond
			_ = fill(limit)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- queue.Run(ctx) }()
	for n := first; n < first+count; n++ {
		queue.Enter(admission(n))
		if n%50 == 49 {
			time.Sleep(glance)
		}
	}
	for entered, dropped := uint64(0), uint64(0); limit > 0 && entered+dropped < uint64(count); entered, dropped, _ = queue.Counts() {
		time.Sleep(glance)
	}
	stop()
	return <-done
}

// prepare is a child that has not begun.
func prepare(t *testing.T, dir string, private []byte, first, count, limit int) *exec.Cmd {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, private, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childDir+"="+dir, childKey+"="+file,
		childFirst+"="+strconv.Itoa(first), childCount+"="+strconv.Itoa(count), childLimit+"="+strconv.Itoa(limit))
	return command
}

// many is how many records a child appends that does not live so long.
const many = 1000

// start runs a child, and hands its lines over.
func start(t *testing.T, dir string, private []byte, first, limit int, variables ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	command := prepare(t, dir, private, first, many, limit)
	command.Env = append(command.Env, variables...)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command, bufio.NewScanner(out)
}

// acknowledged takes the receipts, record by index, out of what a child said.
func acknowledged(t *testing.T, lines *bufio.Scanner, into map[int]uint64, each func()) (complaint string) {
	t.Helper()
	for lines.Scan() {
		var n int
		var index uint64
		if _, err := fmt.Sscanf(lines.Text(), "acknowledged %d %d", &n, &index); err != nil {
			complaint += lines.Text()
			continue
		}
		into[n] = index
		each()
	}
	return complaint
}

// holds proves that every record that was acknowledged stands where its receipt
// says, and nowhere else.
func holds(t *testing.T, dir string, public crypto.PublicKey, since []byte, receipts map[int]uint64) Checkpoint {
	t.Helper()
	now, entries, err := Read(t.Context(), dir, public, since, everything)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string][]uint64{}
	for _, entry := range entries {
		places[entry.Record.Commit] = append(places[entry.Record.Commit], entry.Index)
	}
	for n, index := range receipts {
		if at := places[denial(n).Commit]; len(at) != 1 || at[0] != index {
			t.Errorf("record %d was acknowledged as entry %d and stands at %v", n, index, at)
		}
	}
	return now
}

// A process dies at any instant: while it opens, writes, publishes. What it had
// acknowledged is there, the next process goes on, and the log only grew.
func TestNoAcknowledgedRecordIsLostWhenTheProcessDies(t *testing.T) {
	t.Parallel()
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	receipts, first := map[int]uint64{}, 0
	var seen []byte
	for death := range 40 {
		command, lines := start(t, dir, private, first, 0)
		kill := func() {
			time.AfterFunc(time.Duration(rand.IntN(130_000))*time.Microsecond, func() { _ = command.Process.Kill() })
		}
		if death%3 == 0 {
			kill() // perhaps before it has opened the log
		}
		begun := false
		complaint := acknowledged(t, lines, receipts, func() {
			if !begun && death%3 != 0 {
				kill()
			}
			begun = true
		})
		if err := command.Wait(); err == nil || complaint != "" {
			t.Fatalf("it ended by itself: %v, %s", err, complaint)
		}
		first += many
		if _, err := os.Stat(filepath.Join(dir, "checkpoint")); err == nil {
			seen = holds(t, dir, public, seen, receipts).Text
		} else if len(receipts) > 0 {
			t.Fatal("the log is gone")
		}
	}
	if len(receipts) < 20 {
		t.Errorf("only %d records were acknowledged", len(receipts))
	}
	log := open(t, dir, private)
	if _, err := log.Append(t.Context(), denial(first)); err != nil {
		t.Error(err)
	}
	closed(t, log)
	holds(t, dir, public, seen, receipts)
}

// Every system call fails beyond a size: first of the bundle, then of smaller
// files. The log says so, keeps what it had, and goes on when there is room.
func TestNoAcknowledgedRecordIsLostWhenTheDiskIsFull(t *testing.T) {
	t.Parallel()
	private, public := key(t)
	for _, limit := range []int{60, 100, 150, 200, 300, 1000, 2500, 6000} {
		dir := grown(t, private, 1)
		receipts := map[int]uint64{}
		seen := holds(t, dir, public, nil, receipts)
		command, lines := start(t, dir, private, 1, limit)
		complaint := acknowledged(t, lines, receipts, func() {})
		var ended *exec.ExitError
		if err := command.Wait(); !errors.As(err, &ended) || !strings.Contains(complaint, "file too large") || strings.Contains(complaint, "panic") {
			t.Errorf("limit %d: %v, %s", limit, err, complaint)
		}
		if limit > 2000 && len(receipts) == 0 {
			t.Errorf("limit %d: nothing was acknowledged before the disk was full", limit)
		}
		now := holds(t, dir, public, seen.Text, receipts)
		log := open(t, dir, private) // what was integrated and not published is published now
		given, err := log.Append(t.Context(), denial(5000))
		if err != nil || given.Index < now.Size {
			t.Errorf("limit %d: with room again: %+v, %v", limit, given, err)
		}
		closed(t, log)
		holds(t, dir, public, now.Text, receipts)
	}
}

// The disk of a door is full for a while. Its queue goes on by itself, and what was
// not entered meanwhile is counted in the log.
func TestAQueueGoesOnWhenThereIsRoomAgain(t *testing.T) {
	t.Parallel()
	private, public := key(t)
	for _, limit := range []int{1, 200, 4000} {
		dir, receipts := filepath.Join(t.TempDir(), "log"), map[int]uint64{}
		command, lines := start(t, dir, private, 0, limit, childQueue+"=yes")
		complaint := acknowledged(t, lines, receipts, func() {})
		if err := command.Wait(); err != nil || complaint != "" {
			t.Fatalf("limit %d: %v, %s", limit, err, complaint)
		}
		holds(t, dir, public, nil, receipts)
		_, entries, err := Read(t.Context(), dir, public, nil, func(entry Entry) bool { return entry.Record.Kind != Admission })
		if err != nil || !strings.HasPrefix(kinds(entries), "gap") || !strings.HasSuffix(kinds(entries), "closed") {
			t.Fatalf("limit %d: %s, %v", limit, kinds(entries), err)
		}
		lost := uint64(0)
		for _, entry := range entries {
			if entry.Record.Gap != nil {
				lost += entry.Record.Gap.Count
			}
		}
		if lost == 0 || lost+uint64(len(receipts)) < many { // what may or may not be there is counted as lost
			t.Errorf("limit %d: %d were acknowledged, %d counted as lost, of %d", limit, len(receipts), lost, many)
		}
	}
}

// A door is killed while its queue works, again and again. What was integrated
// stays, every death leaves a gap, and what reads as closed was closed.
func TestNoRecordThatAQueueEnteredIsLostWhenTheProcessDies(t *testing.T) {
	t.Parallel()
	private, public := key(t)
	dir := filepath.Join(t.TempDir(), "log")
	receipts := map[int]uint64{}
	var seen []byte
	const lives = 12
	for life := range lives {
		command, lines := start(t, dir, private, life*many, 0, childQueue+"=yes")
		begun := false
		complaint := acknowledged(t, lines, receipts, func() {
			if !begun && life < lives-1 {
				time.AfterFunc(time.Duration(rand.IntN(100_000))*time.Microsecond, func() { _ = command.Process.Kill() })
			}
			begun = true
		})
		if err := command.Wait(); complaint != "" || life == lives-1 && err != nil {
			t.Fatalf("%v, %s", err, complaint)
		}
		seen = holds(t, dir, public, seen, receipts).Text
	}
	_, entries, err := Read(t.Context(), dir, public, seen, func(entry Entry) bool { return entry.Record.Kind != Admission })
	if err != nil {
		t.Fatal(err)
	}
	told := kinds(entries)
	if strings.Count(told, "gap")+strings.Count(told, "closed") < lives || !strings.HasSuffix(told, "closed") || !strings.Contains(told, "gap") {
		t.Errorf("the lives of %d processes read %s", lives, told)
	}
}
