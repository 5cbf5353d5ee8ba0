package trainer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Command is a trainer made of two programs, found on PATH or by absolute path,
// and run without a shell in a fresh directory with nothing in the environment but PATH, HOME and
//
//	ASSAY_DATA    the rows, a CSV file: with outcomes to train, without to predict
//	ASSAY_CONFIG  the Config, a JSON file
//	ASSAY_SEED    the recipe's seed
//	ASSAY_MODEL   predict only: the directory that train wrote
//	ASSAY_OUT     train: the directory to write model files into;
//	              predict: the CSV file to write, header "score", one per row;
//	              header "score,risk" where the recipe names a horizon, by which
//	              the risk is that of an event
//
// Exit status 0 is success; what a program prints is quoted when it fails.
type Command struct {
	Training   []string // program and arguments
	Predicting []string
}

// Bounds on the model files that a command may leave.
const (
	maxFiles      = 10_000
	maxFilesBytes = 4 << 30
)

// Train runs the training program.
func (c Command) Train(ctx context.Context, job TrainJob) error {
	directory, remove, err := workspace(job.Config)
	if err != nil {
		return err
	}
	defer remove()
	data, forget, err := isolate(job.Data)
	if err != nil {
		return fmt.Errorf("training on %s: %w", filepath.Base(job.Data), err)
	}
	defer forget()
	variables, err := environment(directory, job.Config, map[string]string{"ASSAY_DATA": data, "ASSAY_OUT": job.Out})
	if err != nil {
		return err
	}
	if err := run(ctx, c.Training, directory, variables); err != nil {
		return fmt.Errorf("training on %s: %w", filepath.Base(job.Data), err)
	}
	return checkFiles(job.Out)
}

// Predict runs the predicting program and reads the scores that it wrote.
func (c Command) Predict(ctx context.Context, job PredictJob) (Prediction, error) {
	frame, err := table.Read(ctx, job.Data)
	if err != nil {
		return Prediction{}, fmt.Errorf("predicting: %w", err)
	}
	return c.predict(ctx, job, frame.Rows())
}

func (c Command) predict(ctx context.Context, job PredictJob, rows int) (Prediction, error) {
	directory, remove, err := workspace(job.Config)
	if err != nil {
		return Prediction{}, err
	}
	defer remove()
	out := filepath.Join(directory, "scores.csv")
	variables, err := environment(directory, job.Config, map[string]string{"ASSAY_DATA": job.Data, "ASSAY_MODEL": job.Model, "ASSAY_OUT": out})
	if err != nil {
		return Prediction{}, err
	}
	if err := run(ctx, c.Predicting, directory, variables); err != nil {
		return Prediction{}, fmt.Errorf("predicting %s: %w", filepath.Base(job.Data), err)
	}
	read, err := openScores(out, rows)
	if err == nil && len(read.Risks) > 0 && job.Config.Model.Horizon == 0 {
		return Prediction{}, fmt.Errorf("predicting: the command wrote risks, and the recipe names no horizon: risks of what time?")
	}
	return read, err
}

// openScores follows no link and waits on no pipe: the program chose what
// stands at the path.
func openScores(path string, rows int) (Prediction, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return Prediction{}, fmt.Errorf("predicting: the command wrote no scores to ASSAY_OUT: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Prediction{}, fmt.Errorf("predicting: what the command left at ASSAY_OUT is not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return Prediction{}, fmt.Errorf("reading the scores: %w", err)
	}
	defer file.Close()
	return ReadScores(file, rows)
}

// workspace makes the fresh directory, with the config in it.
func workspace(config Config) (directory string, remove func(), err error) {
	if directory, err = os.MkdirTemp("", "assay-trainer-"); err != nil {
		return "", nil, fmt.Errorf("making a directory for the trainer: %w", err)
	}
	remove = func() { os.RemoveAll(directory) }
	text, err := json.MarshalIndent(config, "", "  ")
	if err == nil {
		err = os.WriteFile(configPath(directory), text, 0o600)
	}
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("writing the trainer's config: %w", err)
	}
	return directory, remove, nil
}

func configPath(directory string) string { return filepath.Join(directory, "config.json") }

// environment is all that a program is told. Paths are absolute: it runs
// elsewhere than we do.
func environment(directory string, config Config, paths map[string]string) ([]string, error) {
	variables := []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + directory,
		"ASSAY_CONFIG=" + configPath(directory),
		"ASSAY_SEED=" + strconv.FormatUint(config.Model.Trainer.Seed, 10),
	}
	for _, name := range []string{"ASSAY_DATA", "ASSAY_MODEL", "ASSAY_OUT"} {
		if paths[name] == "" {
			continue
		}
		absolute, err := filepath.Abs(paths[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		variables = append(variables, name+"="+absolute)
	}
	return variables, nil
}

// checkFiles accepts a bounded number of regular files. A symbolic link would
// carry whatever it points at on this machine into the release.
func checkFiles(root string) error {
	files, bytes := 0, int64(0)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file", entry.Name())
		}
		files, bytes = files+1, bytes+info.Size()
		if files > maxFiles || bytes > maxFilesBytes {
			return fmt.Errorf("more than %d files or %d bytes", maxFiles, int64(maxFilesBytes))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("the trainer's files: %w", err)
	}
	if files == 0 {
		return fmt.Errorf("the trainer wrote no files to ASSAY_OUT")
	}
	return nil
}

// isolate copies a file into a directory of its own: what lies beside the
// original, the holdout with its outcomes perhaps, is not for a program to find.
func isolate(file string) (alone string, forget func(), err error) {
	directory, err := os.MkdirTemp("", "assay-data-")
	if err != nil {
		return "", nil, err
	}
	forget = func() { os.RemoveAll(directory) }
	alone = filepath.Join(directory, filepath.Base(file))
	if err := copyFile(file, alone); err != nil {
		forget()
		return "", nil, err
	}
	return alone, forget, nil
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
