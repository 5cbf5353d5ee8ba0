package oci

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// maxPages bounds how long a registry may lead its reader on: a list that
// points back to itself has no end.
const maxPages = 64

// nextPage is how a registry says that a list goes on.
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
var nextPage = regexp.MustCompile(`^<([^>]+)>\s*;\s*rel="?next"?`)

func isList(request *http.Request) bool { return strings.Contains(request.URL.Path, "/referrers/") }

// whole reads the pages of a list as one. The client library reads the first
// and takes it for all: evidence on the second would not be missed.
func (b bounded) whole(request *http.Request, first *http.Response) (*http.Response, error) {
	var list v1.IndexManifest
	read, answer := 0, first
	for page := 1; ; page++ {
		part, size, err := onePage(answer)
		if err != nil {
			return nil, err
		}
		if page == 1 {
			list = part
		} else {
			list.Manifests = append(list.Manifests, part.Manifests...)
		}
		if read += size; read > maxManifest || page > maxPages {
			return nil, fmt.Errorf("the list of referrers does not end: %d bytes on %d pages", read, page)
		}
		link := answer.Header.Get("Link")
		if link == "" {
			break
		}
		if answer, err = b.follow(request, link); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	first.Body, first.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return first, nil
}

func onePage(answer *http.Response) (list v1.IndexManifest, size int, err error) {
	text, err := io.ReadAll(http.MaxBytesReader(nil, answer.Body, maxManifest))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return list, 0, fmt.Errorf("reading a list of referrers: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return list, 0, fmt.Errorf("a page of the list of referrers: %s", answer.Status)
	}
	return list, len(text), json.Unmarshal(text, &list)
}

// follow asks for the next page. It leads nowhere else: the request carries
// the credentials of this registry.
func (b bounded) follow(request *http.Request, link string) (*http.Response, error) {
	found := nextPage.FindStringSubmatch(link)
	if found == nil {
		return nil, fmt.Errorf("the list of referrers goes on at %.80q, which is no link", link)
	}
	target, err := request.URL.Parse(found[1])
	if err != nil {
		return nil, err
	}
	if !sameList(request.URL, target) {
		return nil, fmt.Errorf("the list of referrers goes on elsewhere: %.80q", target.Redacted())
	}
	next := request.Clone(request.Context())
	next.URL = target
	return b.next.RoundTrip(next)
}

func sameList(from, to *url.URL) bool {
	return from.Scheme == to.Scheme && from.Host == to.Host && from.Path == to.Path
}
