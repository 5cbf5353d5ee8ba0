package faults

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/test/harness"
)

// rotated asks for another certificate in the way that an operator does: the
// Secret is deleted. Both authorities are believed for a minute, then all doors
// change over, and a minute later the former authority is believed no more.
func rotated(s *siege, _ func(time.Duration)) {
	before := map[*harness.Door][]byte{}
	for _, door := range s.doors {
		served, err := served(door)
		if err != nil {
			s.t.Fatal(err)
		}
		before[door] = served
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "assay-system", Name: "assay-webhook-tls"}}
	if err := s.Client.Delete(s.t.Context(), secret); err != nil {
		s.t.Fatal(err)
	}
	s.within(5*time.Minute, "every door serves another certificate", func() error {
		for door, former := range before {
			if now, err := served(door); err != nil || bytes.Equal(now, former) {
				return errors.Join(err, errors.New("one serves its former certificate"))
			}
		}
		return nil
	})
	s.within(5*time.Minute, "one authority is believed", func() error {
		if authorities := bytes.Count(s.authority(), []byte("BEGIN CERTIFICATE")); authorities != 1 {
			return fmt.Errorf("%d are", authorities)
		}
		return nil
	})
}

// served is the certificate that a door shows.
func served(door *harness.Door) ([]byte, error) {
	connection, err := tls.Dial("tcp", door.Address, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13}) // whose it is, is what is asked
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	return first(connection.ConnectionState().PeerCertificates)
}

func first(shown []*x509.Certificate) ([]byte, error) {
	if len(shown) == 0 {
		return nil, errors.New("no certificate is shown")
	}
	return shown[0].Raw, nil
}
