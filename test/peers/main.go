package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var with settings
	flag.IntVar(&with.rounds, "rounds", 5, "how often ours and theirs take turns")
	flag.StringVar(&with.folder, "folder", filepath.Join(".assay", "peers"), "where Python's packages are installed")
	flag.StringVar(&with.python, "python", "", "a Python that has the packages already; nothing is installed")
	flag.StringVar(&with.only, "only", "", "leave out the peers whose name does not hold this")
	flag.Parse()
	if err := run(ctx, with, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

type settings struct {
	rounds         int
	folder, python string
	only           string
}

func run(ctx context.Context, with settings, out, progress io.Writer) error {
	dir, err := os.MkdirTemp("", "assay-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	given := generate()
	if err := given.write(dir); err != nil {
		return err
	}
	peers := map[string]*peer{}
	for program, prepare := range map[string]func() ([]string, error){
		"python": func() ([]string, error) { return with.prepare(ctx, progress) },
		"R":      rscript,
	} {
		peers[program] = invite(ctx, program, prepare, dir, progress)
		defer peers[program].leave()
	}
	fmt.Fprintf(out, "%s, %d processors, median of %d rounds\n\n", runtime.Version(), runtime.GOMAXPROCS(0), with.rounds)
	fmt.Fprint(out, head)
	disagree := 0
	for _, one := range contests {
		if !strings.Contains(one.peer, with.only) {
			continue
		}
		result := one.hold(given, peers[one.program], with.rounds)
		fmt.Fprintln(out, result.row(one))
		if result.apart != "" {
			disagree++
		}
	}
	if disagree > 0 {
		return fmt.Errorf("%d peers have other numbers than we have", disagree)
	}
	return ctx.Err()
}
