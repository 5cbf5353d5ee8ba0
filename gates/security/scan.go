package security

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy/pkg/clock"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/openvex"
)

// Image is all that is found in one image. Measurements name only what is
// severe, so that evidence stays small.
type Image struct {
	System          string // "debian 12.7"; empty when there is none
	Supported       bool   // whether it still gets advisories
	Packages        int
	Unlicensed      int // packages whose metadata name no licence
	Vulnerabilities []Vulnerability
	Licences        []Licence
	Bill            Bill
}

// Scan reads an image and compares it with the vulnerability database. The
// OpenVEX documents say which vulnerabilities do no harm in it.
func (g Gate) Scan(ctx context.Context, image string, exploitability [][]byte) (found Image, err error) {
	err = alone(ctx, func() error {
		documents, err := readExploitability(exploitability)
		if err != nil {
			return err
		}
		images, _, err := g.scan(ctx, documents, image)
		if err != nil {
			return err
		}
		found = images[0]
		return nil
	})
	return found, err
}

// scan reads the images first, so that the database is open for a short time.
func (g Gate) scan(ctx context.Context, documents []openvex.Document, references ...string) (images []Image, updated time.Time, err error) {
	var read []content
	for _, reference := range references {
		one, err := g.readImage(ctx, reference)
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("reading image %q: %w", reference, err)
		}
		read = append(read, one)
	}
	if updated, err = g.openDatabase(ctx); err != nil {
		return nil, time.Time{}, fmt.Errorf("opening vulnerability database %q: %w", g.Database, err)
	}
	for i, one := range read {
		image, err := scanOne(clock.With(ctx, updated), one, documents)
		if err != nil {
			err = fmt.Errorf("comparing image %q with vulnerability database %q: %w", references[i], g.Database, err)
			return nil, time.Time{}, errors.Join(err, db.Close())
		}
		images = append(images, image)
	}
	return images, updated, db.Close()
}

func scanOne(ctx context.Context, read content, documents []openvex.Document) (Image, error) {
	found, err := detect(ctx, read.detail)
	if err != nil {
		return Image{}, err
	}
	image := Image{System: found.system, Supported: found.supported}
	for _, result := range found.results {
		image.Packages += len(result.Packages)
	}
	image.Vulnerabilities = vulnerabilitiesOf(found.results, read.purl(true), documents)
	image.Licences, image.Unlicensed = licencesOf(found.results)
	image.Bill, err = billOf(ctx, read)
	return image, err
}

// measureImages tells of the image that serves, and of the one that trains if
// there is one.
func (g Gate) measureImages(ctx context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	documents, err := readExploitability(candidate.Exploitability)
	if err != nil {
		return nil, err
	}
	references := []string{candidate.Image}
	if candidate.TrainingImage != "" {
		references = append(references, candidate.TrainingImage)
	}
	images, updated, err := g.scan(ctx, documents, references...)
	if err != nil {
		return nil, err
	}
	age := evidence.Measurement{Name: "vulnerability_database_updated", N: 1, Unit: "unix seconds"}
	age.Value = evidence.Count(int(updated.Unix()))
	return slices.Concat(
		tellVulnerabilities("", images[0], maxVulnerabilities),
		tellTraining(candidate.Model.Spec.Trainer.Kind, images[1:]),
		tellDocuments(documents, images...),
		tellLicences(images[0]),
		[]evidence.Measurement{tellBill(images[0].Bill), age},
	), nil
}

// ownTrainers are the kinds of trainer that are a part of this program.
var ownTrainers = []string{"logistic", "cox"}

// tellTraining says in so many words where there was nothing to scan: rules take
// silence for an image that nobody looked at, as with a command outside of any.
func tellTraining(trainer string, images []Image) []evidence.Measurement {
	one := count("training_images", len(images), len(images))
	if len(images) > 0 {
		return append([]evidence.Measurement{one}, tellVulnerabilities("training_", images[0], maxVulnerabilities/2)...)
	}
	if slices.Contains(ownTrainers, trainer) {
		one.Method = fmt.Sprintf("the %s trainer is a part of this program", trainer)
	}
	return []evidence.Measurement{one}
}
