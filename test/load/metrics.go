package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Metric reads one metric of a process's /metrics: the sum of all its series that
// have the labels, each written as in that text (verdict="allowed").
func Metric(ctx context.Context, address, name string, labels ...string) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return sumIn(response.Body, name, labels)
}

// sumIn adds up a metric in Prometheus' text format.
func sumIn(text io.Reader, name string, labels []string) (sum float64, err error) {
	found, lines := false, bufio.NewScanner(text)
	for lines.Scan() {
		series, number, _ := strings.Cut(lines.Text(), " ")
		one, own, _ := strings.Cut(series, "{")
		if one != name {
			continue
		}
		found = true
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", series, err)
		}
		if hasAll(own, labels) {
			sum += value
		}
	}
	if err := lines.Err(); err != nil || found {
		return sum, err
	}
	return 0, fmt.Errorf("there is no metric %s", name)
}

func hasAll(text string, labels []string) bool {
	for _, label := range labels {
		if !strings.Contains(text, label) {
			return false
		}
	}
	return true
}
