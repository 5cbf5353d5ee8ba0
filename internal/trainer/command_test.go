package trainer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

const trainRows = "patient_id,died,marker\np1,0,1\np2,0,2\np3,1,5\np4,1,6\n"

func TestCommandTrainsAndPredicts(t *testing.T) {
	train, predict := absolute(t, "testdata/train.sh"), absolute(t, "testdata/predict.sh")
	command := trainer.Command{Training: []string{"sh", train}, Predicting: []string{"sh", predict}}
	model := t.TempDir()
	if err := command.Train(t.Context(), trainer.TrainJob{Data: file(t, trainRows), Out: model}); err != nil {
		t.Fatal(err)
	}
	said, err := command.Predict(t.Context(), trainer.PredictJob{Model: model, Data: file(t, "patient_id,marker\np5,3\np6,4.5\n")})
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{-0.5, 1}; !slices.Equal(said.Scores, want) || said.Risks != nil {
		t.Errorf("said %v, want %v", said, want)
	}
}

func TestCommandSeesACleanEnvironmentAndAFreshDirectory(t *testing.T) {
	t.Setenv("REGISTRY_PASSWORD", "hunter2")
	out := t.TempDir()
	command := trainer.Command{Training: shell(`env | sort > "$ASSAY_OUT/env"; pwd > "$ASSAY_OUT/pwd"; ls -A > "$ASSAY_OUT/ls"`)}
	job := trainer.TrainJob{Data: file(t, trainRows), Out: out, Config: trainer.Config{Model: v1alpha1.ModelSpec{Trainer: v1alpha1.Trainer{Seed: 42}}}}
	if err := command.Train(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	home := strings.TrimSpace(content(t, out, "pwd"))
	var names []string
	for _, line := range strings.Split(content(t, out, "env"), "\n") {
		name, _, _ := strings.Cut(line, "=")
		names = append(names, name)
	}
	for _, name := range names { // a shell sets PWD, OLDPWD, SHLVL and _ itself
		if !slices.Contains([]string{"", "PATH", "HOME", "PWD", "OLDPWD", "SHLVL", "_"}, name) && !strings.HasPrefix(name, "ASSAY_") {
			t.Errorf("the command was told %s", name)
		}
	}
	if env := content(t, out, "env"); !strings.Contains(env, "ASSAY_SEED=42\n") || !strings.Contains(env, "HOME="+home+"\n") {
		t.Errorf("seed or home is missing:\n%s", env)
	}
	if listed := content(t, out, "ls"); listed != "config.json\n" {
		t.Errorf("the working directory held %q", listed)
	}
	if _, err := os.Stat(home); !os.IsNotExist(err) {
		t.Errorf("the working directory is still there: %v", err)
	}
}

func TestCommandThatBreaksTheContractIsRefused(t *testing.T) {
	tests := map[string]struct{ script, want string }{
		"fails, and says why":     {`echo out of memory >&2; exit 3`, `exit status 3 (it printed: "out of memory\n")`},
		"fails in silence":        {`exit 1`, "(it printed nothing)"},
		"writes no scores":        {`true`, "the command wrote no scores to ASSAY_OUT"},
		"writes no header":        {`printf '0.1\n0.2\n' > "$ASSAY_OUT"`, `the first line is not "score"`},
		"scores too few rows":     {`printf 'score\n0.1\n' > "$ASSAY_OUT"`, "row 2 has no score: 1 scores for 2 rows"},
		"scores too many rows":    {`printf 'score\n1\n2\n3\n' > "$ASSAY_OUT"`, "more than the 2 rows"},
		"scores not a number":     {`printf 'score\n0.1\nNaN\n' > "$ASSAY_OUT"`, `row 2: "NaN" is not a finite number`},
		"a risk above 1":          {`printf 'score,risk\n1,0.5\n2,1.5\n' > "$ASSAY_OUT"`, `row 2: risk "1.5" is not a probability`},
		"forgets a risk":          {`printf 'score,risk\n1,0.5\n2\n' > "$ASSAY_OUT"`, `row 2: "2" does not have the columns of the first line`},
		"risks by no time":        {`printf 'score,risk\n1,0.5\n2,0.6\n' > "$ASSAY_OUT"`, "the recipe names no horizon"},
		"writes an endless line":  {`printf 'score\n%0999d\n' 1 > "$ASSAY_OUT"`, "row 1: bufio.Scanner: token too long"},
		"leaves a link as scores": {`ln -s /etc/hostname "$ASSAY_OUT"`, "not a regular file"},
		"leaves a pipe as scores": {`mkfifo "$ASSAY_OUT"`, "not a regular file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			command := trainer.Command{Predicting: shell(test.script)}
			_, err := command.Predict(t.Context(), trainer.PredictJob{Model: t.TempDir(), Data: file(t, "patient_id,marker\np5,3\np6,4\n")})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestACommandGivesTheRiskByTheHorizon(t *testing.T) {
	command := trainer.Command{Predicting: shell(`printf 'score,risk\n-1.5,0.25\n2,1\n' > "$ASSAY_OUT"; grep -q '"horizon": 365' "$ASSAY_CONFIG"`)}
	config := trainer.Config{Model: v1alpha1.ModelSpec{Task: v1alpha1.Survival, Horizon: 365}}
	said, err := command.Predict(t.Context(), trainer.PredictJob{Model: t.TempDir(), Data: file(t, "patient_id,marker\np5,3\np6,4\n"), Config: config})
	if err != nil || !slices.Equal(said.Scores, []float64{-1.5, 2}) || !slices.Equal(said.Risks, []float64{0.25, 1}) {
		t.Errorf("said %v, %v", said, err)
	}
}

func TestTrainingCommandMustLeaveRegularFiles(t *testing.T) {
	for script, want := range map[string]string{
		`true`:                                   "wrote no files",
		`ln -s /etc/hostname "$ASSAY_OUT/model"`: "model is not a regular file",
		`echo hello; exit 1`:                     `it printed: "hello\n"`,
	} {
		err := trainer.Command{Training: shell(script)}.Train(t.Context(), trainer.TrainJob{Data: file(t, trainRows), Out: t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q in it", script, err, want)
		}
	}
}

// The pipe stays open for as long as one of them lives.
func TestCommandThatHangsIsKilledWithItsChildren(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	gone := make(chan error, 1)
	go func() {
		alive, err := os.Open(pipe) // when the child has opened its end
		cancel()
		if err == nil {
			_, err = io.ReadAll(alive)
		}
		gone <- err
	}()
	const long = time.Minute
	began := time.Now()
	script := fmt.Sprintf(`(exec 3>'%s'; sleep %.0f) & wait`, pipe, long.Seconds())
	err := trainer.Command{Training: shell(script)}.Train(ctx, trainer.TrainJob{Data: file(t, trainRows), Out: t.TempDir()})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
	if err := <-gone; err != nil || time.Since(began) >= long {
		t.Errorf("a child outlived the command: it ended after %s, %v", time.Since(began), err)
	}
}

func TestLongOutputIsCutAtTheFront(t *testing.T) {
	script := `head -c 300000 /dev/zero | tr '\0' x; echo the reason; exit 1`
	err := trainer.Command{Training: shell(script)}.Train(t.Context(), trainer.TrainJob{Data: file(t, trainRows), Out: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), `the reason\n`) || len(err.Error()) > 70_000 {
		t.Errorf("the error has %d bytes and must end with the reason", len(err.Error()))
	}
}

func shell(script string) []string { return []string{"sh", "-c", script} }

func absolute(t *testing.T, path string) string {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func content(t *testing.T, directory, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
