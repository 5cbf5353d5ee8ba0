package crds

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// Source is where definitions are: files of a module at one version.
type Source struct {
	Module  string
	Version string
	Sum     string   // of the zip, as go.sum would have it: a definition that changed is noticed
	Files   []string // patterns of path.Match, below the module
}

// maxDefinition bounds one file: the largest, Argo CD's ApplicationSet, has 1.5 MiB.
const maxDefinition = 8 << 20

// Read gives the files of a source. Only the zip is needed, so it does not
// matter whether this toolchain could build the module.
func (s Source) Read(ctx context.Context) (map[string][]byte, error) {
	archive, err := s.download(ctx)
	if err != nil {
		return nil, err
	}
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return nil, fmt.Errorf("opening %s@%s: %w", s.Module, s.Version, err)
	}
	defer reader.Close()
	files := map[string][]byte{}
	for _, entry := range reader.File {
		name := strings.TrimPrefix(entry.Name, s.Module+"@"+s.Version+"/")
		if !slices.ContainsFunc(s.Files, func(pattern string) bool { matched, _ := path.Match(pattern, name); return matched }) {
			continue
		}
		if files[name], err = readEntry(entry); err != nil {
			return nil, fmt.Errorf("reading %s of %s: %w", name, s.Module, err)
		}
	}
	if len(files) < len(s.Files) {
		return nil, fmt.Errorf("%s@%s has %d files that match %v", s.Module, s.Version, len(files), s.Files)
	}
	return files, nil
}

func readEntry(entry *zip.File) ([]byte, error) {
	if entry.UncompressedSize64 > maxDefinition {
		return nil, fmt.Errorf("it has %d bytes", entry.UncompressedSize64)
	}
	file, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxDefinition))
}

// download brings the zip into the module cache, where it stays. It runs outside
// of every module, so that no operator's requirements become ours.
func (s Source) download(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, "go", "mod", "download", "-json", s.Module+"@"+s.Version)
	command.Dir = os.TempDir()
	command.Env = append(os.Environ(), "GO111MODULE=on", "GOWORK=off", "GOFLAGS=-mod=mod")
	output, failure := command.Output()
	var answer struct{ Zip, Sum, Error string }
	if err := json.Unmarshal(output, &answer); err != nil {
		return "", fmt.Errorf("downloading %s@%s: %w", s.Module, s.Version, failure)
	}
	if answer.Zip == "" { // a module for a newer Go has an error and a zip
		return "", fmt.Errorf("downloading %s@%s: %s", s.Module, s.Version, answer.Error)
	}
	if answer.Sum != s.Sum {
		return "", fmt.Errorf("%s@%s is %s, not %s", s.Module, s.Version, answer.Sum, s.Sum)
	}
	return answer.Zip, nil
}
