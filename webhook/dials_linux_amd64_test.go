package webhook

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

const childWithoutNetwork = "ASSAY_CHILD_WITHOUT_NETWORK"

// A review of what is known reaches out to nobody. The kernel ends the process at
// its first socket (seccomp), whoever opens it: a client, a resolver, a library
// that nobody thought of. That it would is shown by a process that tries.
func TestAWarmReviewDialsNobody(t *testing.T) {
	switch os.Getenv(childWithoutNetwork) {
	case "reviews":
		reviewWithoutNetwork(t)
		return
	case "dials":
		withoutNetwork(t)
		if _, err := http.Get("http://127.0.0.1:1/"); err != nil {
			t.Fatal(err)
		}
		return
	}
	for does, survives := range map[string]bool{"reviews": true, "dials": false} {
		command := exec.Command(os.Args[0], "-test.run=^TestAWarmReviewDialsNobody$")
		command.Env = append(os.Environ(), childWithoutNetwork+"="+does)
		told, err := command.CombinedOutput()
		var ended *exec.ExitError
		killed := errors.As(err, &ended) && ended.Sys().(syscall.WaitStatus).Signal() == syscall.SIGSYS
		if killed == survives || survives && err != nil {
			t.Errorf("the process that %s ended with %v:\n%s", does, err, told)
		}
	}
}

// reviewWithoutNetwork takes the network away from a door that is warm: releases
// are filed, the namespace is in the cache. What the door would ask if it were not
// so is real, and not there.
func reviewWithoutNetwork(t *testing.T) {
	signer, memory := newMeasurer(t), NewMemory()
	memory.Trust(signer.trust)
	memory.Remember(signer.release(t, "breast", model, staging, servingDigest))
	door := newHandler(t, realJudge(t), memory)
	scheme, err := newScheme()
	if err != nil {
		t.Fatal(err)
	}
	cached := fake.NewClientBuilder().WithScheme(scheme).WithObjects(&corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{Name: clinic, Labels: map[string]string{EnvironmentLabel: staging}},
	}).Build()
	live, err := client.New(&rest.Config{Host: "http://127.0.0.1:1"}, client.Options{Scheme: scheme, Mapper: mapper()})
	if err != nil {
		t.Fatal(err)
	}
	door.Environments = EnvironmentsOf(cached, live)
	withoutNetwork(t)
	for range 200 {
		if response := door.Handle(t.Context(), creating(t, podMounting(mounted, servedBy+servingDigest))); !response.Allowed {
			t.Fatalf("denied: %s", response.Result.Message)
		}
		if response := door.Handle(t.Context(), creating(t, podMounting(modelRepository+"/other:v1", servedBy+servingDigest))); response.Allowed {
			t.Fatal("a tag is admitted")
		}
	}
}

// withoutNetwork lets the kernel end this process, with all of its threads, when
// one of them asks for a socket or uses one (seccomp(2), seccomp_unotify(2)).
func withoutNetwork(t *testing.T) {
	t.Helper()
	const (
		loadNumber, equal, answer = syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS, syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, syscall.BPF_RET | syscall.BPF_K
		allow, kill               = 0x7fff0000, 0x80000000
		setNoNewPrivileges        = 38
		seccomp, setFilter, all   = 317, 1, 1
	)
	forbidden := []uint32{syscall.SYS_SOCKET, syscall.SYS_CONNECT, syscall.SYS_SENDTO, syscall.SYS_SENDMSG}
	program := []syscall.SockFilter{{Code: loadNumber}}
	for i, call := range forbidden {
		program = append(program, syscall.SockFilter{Code: equal, Jt: uint8(len(forbidden) - i), K: call})
	}
	program = append(program, syscall.SockFilter{Code: answer, K: allow}, syscall.SockFilter{Code: answer, K: kill})
	filter := syscall.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, setNoNewPrivileges, 1, 0); err != 0 {
		t.Fatal(err)
	}
	if _, _, err := syscall.RawSyscall(seccomp, setFilter, all, uintptr(unsafe.Pointer(&filter))); err != 0 {
		t.Fatal(err)
	}
}
