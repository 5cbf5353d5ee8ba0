package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// ServeHTTP answers an AdmissionReview. It does what controller-runtime's Webhook
// does, which reads every review four times before it hands it over.
//
// The work is done by a goroutine that has answered before: the stack of the one
// that HTTP/2 makes for each request would grow anew each time.
func (h Handler) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	done := make(chan struct{})
	h.crew.run(func() {
		defer close(done)
		h.converse(writer, request)
	})
	<-done
}

// converse reads a review and writes the answer. Nobody stands between a panic and
// the end of the process.
func (h Handler) converse(writer http.ResponseWriter, request *http.Request) {
	logger := log.FromContext(request.Context())
	defer func() {
		if cause := recover(); cause != nil {
			logger.Error(fmt.Errorf("panic: %v", cause), "answering a review")
		}
	}()
	var asked admission.Request
	body, err := bodyOf(request)
	if err == nil {
		asked.AdmissionRequest, err = subject.Request(body)
	}
	var response admission.Response
	if err != nil {
		logger.Error(err, "reading a review")
		response = admission.Errored(http.StatusBadRequest, err)
	} else {
		response = h.Handle(request.Context(), asked)
	}
	if err := reply(writer, asked, response); err != nil {
		logger.Error(err, "writing an answer", "requestID", asked.UID)
	}
}

// bodyOf is what was sent, if it is no longer than two objects and what an API
// server says of them.
func bodyOf(request *http.Request) ([]byte, error) {
	if told := request.Header.Get("Content-Type"); told != "application/json" {
		return nil, fmt.Errorf("the content is %.80q, want application/json", told)
	}
	var body bytes.Buffer
	body.Grow(int(min(max(request.ContentLength, 0), subject.MaxReview)) + bytes.MinRead)
	read, err := body.ReadFrom(io.LimitReader(request.Body, subject.MaxReview+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the request: %w", err)
	case read == 0:
		return nil, errors.New("the request is empty")
	case read > subject.MaxReview:
		return nil, fmt.Errorf("the request has more than %d bytes", subject.MaxReview)
	}
	return body.Bytes(), nil
}

func reply(writer http.ResponseWriter, asked admission.Request, response admission.Response) error {
	if err := response.Complete(asked); err != nil {
		return err
	}
	writer.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(writer).Encode(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"},
		Response: &response.AdmissionResponse,
	})
}
