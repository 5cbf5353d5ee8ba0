package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands say into testdata; review the difference")

// TestStories runs each file of testdata. Its name is the claim.
func TestStories(t *testing.T) {
	t.Parallel()
	bin := filepath.Dir(assayBinary(t))
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Values[scene{}] = new(promotions)
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"promotions": setTheScene, "replace": replaceText, "rewrite": rewriteData, "seal": sealData, "propose": proposeBranch,
			"exits": exits, "json": isJSON, "pushed": isPushed,
		},
	})
}

// scene is the key of a story's promotions.
type scene struct{}

func sceneOf(ts *testscript.TestScript) *promotions { return ts.Value(scene{}).(*promotions) }

// setTheScene makes the folder promotions, a clone of a promotion repository
// with everything filled in, the key that its reconciler signs with, and that of
// a clinician:
//
//	promotions
func setTheScene(ts *testscript.TestScript, _ bool, _ []string) {
	made, err := newPromotions(context.Background(), ts.Getenv("WORK"), time.Now().Add(-time.Hour))
	ts.Check(err)
	ts.Defer(made.registry.server.Close)
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), "clinician.key"), made.clinician.Private, 0o600))
	*sceneOf(ts) = *made
}

// replaceText changes a file where the old text must stand:
//
//	replace FILE OLD NEW
func replaceText(ts *testscript.TestScript, neg bool, arguments []string) {
	if neg || len(arguments) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	inside := promotions{clone: ts.Getenv("WORK")}
	ts.Check(inside.replace(arguments[0], arguments[1], arguments[2]))
}

// rewriteData makes the rows of a data set what an awk program prints of them,
// and seals it. An awk field is a column of the file:
//
//	rewrite DATASET PROGRAM
func rewriteData(ts *testscript.TestScript, neg bool, arguments []string) {
	if neg || len(arguments) != 2 {
		ts.Fatalf("usage: rewrite DATASET PROGRAM")
	}
	file := filepath.Join(sceneOf(ts).clone, "datasets", arguments[0], "data.csv")
	rows, err := exec.Command("awk", "-F,", "-v", "OFS=,", arguments[1], file).Output()
	ts.Check(err)
	ts.Check(os.WriteFile(file, rows, 0o644))
	ts.Check(sceneOf(ts).seal(arguments[0]))
}

// sealData gives a data set's contract the digest of its changed file:
//
//	seal DATASET
func sealData(ts *testscript.TestScript, neg bool, arguments []string) {
	if neg || len(arguments) != 1 {
		ts.Fatalf("usage: seal DATASET")
	}
	ts.Check(sceneOf(ts).seal(arguments[0]))
}

// proposeBranch commits what was changed to a branch off main:
//
//	propose BRANCH
func proposeBranch(ts *testscript.TestScript, neg bool, arguments []string) {
	if neg || len(arguments) != 1 {
		ts.Fatalf("usage: propose BRANCH")
	}
	ts.Check(sceneOf(ts).propose(context.Background(), arguments[0], func() error { return nil }))
}

// exits runs a command that must end with a code, and never by a panic:
//
//	exits CODE COMMAND [ARGUMENT...]
func exits(ts *testscript.TestScript, neg bool, arguments []string) {
	if neg || len(arguments) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	code := 0
	var ended *exec.ExitError
	if err := ts.Exec(arguments[1], arguments[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != arguments[0] {
		ts.Fatalf("it ended with %d, want %s", code, arguments[0])
	}
	if strings.Contains(ts.ReadFile("stderr"), "goroutine ") {
		ts.Fatalf("it panicked")
	}
}

// isJSON demands a file (or stdout) that is one JSON value and nothing else:
//
//	json FILE
func isJSON(ts *testscript.TestScript, neg bool, arguments []string) {
	if neg || len(arguments) != 1 {
		ts.Fatalf("usage: json FILE")
	}
	if content := ts.ReadFile(arguments[0]); !json.Valid([]byte(content)) {
		ts.Fatalf("%s is not JSON:\n%s", arguments[0], content)
	}
}

// isPushed looks into the registry:
//
//	[!] pushed MODEL
func isPushed(ts *testscript.TestScript, neg bool, arguments []string) {
	if len(arguments) != 1 {
		ts.Fatalf("usage: [!] pushed MODEL")
	}
	models, err := sceneOf(ts).registry.models()
	ts.Check(err)
	if found := slices.Contains(models, "assay/models/"+arguments[0]); found == neg {
		ts.Fatalf("of %s is pushed: %t; the registry has %v", arguments[0], found, models)
	}
}
