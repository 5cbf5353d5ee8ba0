package main

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// sendTraces sends spans by OTLP, to where the standard's environment variables
// say. A collector that is away costs the spans, and holds nobody up.
func sendTraces(ctx context.Context) (stop func() error, err error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("preparing traces: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(
		resource.NewSchemaless(attribute.String("service.name", "assay-reconciler"))))
	otel.SetTracerProvider(provider)
	return func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return provider.Shutdown(ending)
	}, nil
}
