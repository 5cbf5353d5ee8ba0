package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/security"
	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

// noon is now, for every door. It lies after the approvals of the catalog and
// before its agreements expire.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// promotions is a promotion repository as people have it: a clone, the bare
// repository behind it, and the registry that assay.yaml names.
type promotions struct {
	clone, bare string
	registry    *ociRegistry
	private     []byte // key of the trusted signer
	statistician, clinician,
	quality, security harness.Person // who may approve
}

// newPromotions fills in the catalog with a registry, a serving image, a
// vulnerability database and a key, and commits it below dir.
func newPromotions(ctx context.Context, dir string, built time.Time) (*promotions, error) {
	private, public, err := evidence.GenerateKey()
	if err != nil {
		return nil, err
	}
	made := &promotions{
		clone: filepath.Join(dir, "promotions"), bare: filepath.Join(dir, "promotions.git"),
		registry: startRegistry(), private: private,
	}
	if err := made.hire(); err != nil {
		return nil, err
	}
	image, err := pushImages(ctx, made.registry.host(), built)
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(made.clone, catalog.FS); err != nil {
		return nil, err
	}
	if err := made.fillIn(image, string(public)); err != nil {
		return nil, err
	}
	if err := harness.Vouch(filepath.Join(made.clone, "assay.yaml"), public, built); err != nil {
		return nil, err
	}
	bill, err := security.Gate{}.Components(ctx, image)
	if err != nil {
		return nil, err
	}
	if err := harness.Review(made.clone, evidence.Sum(bill), built); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "assay.key"), private, 0o600); err != nil {
		return nil, err
	}
	return made, made.git(ctx,
		[]string{"init", "--quiet", "--bare", "--initial-branch=main", made.bare},
		[]string{"init", "--quiet", "--initial-branch=main"},
		[]string{"remote", "add", "origin", made.bare},
		[]string{"config", "user.name", "Emil Engineer"},
		[]string{"config", "user.email", "emil@example.org"},
		[]string{"add", "."},
		[]string{"commit", "--quiet", "--date=" + noon.Format(time.RFC3339), "-m", "A promotion repository"},
		[]string{"push", "--quiet", "origin", "main"},
	)
}

// pushImages pushes a serving image without a known vulnerability, and the
// database that knows one of an older package.
func pushImages(ctx context.Context, host string, built time.Time) (image string, err error) {
	image, err = images.PushServing(ctx, host+"/assay/serving/predictor", images.Predictor(images.PredictorOpenSSL))
	if err != nil {
		return "", err
	}
	_, err = images.PushVulnerabilityDatabase(ctx, host+"/assay/vulnerability-database", built, []images.Advisory{{
		ID: "CVE-2024-5535", Bucket: images.Debian12, Package: "openssl", Fixed: "3.0.15-1~deb12u1",
		Severity: "CRITICAL", Title: "SSL_select_next_proto buffer overread", Score: 9.1,
	}})
	return image, err
}

func (p *promotions) fillIn(image, public string) error {
	signers := fmt.Sprintf("signers:\n    - name: reconciler\n      predicates: [%s]\n      publicKey: |\n        %s",
		strings.Join(evidence.ReconcilerTypes(), ", "), strings.ReplaceAll(strings.TrimSpace(public), "\n", "\n        "))
	filled := strings.NewReplacer(
		"registry.example.org/assay/serving/predictor@sha256:"+strings.Repeat("0", 64), image,
		"registry.example.org", p.registry.host(),
		"signers: []", signers,
		"people: []", harness.Listed(p.statistician, p.clinician, p.quality, p.security),
	)
	return filepath.WalkDir(p.clone, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(filled.Replace(string(content))), 0o644)
	})
}

// git runs commands in the clone.
func (p *promotions) git(ctx context.Context, commands ...[]string) error {
	for _, command := range commands {
		if _, err := harness.Git(ctx, p.clone, command...); err != nil {
			return err
		}
	}
	return nil
}

// replace changes a file of the clone where the old text must stand.
func (p *promotions) replace(file, old, with string) error {
	path := filepath.Join(p.clone, filepath.FromSlash(file))
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !strings.Contains(string(content), old) {
		return fmt.Errorf("%s does not hold %q", file, old)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(content), old, with, 1)), 0o644)
}

// dropAllBut stops promoting the other models.
func (p *promotions) dropAllBut(model string) error {
	files, err := filepath.Glob(filepath.Join(p.clone, "environments", "development", "*-*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if filepath.Base(file) == model+".yaml" {
			continue
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

// seal writes the digest that a data set's file has into its contract, and into
// the agreement and the decision that cover it.
func (p *promotions) seal(dataset string) error {
	dir := filepath.Join(p.clone, "datasets", dataset)
	rows, err := os.ReadFile(filepath.Join(dir, "data.csv"))
	if err != nil {
		return err
	}
	contract, err := os.ReadFile(filepath.Join(dir, "dataset.yaml"))
	if err != nil {
		return err
	}
	_, rest, found := strings.Cut(string(contract), "  digest: ")
	if !found || len(rest) < len(evidence.Sum(nil)) {
		return fmt.Errorf("the contract of %s holds no digest", dataset)
	}
	sealed := strings.ReplaceAll(string(contract), rest[:len(evidence.Sum(nil))], string(evidence.Sum(rows)))
	return os.WriteFile(filepath.Join(dir, "dataset.yaml"), []byte(sealed), 0o644)
}

// propose pushes a branch off main with whatever the change left in the clone,
// and the statistician approves all of it.
func (p *promotions) propose(ctx context.Context, branch string, change func() error) error {
	if err := p.git(ctx, []string{"checkout", "--quiet", "-B", branch, "main"}); err != nil {
		return err
	}
	if err := p.push(ctx, branch, change); err != nil {
		return err
	}
	return errors.Join(p.approve(ctx, branch, p.statistician, "review"), p.git(ctx, []string{"checkout", "--quiet", "main"}))
}

// push commits whatever the change left in the clone to the branch that is
// checked out.
func (p *promotions) push(ctx context.Context, branch string, change func() error) error {
	if err := change(); err != nil {
		return err
	}
	return p.git(ctx,
		[]string{"add", "--all", "."},
		[]string{"commit", "--quiet", "--date=" + noon.Format(time.RFC3339), "-m", branch},
		[]string{"push", "--quiet", "--force", "origin", branch},
	)
}

// merge merges a branch into main, as its reviewer would.
func (p *promotions) merge(ctx context.Context, branch string) error {
	return p.git(ctx,
		[]string{"-c", "user.name=Mara Maintainer", "-c", "user.email=mara@example.org", "merge", "--quiet", "--no-ff", "-m", "Merge " + branch, branch},
		[]string{"push", "--quiet", "origin", "main"},
	)
}
