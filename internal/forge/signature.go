package forge

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
)

// sender is what the headers of a delivery claim.
type sender struct {
	provider  Provider
	event     string
	delivery  string
	signature string
}

// identify reads the headers. Gitea and Forgejo send those of GitHub, too, so
// they come first; who lies about the sender still needs that sender's secret.
func identify(header http.Header) (sender, bool) {
	for _, maker := range []string{"Forgejo", "Gitea"} {
		if event := header.Get("X-" + maker + "-Event-Type"); event != "" || header.Get("X-"+maker+"-Event") != "" {
			if event == "" {
				event = header.Get("X-" + maker + "-Event")
			}
			return sender{Gitea, event, header.Get("X-" + maker + "-Delivery"), header.Get("X-" + maker + "-Signature")}, true
		}
	}
	if event := header.Get("X-Gitlab-Event"); event != "" {
		return sender{GitLab, event, header.Get("X-Gitlab-Event-UUID"), header.Get("X-Gitlab-Token")}, true
	}
	if event := header.Get("X-GitHub-Event"); event != "" {
		signature, _ := strings.CutPrefix(header.Get("X-Hub-Signature-256"), "sha256=")
		return sender{GitHub, event, header.Get("X-GitHub-Delivery"), signature}, true
	}
	return sender{}, false
}

// signed reports whether one of the secrets made the signature. All are tried,
// whichever it is, and each comparison takes the same time wherever it fails.
func (s sender) signed(body []byte, secrets []string) bool {
	held := 0
	for _, secret := range secrets {
		held |= s.holds(body, secret)
	}
	return held == 1
}

func (s sender) holds(body []byte, secret string) int {
	if s.provider == GitLab { // the token is the secret itself; digests are of one length
		claimed, wanted := sha256.Sum256([]byte(s.signature)), sha256.Sum256([]byte(secret))
		return subtle.ConstantTimeCompare(claimed[:], wanted[:])
	}
	claimed, err := hex.DecodeString(s.signature)
	if err != nil {
		return 0
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return subtle.ConstantTimeCompare(claimed, mac.Sum(nil))
}

// keys are what a delivery is remembered by. Its id is in a header, which no
// signature covers, so whoever replays a delivery can give it another; the
// body stays what was signed. GitLab's token covers nothing,
// and two of its bodies may be alike: there the id alone counts, if there is one.
func (s sender) keys(body []byte) []string {
	var keys []string
	if s.delivery != "" {
		keys = append(keys, string(s.provider)+" "+clip(s.delivery, 100))
	}
	if s.provider != GitLab || s.delivery == "" {
		sum := sha256.Sum256(body)
		keys = append(keys, string(s.provider)+" "+hex.EncodeToString(sum[:]))
	}
	return keys
}
