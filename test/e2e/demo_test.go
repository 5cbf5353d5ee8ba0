package e2e

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// row is what the demo's table says of one attempt.
type row struct{ what, door, outcome, rule string }

// rows are the demo's claims: three doors, and for each denial its rule.
var rows = []row{
	{"breast malignancy detection (WDBC, logistic)", "pull request", "allowed", ""},
	{"lung cancer survival (NCCTG, Cox)", "pull request", "allowed", ""},
	{"merge: 2 trainings before, 2 after", "reconciler", "allowed", ""},
	{"every kept output deleted: the same 18 digests again", "reconciler", "allowed", ""},
	{"pod of breast-malignancy in development", "API server", "allowed", ""},
	{"pod of lung-survival in development", "API server", "allowed", ""},
	{"breast-malignancy to staging", "pull request", "allowed", ""},
	{"lung-survival to staging", "pull request", "denied", "model.performance.concordance"},
	{"pod of breast-malignancy in staging", "API server", "allowed", ""},
	{"a new version of breast-malignancy", "pull request", "allowed", ""},
	{"its revert", "pull request", "allowed", ""},
	{"rolled back: development serves the first release again", "reconciler", "allowed", ""},
	{"a leaky data set", "pull request", "denied", "model.dataset.leakage"},
	{"a model worse than its champion", "pull request", "denied", "model.performance.non_inferiority"},
	{"a biased model (TCGA COAD: misses more women)", "pull request", "denied", "model.bias.equal_opportunity"},
	{"a model card without intended use", "pull request", "denied", "model.compliance.intended_use"},
	{"a serving image with a critical vulnerability", "pull request", "denied", "model.security.vulnerabilities"},
	{"a data set with patient identifiers", "pull request", "denied", "model.dataset.identifiers"},
	{"a digest that was never promoted", "API server", "denied", "workload.released"},
	{"a tag instead of a digest", "API server", "denied", "workload.pinned"},
	{"evidence copied from another model", "API server", "denied", "model.evidence.verified"},
	{"evidence with one byte changed", "API server", "denied", "model.evidence.verified"},
	{"a bare pod with the model in an environment variable", "API server", "denied", "workload.mounted"},
}

// The demo tells its whole story, the world that it leaves up is one that
// kubectl can work with, and a Ctrl-C ends all of it.
func TestDemo(t *testing.T) {
	t.Parallel()
	told := startDemo(t)
	checkReadme(t, told.said)
	found := tableOf(told.said)
	for _, want := range rows {
		if !slices.Contains(found, want) {
			t.Errorf("the table has no row %+v\n%s", want, told.said)
		}
	}
	if strings.Contains(told.said, "(WRONG)") {
		t.Errorf("an outcome is not what it should be:\n%s", told.said)
	}
	t.Run("kubectl", func(t *testing.T) { askKubectl(t, told.kubeconfig) })
	t.Run("bypass", func(t *testing.T) { walkAround(t, told.kubeconfig) })
	told.interrupt(t)
}

// demo is a demo that has told its story and keeps its world up.
type demo struct {
	command    *exec.Cmd
	dir        string
	said       string
	kubeconfig string
}

// patience is for a demo on a busy machine; alone it takes half a minute.
const patience = 4 * time.Minute

func startDemo(t *testing.T) *demo {
	t.Helper()
	started := &demo{dir: filepath.Join(t.TempDir(), "world")}
	started.command = exec.Command(assayBinary(t), "demo", "--keep", "--dir", started.dir)
	log, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	started.command.Stderr = log
	stdout, err := started.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := started.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { started.command.Process.Signal(os.Interrupt); started.command.Wait() })
	late := time.AfterFunc(patience, func() { started.command.Process.Signal(os.Interrupt) })
	defer late.Stop()
	if !started.listen(stdout) {
		why, _ := os.ReadFile(log.Name())
		t.Fatalf("the demo ended before its story did:\n%s\n%s", started.said, why)
	}
	return started
}

// listen reads until the demo says where its world can be looked at.
func (d *demo) listen(stdout io.Reader) bool {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		d.said += lines.Text() + "\n"
		if path, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "export KUBECONFIG="); ok {
			d.kubeconfig = path
			go io.Copy(io.Discard, stdout)
			return true
		}
	}
	return false
}

var columns = regexp.MustCompile(` {2,}`)

// tableOf reads the rows that stand below the line of hyphens.
func tableOf(said string) []row {
	_, table, _ := strings.Cut(said, "\n-----")
	var found []row
	for line := range strings.Lines(table) {
		cells := columns.Split(strings.TrimSpace(line), -1)
		if len(cells) < 4 {
			continue
		}
		read := row{what: cells[0], door: cells[1], outcome: cells[2]}
		if len(cells) == 5 { // the last cell is the time
			read.rule, _, _ = strings.Cut(cells[3], " +")
		}
		found = append(found, read)
	}
	return found
}

// interrupt ends the demo as Ctrl-C does, and looks for what it left behind.
func (d *demo) interrupt(t *testing.T) {
	t.Helper()
	children := processes(t, func(parent int, _ string) bool { return parent == d.command.Process.Pid })
	if len(children) != 4 {
		t.Errorf("the demo has %d children, not API server, webhook, audit and reconciler", len(children))
	}
	if err := d.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := d.command.Wait(); err != nil {
		t.Errorf("the demo ended with %v", err)
	}
	for _, child := range children {
		if err := syscall.Kill(child, 0); err == nil {
			t.Errorf("process %d goes on", child)
		}
	}
	left := processes(t, func(_ int, command string) bool { return strings.Contains(command, d.dir) })
	if len(left) > 0 {
		t.Errorf("processes %v of %s are left", left, d.dir)
	}
}

// processes lists those that the test wants to know of.
func processes(t *testing.T, wanted func(parent int, command string) bool) []int {
	t.Helper()
	listed, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,args=").Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for line := range strings.Lines(string(listed)) {
		words := strings.Fields(line)
		if len(words) < 3 {
			continue
		}
		pid, _ := strconv.Atoi(words[0])
		parent, _ := strconv.Atoi(words[1])
		if wanted(parent, strings.Join(words[2:], " ")) {
			found = append(found, pid)
		}
	}
	return found
}
