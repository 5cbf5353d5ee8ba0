package auditlog

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// The process dies before each change that it makes to the disk, one after the
// other: while it begins a log, and while it appends to it. The kernel stops it
// at its system calls (ptrace), so no change is missed.
func TestNoAcknowledgedRecordIsLostAtAnyWrite(t *testing.T) {
	t.Parallel()
	diesAtAnyWrite(t, 35) // two appends alone are four files each, in three steps
}

// The same, of a process that enters through a queue.
func TestNoRecordThatAQueueEnteredIsLostAtAnyWrite(t *testing.T) {
	t.Parallel()
	diesAtAnyWrite(t, 25, childQueue+"=yes")
}

func diesAtAnyWrite(t *testing.T, least int, variables ...string) {
	private, public := key(t)
	deaths := 0
	for ; ; deaths++ {
		dir := filepath.Join(t.TempDir(), "log")
		command := prepare(t, dir, private, 0, 2, 0)
		command.Env = append(command.Env, variables...)
		died, receipts := diesAt(t, command, deaths)
		if !died {
			if len(receipts) != 2 {
				t.Errorf("undisturbed it acknowledged %v", receipts)
			}
			break
		}
		var seen []byte
		if _, err := os.Stat(filepath.Join(dir, "checkpoint")); err == nil {
			seen = holds(t, dir, public, nil, receipts).Text
		} else if len(receipts) > 0 {
			t.Fatalf("death %d: there is no checkpoint", deaths)
		}
		log := open(t, dir, private)
		if _, err := log.Append(t.Context(), denial(9)); err != nil {
			t.Errorf("death %d: %v", deaths, err)
		}
		closed(t, log)
		holds(t, dir, public, seen, receipts)
	}
	if deaths < least {
		t.Errorf("it changed the disk only %d times", deaths)
	}
}

const (
	allThreads  = 0x40000000 // __WALL
	ownChildren = 0x20000000 // __WNOTHREAD: other tests have children, too
	endWithUs   = 0x00100000 // PTRACE_O_EXITKILL
	systemCall  = syscall.SIGTRAP | 0x80
)

// diesAt runs a child and kills it before it changes the disk for the nth time,
// counted from 0. died is false when it came to its end.
func diesAt(t *testing.T, command *exec.Cmd, n int) (died bool, receipts map[int]uint64) {
	t.Helper()
	runtime.LockOSThread() // a thread is traced by a thread
	defer runtime.UnlockOSThread()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	command.Stdout, command.SysProcAttr = out, &syscall.SysProcAttr{Ptrace: true, Setpgid: true} // its threads are told from the children of other tests by their group
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	child := command.Process.Pid
	var state syscall.WaitStatus
	if _, err := syscall.Wait4(child, &state, 0, nil); err != nil {
		t.Fatal(err)
	}
	if err := syscall.PtraceSetOptions(child, syscall.PTRACE_O_TRACESYSGOOD|syscall.PTRACE_O_TRACECLONE|endWithUs); err != nil {
		t.Fatal(err)
	}
	code := trace(child, n)
	if _, err := out.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	receipts = map[int]uint64{}
	if complaint := acknowledged(t, bufio.NewScanner(out), receipts, func() {}); complaint != "" || !code.Signaled() && code.ExitStatus() != 0 {
		t.Fatalf("death %d: %s (%v)", n, complaint, code)
	}
	return code.Signaled(), receipts
}

// trace lets a stopped child go from system call to system call, until it ends.
func trace(child, n int) syscall.WaitStatus {
	inside := map[int]bool{} // threads that are in a system call
	thread, signal, changes := child, 0, 0
	for {
		_ = syscall.PtraceSyscall(thread, signal) // a thread that is dead does not go on
		var state syscall.WaitStatus
		var err error
		if thread, err = syscall.Wait4(-child, &state, allThreads|ownChildren, nil); err != nil {
			return state
		}
		switch {
		case !state.Stopped():
			if thread == child {
				return state
			}
		case state.StopSignal() == systemCall:
			signal = 0
			if inside[thread] = !inside[thread]; inside[thread] && changesDisk(thread) {
				if changes == n {
					_ = syscall.Kill(child, syscall.SIGKILL)
				}
				changes++
			}
		case state.StopSignal() == syscall.SIGTRAP || state.StopSignal() == syscall.SIGSTOP: // a thread begins
			signal = 0
		default:
			signal = int(state.StopSignal())
		}
	}
}

// changesDisk holds for the system calls that a crash may come between.
func changesDisk(thread int) bool {
	var registers syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(thread, &registers); err != nil {
		return false
	}
	switch registers.Orig_rax {
	case syscall.SYS_OPENAT:
		return registers.Rdx&syscall.O_CREAT != 0
	case syscall.SYS_WRITE: // but for the terminal, and the runtime's own events
		return registers.Rdi > 2 && registers.Rdx != 8
	case syscall.SYS_RENAMEAT, syscall.SYS_RENAME, syscall.SYS_LINKAT, syscall.SYS_UNLINKAT, syscall.SYS_MKDIRAT:
		return true
	}
	return false
}
