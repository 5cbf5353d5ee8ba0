package security

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"runtime"
	"strings"
	"sync"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Trivy writes to slog's default logger, at level info and above for ordinary
// events, and some of its failures (a check that broke, a check that did not
// compile) are log lines and nothing else. trivyLog stands in front of the
// default handler: lines of Trivy go to debug, failures are also kept for the
// measurement that caused them, and lines of everybody else pass untouched.
type trivyLog struct {
	next       slog.Handler
	complaints *complaints
}

// complaints are the failures that Trivy only logged.
type complaints struct {
	mu   sync.Mutex
	text string
}

var heard = &complaints{}

// listen forgets earlier complaints and makes sure that new ones are heard.
// The caller holds trivy.
func listen() *complaints {
	heard.mu.Lock()
	heard.text = ""
	heard.mu.Unlock()
	if _, listening := slog.Default().Handler().(trivyLog); !listening {
		// SetDefault redirects package log into the handler. Where the handler
		// is slog's own, which writes to package log, that is a loop
		// (https://go.dev/issue/62424), so package log keeps its writer.
		writer, flags := log.Writer(), log.Flags()
		slog.SetDefault(slog.New(trivyLog{slog.Default().Handler(), heard}))
		log.SetOutput(writer)
		log.SetFlags(flags)
	}
	return heard
}

func (c *complaints) err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.text == "" {
		return nil
	}
	return fmt.Errorf("trivy could not measure everything: %s", c.text)
}

func (c *complaints) add(record slog.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.text != "" {
		return
	}
	c.text = record.Message
	record.Attrs(func(attribute slog.Attr) bool {
		c.text += " " + attribute.String()
		return true
	})
	c.text = evidence.Line(c.text)
}

// Enabled cannot tell whose line it is, so it asks for everything that might
// have to be heard.
func (l trivyLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError || l.next.Enabled(ctx, level)
}

// Handle demotes the lines of Trivy.
func (l trivyLog) Handle(ctx context.Context, record slog.Record) error {
	if fromTrivy(record) {
		if record.Level >= slog.LevelError {
			l.complaints.add(record)
		}
		record.Level = slog.LevelDebug
	}
	if !l.next.Enabled(ctx, record.Level) {
		return nil
	}
	return l.next.Handle(ctx, record)
}

func (l trivyLog) WithAttrs(attributes []slog.Attr) slog.Handler {
	return trivyLog{l.next.WithAttrs(attributes), l.complaints}
}

func (l trivyLog) WithGroup(name string) slog.Handler {
	return trivyLog{l.next.WithGroup(name), l.complaints}
}

func fromTrivy(record slog.Record) bool {
	frame, _ := runtime.CallersFrames([]uintptr{record.PC}).Next()
	return strings.HasPrefix(frame.Function, "github.com/aquasecurity/")
}
