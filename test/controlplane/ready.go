package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// readyPatience is generous because a first start migrates nothing but shares
// its cores with whatever builds the tests.
const readyPatience = 2 * time.Minute

// readyWhen lists what must answer 200. The API server makes its namespaces in
// the background and does not count them into /readyz, yet the first thing a
// caller does is to create something in "default".
var readyWhen = []string{"/readyz", "/api/v1/namespaces/default"}

// waitReady asks as the administrator and trusts only our own authority: what
// the caller will do next is then known to work.
func (s *apiServer) waitReady(ctx context.Context, token string, authority []byte) error {
	ctx, cancel := context.WithTimeout(ctx, readyPatience)
	defer cancel()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return errors.New("the authority is not a certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()

	for {
		answer := s.askReady(ctx, &http.Client{Transport: transport}, token)
		if answer == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it stopped: %w", s.fault)
		case <-ctx.Done():
			return fmt.Errorf("%w, last answer: %w", ctx.Err(), answer)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *apiServer) askReady(ctx context.Context, client *http.Client, token string) error {
	for _, path := range readyWhen {
		if err := ask(ctx, client, s.address+path, token); err != nil {
			return err
		}
	}
	return nil
}

func ask(ctx context.Context, client *http.Client, url, token string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s: %s", url, response.Status, body)
	}
	return err
}
