package gitrepo

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"
)

// monorepo is a repository of 5,000 files of 5 KB in 100 folders, with 300
// commits, as git's own server gives it out. What is in the files does not
// compress away.
func monorepo(tb testing.TB) string {
	tb.Helper()
	folder := filepath.Join(tb.TempDir(), "origin.git")
	run(tb, "", nil, "init", "--quiet", "--bare", "--initial-branch=main", folder)
	for _, able := range []string{"uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"} {
		run(tb, folder, nil, "config", able, "true")
	}
	var history bytes.Buffer
	for commit := range 300 {
		fmt.Fprintf(&history, "commit refs/heads/main\ncommitter Ada <ada@example.org> %d +0000\ndata 0\n", 1_700_000_000+commit)
		if commit > 0 {
			history.WriteString(manifest(commit*16%5000, commit))
			continue
		}
		for file := range 5_000 {
			history.WriteString(manifest(file, 0))
		}
	}
	run(tb, folder, &history, "fast-import", "--quiet")
	return folder
}

func manifest(file, version int) string {
	var text bytes.Buffer
	state := uint64(file)*2_654_435_761 + uint64(version)
	for text.Len() < 5_000 {
		state = state*6_364_136_223_846_793_005 + 1_442_695_040_888_963_407
		fmt.Fprintf(&text, "key%d: %x\n", text.Len(), state)
	}
	return fmt.Sprintf("M 644 inline dir%02d/file%04d.yaml\ndata %d\n%s\n", file%100, file, text.Len(), &text)
}

// advance adds a commit with one changed file.
func advance(tb testing.TB, folder string, version int) {
	tb.Helper()
	tip := run(tb, folder, nil, "rev-parse", "main")
	text := fmt.Sprintf("commit refs/heads/main\ncommitter Ada <ada@example.org> %d +0000\ndata 0\nfrom %s\n%s\n", 1_800_000_000+version, tip, manifest(7, version))
	run(tb, folder, bytes.NewBufferString(text), "fast-import", "--quiet")
}

func cloned(tb testing.TB, folder string) *Repo {
	tb.Helper()
	repo, err := Open(folder, tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	if err := repo.Fetch(tb.Context(), "main"); err != nil {
		tb.Fatal(err)
	}
	return repo
}

// peak is the most that the heap held above what it held before, in bytes.
func peak(work func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			runtime.ReadMemStats(&now)
			if now.HeapInuse > before.HeapInuse {
				most.Store(max(most.Load(), now.HeapInuse-before.HeapInuse))
			}
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	work()
	close(stop)
	<-done
	return most.Load()
}

// mostMemory of a clone of 5,000 files, in bytes.
const mostMemory = 20 << 20

// What is not needed any more is collected soon here, so that the heap is what
// the clone needs and not what the collector leaves lying about.
func TestACloneOf5000FilesIsSmall(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	folder := monorepo(t)
	var repo *Repo
	used := peak(func() { repo = cloned(t, folder) })
	count, err := 0, error(nil)
	reading := peak(func() { count, err = readAll(repo) })
	if err != nil || count != 5_000 {
		t.Fatalf("read %d files, %v", count, err)
	}
	if used > mostMemory || reading > mostMemory {
		t.Errorf("a clone takes %d KB, and reading all files %d KB more", used>>10, reading>>10)
	}
	t.Logf("a clone takes %d KB, and reading all files %d KB more", used>>10, reading>>10)
}

func readAll(repo *Repo) (count int, err error) {
	tree, err := repo.Tree("main")
	if err != nil {
		return 0, err
	}
	return count, fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			_, err = fs.ReadFile(tree, name)
			count++
		}
		return err
	})
}

func BenchmarkClone(b *testing.B) {
	folder := monorepo(b)
	for b.Loop() {
		used := peak(func() { cloned(b, folder) })
		b.ReportMetric(float64(used)/1e6, "MB-peak")
	}
}

// BenchmarkLook is a fetch when nothing moved.
func BenchmarkLook(b *testing.B) {
	repo := cloned(b, monorepo(b))
	for b.Loop() {
		if err := repo.Fetch(b.Context(), "main"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIncrement is a fetch of one commit, and reading the file that it
// changed.
func BenchmarkIncrement(b *testing.B) {
	folder := monorepo(b)
	repo := cloned(b, folder)
	version := 0
	for b.Loop() {
		b.StopTimer()
		version++
		advance(b, folder, version)
		b.StartTimer()
		if err := repo.Fetch(b.Context(), "main"); err != nil {
			b.Fatal(err)
		}
		if _, err := repo.Tree("main"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadAll reads every file for the first time.
func BenchmarkReadAll(b *testing.B) {
	folder := monorepo(b)
	for b.Loop() {
		b.StopTimer()
		repo := cloned(b, folder)
		b.StartTimer()
		if count, err := readAll(repo); err != nil || count != 5_000 {
			b.Fatal(count, err)
		}
	}
}

// BenchmarkDeliver puts 100 models of one environment on its branch, of which
// all changed, or one.
func BenchmarkDeliver(b *testing.B) {
	for _, changed := range []int{100, 1} {
		b.Run(fmt.Sprint(changed, " of 100"), func(b *testing.B) {
			folder := filepath.Join(b.TempDir(), "origin.git")
			run(b, "", nil, "init", "--quiet", "--bare", folder)
			repo, err := Open(folder, b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			deliver := func(models, version int) {
				edit := Edit{Files: map[string][]byte{}}
				for model := range models {
					name := fmt.Sprint("model", model)
					edit.Replace = append(edit.Replace, name)
					for file := range 8 {
						edit.Files[fmt.Sprintf("%s/%d.yaml", name, file)] = []byte(manifest(model*8+file, version))
					}
				}
				if _, changed, err := repo.Rewrite(b.Context(), "env/prod", edit, "deliver\n", Author{Name: "assay", Email: "assay@example.org", Time: time.Unix(1_800_000_000, 0)}); err != nil || !changed {
					b.Fatal(changed, err)
				}
			}
			deliver(100, 0)
			version := 0
			for b.Loop() {
				version++
				deliver(changed, version)
			}
		})
	}
}
