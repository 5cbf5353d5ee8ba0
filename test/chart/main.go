package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// Where things are, seen from this folder, in which go -C runs the command.
const (
	systemFolder = "../../manifests/system"
	chartFolder  = "../../manifests/chart/assay"
)

func main() {
	if err := write(chartFolder); err != nil {
		fmt.Fprintf(os.Stderr, "chart: %v\n", err)
		os.Exit(1)
	}
}

func write(folder string) error {
	files, err := generate()
	if err != nil {
		return err
	}
	for name, content := range files {
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate makes all files of the chart that nobody writes by hand.
func generate() (map[string][]byte, error) {
	source, err := load(systemFolder)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, one := range parts {
		text, err := source.template(one)
		if err != nil {
			return nil, fmt.Errorf("part %s: %w", one.name, err)
		}
		files["templates/"+one.name+".yaml"] = []byte(text)
	}
	definitions, err := filepath.Glob(filepath.Join(systemFolder, "crd", "assay.dev_*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, name := range definitions {
		if files["crds/"+filepath.Base(name)], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return files, nil
}
