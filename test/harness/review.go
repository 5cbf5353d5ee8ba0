package harness

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// What stands in the catalog's governance.yaml in place of a review, and how
// long after it the next one is due.
var (
	standInBill      = regexp.MustCompile(`components: sha256:[0-9a-f]{64}`)
	standInReviewDay = regexp.MustCompile(`reviewBy: "[0-9-]+"`)
	standInDay       = regexp.MustCompile(`\bdate: "[0-9-]+"`)
)

const untilTheNextReview = 300 * 24 * time.Hour

// Review writes into every governance.yaml of a promotion repository what the
// people of a world answer for: that somebody reviewed the bill of materials of
// the serving image on that day, accepted the residual risk, holds the gates
// qualified, and will look again before a year is over.
func Review(repository string, bill evidence.Digest, day time.Time) error {
	files, err := filepath.Glob(filepath.Join(repository, "models", "*", "governance.yaml"))
	if err != nil {
		return err
	}
	today, next := day.UTC().Format(time.DateOnly), day.Add(untilTheNextReview).UTC().Format(time.DateOnly)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text := string(content)
		if !standInBill.MatchString(text) || !standInReviewDay.MatchString(text) {
			return errors.New(file + " holds no stand-in for a review")
		}
		text = standInBill.ReplaceAllLiteralString(text, "components: "+string(bill))
		text = standInReviewDay.ReplaceAllLiteralString(text, `reviewBy: "`+next+`"`)
		text = standInDay.ReplaceAllLiteralString(text, `date: "`+today+`"`)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
