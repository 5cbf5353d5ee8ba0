package harness

import (
	"errors"
	"os"
	"regexp"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/auditlog"
)

// What stands in the catalog's assay.yaml in place of a log and of a review.
var (
	standInLog    = regexp.MustCompile(`publicKey: assay\.dev/log/\S+`)
	standInReview = regexp.MustCompile(`reviewed: "[0-9-]+"`)
)

// Vouch writes into an assay.yaml of the catalog what the people of a world
// answer for: which log verdicts are entered in, by the public key (PEM) that
// signs it, and that somebody looked at who may do what on that day.
func Vouch(file string, public []byte, day time.Time) error {
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		return err
	}
	line, err := auditlog.VerifierKey(key)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	text := string(content)
	if !standInLog.MatchString(text) || !standInReview.MatchString(text) {
		return errors.New(file + " holds no stand-in for a log or a review")
	}
	text = standInLog.ReplaceAllLiteralString(text, "publicKey: "+line)
	text = standInReview.ReplaceAllLiteralString(text, `reviewed: "`+day.UTC().Format(time.DateOnly)+`"`)
	return os.WriteFile(file, []byte(text), 0o644)
}
