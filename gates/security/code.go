package security

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

// maxListedOfModel bounds what is named of the model's files, so that all that
// this gate names stays within what a statement may hold.
const maxListedOfModel = maxListed / 2

// measureCode tells what the model's files are by their content, which of them
// can run code when they are loaded, and what in them imports, calls, reaches
// out or breaks its format. Trivy sees none of it.
func measureCode(ctx context.Context, model fs.FS) ([]evidence.Measurement, error) {
	files, err := modelfile.Inspect(ctx, model)
	if err != nil {
		return nil, err
	}
	return slices.Concat(
		[]evidence.Measurement{count("model_files", len(files), len(files))},
		formats(files), carriers(files), contents(files),
	), nil
}

// formats counts the files of each format, and names one of each.
func formats(files []modelfile.File) []evidence.Measurement {
	counted, first := map[modelfile.Format]int{}, map[modelfile.Format]string{}
	for _, file := range slices.Backward(files) {
		counted[file.Format]++
		first[file.Format] = file.Path
	}
	var measured []evidence.Measurement
	for _, format := range slices.Sorted(maps.Keys(counted)) {
		one := count("model_format", counted[format], len(files))
		one.Group, one.Method = string(format), evidence.Line(first[format])
		measured = append(measured, one)
	}
	return measured
}

func carriers(files []modelfile.File) []evidence.Measurement {
	var found []evidence.Measurement
	total := 0
	for _, file := range files {
		if file.Code == "" {
			continue
		}
		if total++; total <= maxListedOfModel {
			found = append(found, item("code_carrying_file", file.Path, file.Code))
		}
	}
	return append([]evidence.Measurement{count("code_carrying_files", total, len(files))}, found...)
}

func contents(files []modelfile.File) []evidence.Measurement {
	var found, notes []evidence.Measurement
	total := 0
	for _, file := range files {
		total += len(file.Findings) + file.Dropped
		for _, finding := range file.Findings {
			if len(found)+len(notes) < maxListedOfModel {
				found = append(found, told("model_file_finding", file.Path, finding))
			}
		}
		for _, note := range file.Notes {
			if len(found)+len(notes) < maxListedOfModel {
				notes = append(notes, told("model_file_note", file.Path, note))
			}
		}
	}
	return slices.Concat([]evidence.Measurement{count("model_file_findings", total, len(files))}, found, notes)
}

func told(name, path string, finding modelfile.Finding) evidence.Measurement {
	return item(name, path+": "+finding.String(), fmt.Sprintf("at byte %d", finding.Offset))
}
