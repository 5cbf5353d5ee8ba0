package controller

import (
	"context"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// tracer makes spans where the process has somewhere to send them to, and does
// nothing elsewhere. Attributes are names and digests: no address, which may
// hold credentials, and no text of a repository.
var tracer = otel.Tracer("github.com/mlops-clinical-trials/assay/reconciler")

// spanned runs something as a span.
func spanned[T any](ctx context.Context, what string, do func(context.Context) (T, error), attributes ...attribute.KeyValue) (T, error) {
	ctx, span := tracer.Start(ctx, what, oteltrace.WithAttributes(attributes...))
	defer span.End()
	made, err := do(ctx)
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	return made, err
}

// trace adds a phase that has ended to the span that it ran under.
func trace(ctx context.Context, event promotion.Event) {
	now := time.Now()
	_, span := tracer.Start(ctx, event.Phase, oteltrace.WithTimestamp(now.Add(-event.Output.Took)), oteltrace.WithAttributes(
		attribute.String("model", event.Request.Model), attribute.String("environment", event.Request.Environment),
		attribute.String("commit", event.Request.Commit.Hash), attribute.Bool("cached", event.Output.Cached),
		attribute.String("input", string(event.Output.Input)), attribute.String("output", string(event.Output.Output)),
	))
	if event.Err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End(oteltrace.WithTimestamp(now))
}

// observeFetch times what is asked of a git remote.
func observeFetch(ctx context.Context, do func(context.Context) (string, error)) (string, error) {
	started := time.Now()
	made, err := spanned(ctx, "fetch", do)
	fetchSeconds.WithLabelValues(resultOf(err)).Observe(time.Since(started).Seconds())
	return made, err
}

// observeLook times a look at a pull request.
func observeLook(ctx context.Context, at pull, do func(context.Context) (conversation.Outcome, error)) (conversation.Outcome, error) {
	started := time.Now()
	made, err := spanned(ctx, "look", do, attribute.String("repository", at.repository.String()), attribute.Int64("number", at.number))
	lookSeconds.WithLabelValues(resultOf(err)).Observe(time.Since(started).Seconds())
	return made, err
}
