package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

var (
	//go:embed peers.py
	pythonProgram []byte
	//go:embed peers.R
	rProgram []byte
	//go:embed requirements.txt
	requirements []byte
)

// peer is a program that has the data in memory, and does one piece of work
// for each line that it is told. What is absent says why.
type peer struct {
	absent  string
	command *exec.Cmd
	told    io.WriteCloser
	answers *bufio.Scanner
}

// reply is what a peer made of a piece of work.
type reply struct {
	Seconds float64   `json:"seconds"`
	Values  []float64 `json:"values"`
	Missing string    `json:"missing"` // why there is none
}

// invite starts a program with the data; one that cannot be started is absent.
func invite(ctx context.Context, program string, prepare func() ([]string, error), dir string, progress io.Writer) *peer {
	command, err := prepare()
	if err != nil {
		return &peer{absent: err.Error()}
	}
	script := filepath.Join(dir, program)
	if err := os.WriteFile(script, map[string][]byte{"python": pythonProgram, "R": rProgram}[program], 0o600); err != nil {
		return &peer{absent: err.Error()}
	}
	invited := &peer{command: exec.CommandContext(ctx, command[0], append(command[1:], script, dir)...)}
	invited.command.Stderr = progress
	answers, err := invited.command.StdoutPipe()
	if err == nil {
		invited.told, err = invited.command.StdinPipe()
	}
	if err == nil {
		err = invited.command.Start()
	}
	if err != nil {
		return &peer{absent: err.Error()}
	}
	invited.answers = bufio.NewScanner(answers)
	return invited
}

// do asks for one piece of work.
func (p *peer) do(ask string) (reply, error) {
	if p.absent != "" {
		return reply{Missing: p.absent}, nil
	}
	if _, err := fmt.Fprintln(p.told, ask); err != nil {
		return reply{}, fmt.Errorf("asking for %s: %w", ask, err)
	}
	if !p.answers.Scan() {
		return reply{}, fmt.Errorf("%s: the program ended: %v", ask, p.answers.Err())
	}
	var answer reply
	if err := json.Unmarshal(p.answers.Bytes(), &answer); err != nil {
		return reply{}, fmt.Errorf("%s: %w: %.200s", ask, err, p.answers.Text())
	}
	return answer, nil
}

func (p *peer) leave() {
	if p.absent == "" {
		_ = p.told.Close() // it ends with its input
		_ = p.command.Wait()
	}
}

// prepare gives the command of a Python that has the packages. Those that
// cannot be installed are missed by the work that needs them.
func (s settings) prepare(ctx context.Context, progress io.Writer) ([]string, error) {
	if s.python != "" {
		return []string{s.python}, nil
	}
	found, err := exec.LookPath("python3")
	if err != nil {
		return nil, fmt.Errorf("python3 is not installed")
	}
	folder, err := filepath.Abs(s.folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	own := filepath.Join(folder, "bin", "python")
	wanted := filepath.Join(folder, "requirements.txt")
	if err := os.WriteFile(wanted, requirements, 0o644); err != nil {
		return nil, err
	}
	for _, step := range [][]string{{found, "-m", "venv", folder}, {own, "-m", "pip", "install", "--quiet", "--requirement", wanted}} {
		command := exec.CommandContext(ctx, step[0], step[1:]...)
		command.Stdout, command.Stderr = progress, progress
		if err := command.Run(); err != nil {
			fmt.Fprintf(progress, "peers: %s: %v\n", filepath.Base(step[0]), err)
		}
	}
	return []string{own}, nil
}

func rscript() ([]string, error) {
	found, err := exec.LookPath("Rscript")
	if err != nil {
		return nil, fmt.Errorf("Rscript is not installed")
	}
	return []string{found, "--vanilla"}, nil
}
