package webhook

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Settings is the Configuration in a file, as it was when it last could be
// read. A kubelet swaps the file of a ConfigMap by renaming a link, so it is
// read again every few seconds and compared, rather than watched.
type Settings struct {
	file     string
	memory   *Memory
	readRoot ReadRoot
	court    *Court          // chosen for the configuration; nil where nobody is judged
	digest   evidence.Digest // of what was tried last
	current  atomic.Pointer[Configuration]
}

const settingsInterval = 5 * time.Second

// LoadSettings reads the file for the first time; an error is fatal then,
// because there is no earlier configuration to keep.
func LoadSettings(ctx context.Context, file string, memory *Memory, readRoot ReadRoot) (*Settings, error) {
	settings := &Settings{file: file, memory: memory, readRoot: readRoot}
	if _, err := settings.reload(ctx); err != nil {
		return nil, err
	}
	return settings, nil
}

// Seat lets the configuration choose the court's policy from now on. A policy
// that the first configuration does not suit is fatal, as a file is that cannot
// be read.
func (s *Settings) Seat(ctx context.Context, court *Court) error {
	if err := court.open(ctx, s.Current()); err != nil {
		return fmt.Errorf("reading %s: %w", s.file, err)
	}
	s.court = court
	return nil
}

// Current is the configuration by which reviews are answered.
func (s *Settings) Current() Configuration { return *s.current.Load() }

// Start reads the file again and again until the context ends. A file that
// cannot be read changes nothing but the log.
func (s *Settings) Start(ctx context.Context) error {
	logger := log.FromContext(ctx).WithValues("file", s.file)
	ticker := time.NewTicker(settingsInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if s.court != nil {
				s.court.look(ctx)
			}
			switch changed, err := s.reload(ctx); {
			case err != nil && changed:
				logger.Error(err, "keeping the last good configuration")
			case changed:
				logger.Info("configuration changed", "digest", s.digest)
			}
		}
	}
}

// reload says whether the file holds something that was not tried before. The
// memory learns whom to trust before reviews see the new configuration, so a
// key that was withdrawn counts for nothing from then on.
func (s *Settings) reload(ctx context.Context) (changed bool, err error) {
	content, err := readBounded(s.file)
	digest := evidence.Sum(content)
	if err != nil {
		digest = evidence.Sum([]byte(err.Error()))
	}
	if s.tried(digest) == s.digest {
		return false, err
	}
	s.digest = s.tried(digest)
	if err != nil {
		return true, fmt.Errorf("reading the configuration: %w", err)
	}
	configuration, err := ParseConfiguration(content, s.readRoot)
	if err != nil {
		return true, fmt.Errorf("reading %s: %w", s.file, err)
	}
	if s.court != nil {
		if err := s.court.seat(ctx, configuration); err != nil {
			return true, fmt.Errorf("reading %s: %w", s.file, err)
		}
		s.digest = s.tried(digest)
	}
	s.memory.Trust(configuration.Trust)
	s.current.Store(&configuration)
	return true, nil
}

// tried names a content together with the policies there are: what does not suit
// one may suit another.
func (s *Settings) tried(content evidence.Digest) evidence.Digest {
	if s.court == nil {
		return content
	}
	return evidence.Sum([]byte(string(content) + s.court.candidates()))
}

func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxConfiguration+1))
}
