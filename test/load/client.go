package load

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
)

// Client asks one door, as an API server does.
type Client struct {
	URL  string
	http *http.Client
}

// maxAnswer is more than any door has to say.
const maxAnswer = 1 << 20

// patience is the timeoutSeconds of the webhook's configuration.
const patience = 3 * time.Second

// NewClient trusts one authority (PEM), and no other.
func NewClient(url string, authority []byte) (*Client, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("the authority is no certificate")
	}
	return &Client{url, &http.Client{Timeout: patience, Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13},
		ForceAttemptHTTP2: true,
	}}}, nil
}

// Ask sends a review and gives the answer to it.
func (c *Client) Ask(ctx context.Context, review Review) (*admissionv1.AdmissionResponse, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(review.Body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return read(response.Body, response.StatusCode, review)
}

func read(text io.Reader, status int, review Review) (*admissionv1.AdmissionResponse, error) {
	body, err := io.ReadAll(io.LimitReader(text, maxAnswer))
	if err != nil {
		return nil, err
	}
	var answer admissionv1.AdmissionReview
	if err := json.Unmarshal(body, &answer); err != nil || answer.Response == nil {
		return nil, fmt.Errorf("status %d, and no AdmissionReview: %.200s", status, body)
	}
	if answer.Response.UID != review.UID {
		return nil, fmt.Errorf("the answer is to %q, asked was %q", answer.Response.UID, review.UID)
	}
	return answer.Response, nil
}

// ask puts a review to a handler, without a network.
func ask(door http.Handler, review Review) (*admissionv1.AdmissionResponse, error) {
	request := httptest.NewRequest(http.MethodPost, "/admit", bytes.NewReader(review.Body))
	request.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	door.ServeHTTP(response, request)
	return read(response.Body, response.Code, review)
}

// Expect sends a review, and complains when it is not answered as it must be.
func (c *Client) Expect(ctx context.Context, review Review) error {
	answer, err := c.Ask(ctx, review)
	if err != nil {
		return err
	}
	return review.check(answer)
}

// Close gives the connection up.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func (r Review) check(answer *admissionv1.AdmissionResponse) error {
	message := ""
	if answer.Result != nil {
		message = answer.Result.Message
	}
	switch {
	case answer.Allowed != r.Allowed:
		return fmt.Errorf("allowed is %t, want %t: %.300s", answer.Allowed, r.Allowed, message)
	case !strings.Contains(message, r.Rule):
		return fmt.Errorf("denied, but not by %s: %.300s", r.Rule, message)
	}
	return nil
}
