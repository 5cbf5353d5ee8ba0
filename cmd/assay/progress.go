package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// progress tells of phases on a terminal, and is silent when piped.
func progress(w io.Writer) func(context.Context, promotion.Event) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	return func(_ context.Context, event promotion.Event) {
		where := report.Line(fmt.Sprintf("%s in %s", event.Request.Model, event.Request.Environment))
		switch {
		case !event.Done:
			fmt.Fprintf(w, "\r\x1b[K%s: %s ...", where, event.Phase)
		case event.Err != nil:
			fmt.Fprintf(w, "\r\x1b[K%s: %s could not be done\n", where, event.Phase)
		case event.Output.Cached:
			fmt.Fprintf(w, "\r\x1b[K%s: %s (as before)\n", where, event.Phase)
		default:
			fmt.Fprintf(w, "\r\x1b[K%s: %s (%s)\n", where, event.Phase, event.Output.Took.Round(time.Millisecond))
		}
	}
}
