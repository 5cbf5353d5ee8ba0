package security

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Terraform is a language with loops, in which a few lines make a million
// resources, a gigabyte of text or a module within itself, and its evaluator
// knows no bounds (evaluator.go of Trivy clones a block as often as count says).
// So it is evaluated in a process of its own, which is this program again under
// another name, without environment, with little memory and little time. What
// it cannot end is told as not examined.
const (
	evaluator      = "assay: terraform evaluator"
	evaluationTime = 20 * time.Second
	maxMemory      = 1 << 30 // bytes, beyond those of the program itself
	maxState       = 32 << 20
)

// evaluation asks what a folder would make, if it were applied.
type evaluation struct {
	Files     map[string][]byte // all that may be read
	Folder    string
	Variables []string // files of variables
}

// evaluated is the answer.
type evaluated struct {
	State  any      // as the checks read it
	Unread []string // what could not be followed: modules, files, functions
	Unset  []string // variables that have no value
}

func init() {
	if len(os.Args) == 1 && os.Args[0] == evaluator {
		os.Exit(serveEvaluation(os.Stdin, os.Stdout))
	}
}

func (e evaluation) evaluate(ctx context.Context, patience time.Duration) (evaluated, error) {
	question, err := json.Marshal(e)
	if err != nil {
		return evaluated{}, err
	}
	program, err := os.Executable()
	if err != nil {
		return evaluated{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	said := &bounded{left: maxState}
	command := exec.CommandContext(ctx, program)
	command.Args, command.Env, command.Dir = []string{evaluator}, []string{"HOME=/nowhere"}, "/"
	command.Stdin, command.Stdout = bytes.NewReader(question), said
	err = command.Run()
	switch {
	case ctx.Err() != nil:
		return evaluated{}, fmt.Errorf("evaluating it takes longer than %s", patience)
	case said.left < 0:
		return evaluated{}, fmt.Errorf("what it would make is larger than %d bytes", maxState)
	case err != nil:
		return evaluated{}, fmt.Errorf("evaluating it breaks the evaluator, or takes more than %d bytes (%w)", maxMemory, err)
	}
	var answer evaluated
	decoder := json.NewDecoder(said)
	decoder.UseNumber() // the greatest integer is a value that checks compare with
	err = decoder.Decode(&answer)
	return answer, err
}

// bounded is a buffer that takes so many bytes and no more.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(text []byte) (int, error) {
	if b.left -= len(text); b.left < 0 {
		return 0, errors.New("too much")
	}
	return b.Buffer.Write(text)
}

// serveEvaluation is the other side: one question, one answer.
func serveEvaluation(questions io.Reader, answers io.Writer) int {
	limit()
	var question evaluation
	if err := json.NewDecoder(questions).Decode(&question); err != nil {
		return 1
	}
	answer, err := question.answer(context.Background())
	if err != nil {
		answer = evaluated{Unread: []string{err.Error()}}
	}
	if err := json.NewEncoder(answers).Encode(answer); err != nil {
		return 1
	}
	return 0
}

// limit bounds this process: stack, processor time, memory where the system
// can (Linux counts private memory since 4.7), and no files written.
func limit() {
	debug.SetMaxStack(128 << 20)
	seconds := uint64(evaluationTime / time.Second)
	for resource, most := range map[int]uint64{
		syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0, syscall.RLIMIT_DATA: memoryNow() + maxMemory,
	} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			os.Exit(1)
		}
	}
}

// memoryNow is how much private memory this process has: field 6 of
// proc_pid_statm(5), in pages.
func memoryNow() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 5 {
		pages, _ := strconv.ParseUint(fields[5], 10, 64)
		return pages * uint64(os.Getpagesize())
	}
	return 0
}
