package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/security"
	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/test/harness"
	"github.com/mlops-clinical-trials/assay/test/harness/images"
)

// stage is what the people of the story have: a clone of the promotion
// repository, a key, a serving image, and an old one that has a vulnerability.
type stage struct {
	world    *harness.World
	clone    string
	key      string
	image    string
	oldImage string
	bill     evidence.Digest // of materials of image
	oldBill  evidence.Digest
	merged   string // commit of main

	statistician, clinician harness.Person // who sign what others propose
}

// setTheStage prepares all that is there before the first pull request.
func (s *story) setTheStage(ctx context.Context) error {
	s.say("The registry gets a serving image and a vulnerability database; git gets a promotion repository; the cluster gets manifests/system.")
	set := &stage{world: s.world, clone: filepath.Join(s.world.Dir, "clone"), key: filepath.Join(s.world.Dir, "keys", "assay.key")}
	s.stage = set
	public, err := set.makeKey()
	if err != nil {
		return err
	}
	if set.statistician, err = harness.NewPerson("Ines Albrecht", "ines.albrecht@example.org", "statistician"); err != nil {
		return err
	}
	if set.clinician, err = harness.NewPerson("Carla Clinician", "carla.clinician@example.org", "clinical"); err != nil {
		return err
	}
	if err := set.pushImages(ctx); err != nil {
		return err
	}
	if err := set.pushRepository(ctx, string(public)); err != nil {
		return err
	}
	private, err := os.ReadFile(set.key)
	if err != nil {
		return err
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		return err
	}
	checks := filepath.Join(s.world.Dir, "checks")
	s.workshop, err = assembly.Open(assembly.Options{
		Repository: s.world.Repository, StateDir: checks, Ledger: s.world.Ledger(),
		Signer: signer, Log: assembly.NewLog(filepath.Join(checks, "log"), private), Clock: time.Now,
	})
	if err != nil {
		return err
	}
	return set.installSystem(ctx, string(public))
}

func (s *stage) makeKey() (public []byte, err error) {
	private, public, err := evidence.GenerateKey()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(s.key), 0o700); err != nil {
		return nil, err
	}
	return public, os.WriteFile(s.key, private, 0o600)
}

// pushImages builds two serving images that differ in one package, and the
// database that knows the older one. The database is in the real format, and
// small: it holds one real advisory (https://www.openssl.org/news/secadv).
func (s *stage) pushImages(ctx context.Context) error {
	repository := s.world.Registry + "/assay/serving/predictor"
	var err error
	if s.image, err = images.PushServing(ctx, repository, images.Predictor(images.PredictorOpenSSL)); err != nil {
		return err
	}
	if s.oldImage, err = images.PushServing(ctx, repository, images.Predictor("3.0.9-1")); err != nil {
		return err
	}
	if s.bill, err = billOf(ctx, s.image); err != nil {
		return err
	}
	if s.oldBill, err = billOf(ctx, s.oldImage); err != nil {
		return err
	}
	_, err = images.PushVulnerabilityDatabase(ctx, s.world.Registry+"/assay/vulnerability-database", time.Now().Add(-time.Hour), []images.Advisory{{
		ID: "CVE-2024-5535", Bucket: images.Debian12, Package: "openssl", Fixed: "3.0.15-1~deb12u1",
		Severity: "CRITICAL", Title: "SSL_select_next_proto buffer overread", Score: 9.1,
	}})
	return err
}

// billOf is the bill of materials that somebody would review of an image.
func billOf(ctx context.Context, image string) (evidence.Digest, error) {
	document, err := security.Gate{}.Components(ctx, image)
	return evidence.Sum(document), err
}

// pushRepository puts the catalog into git, without its models: those come by
// pull request.
func (s *stage) pushRepository(ctx context.Context, public string) error {
	if err := writeCatalog(s.clone); err != nil {
		return err
	}
	if err := s.fillIn(public); err != nil {
		return err
	}
	if err := harness.Vouch(filepath.Join(s.clone, "assay.yaml"), []byte(public), time.Now()); err != nil {
		return err
	}
	if err := harness.Review(s.clone, s.bill, time.Now()); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(s.clone, "models"), s.shelf("models")); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(s.clone, "datasets"), s.shelf("datasets")); err != nil {
		return err
	}
	promotions, err := filepath.Glob(filepath.Join(s.clone, "environments", "*", "*-*.yaml"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.shelf("promotions"), 0o755); err != nil {
		return err
	}
	for _, promotion := range promotions {
		if err := os.Rename(promotion, filepath.Join(s.shelf("promotions"), filepath.Base(promotion))); err != nil {
			return err
		}
	}
	return s.git(ctx,
		[]string{"init", "--quiet", "--initial-branch=main"},
		[]string{"remote", "add", "origin", s.world.Repository},
		[]string{"add", "."},
		[]string{"-c", "user.name=Pia Platform", "-c", "user.email=pia@example.org", "commit", "--quiet", "-m", "A promotion repository"},
		[]string{"push", "--quiet", "origin", "main"},
	)
}

// shelf is where the story keeps what is not proposed yet.
func (s *stage) shelf(name string) string { return filepath.Join(s.world.Dir, "shelf-"+name) }

// fillIn writes this world's registry, image and key into the catalog.
func (s *stage) fillIn(public string) error {
	_, digest, _ := strings.Cut(s.image, "@")
	signer := "signers:\n    - name: reconciler\n      predicates: [" + strings.Join(evidence.ReconcilerTypes(), ", ") + "]\n      publicKey: |\n" + indent(public, "        ")
	replacements := strings.NewReplacer(
		"registry.example.org/assay", s.world.Registry+"/assay",
		"sha256:"+strings.Repeat("0", 64), digest,
		"signers: []", strings.TrimRight(signer, "\n"),
		"people: []", harness.Listed(s.statistician, s.clinician),
	)
	return filepath.WalkDir(s.clone, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		return edit(path, replacements.Replace)
	})
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by) + "\n"
}

// edit changes a file; a change that changes nothing is a mistake of the story
// where it matters, and is found by the outcome.
func edit(path string, change func(string) string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(change(string(content))), 0o644)
}

// installSystem tells the webhook what the repository says, and the reconciler
// where the repository is.
func (s *stage) installSystem(ctx context.Context, public string) error {
	admission := filepath.Join(s.world.Dir, "admission.yaml")
	text := fmt.Sprintf(`apiVersion: assay.dev/v1alpha1
kind: Admission
metadata:
  name: demo
spec:
  modelRepositories:
  - %s/assay/models
  environments:
  - {name: development, profile: development}
  - {name: staging, profile: staging}
  - {name: production, profile: production}
  signers:
  - name: reconciler
    predicates: [%s]
    publicKey: |
%s`, s.world.Registry, strings.Join(evidence.ReconcilerTypes(), ", "), indent(public, "      "))
	if err := os.WriteFile(admission, []byte(text), 0o644); err != nil {
		return err
	}
	if err := s.world.InstallSystem(ctx, admission, s.key); err != nil {
		return err
	}
	return s.world.Client.Create(ctx, &kube.Repository{
		ObjectMeta: metav1.ObjectMeta{Namespace: "assay-system", Name: "promotions"},
		Spec:       kube.RepositorySpec{URL: s.world.Repository, Branch: "main", Interval: metav1.Duration{Duration: time.Second}, Forge: &kube.Forge{Provider: "none"}},
	})
}

func (s *stage) git(ctx context.Context, commands ...[]string) error {
	for _, command := range commands {
		if _, err := harness.Git(ctx, s.clone, command...); err != nil {
			return err
		}
	}
	return nil
}

// propose writes a branch off main with a change, as its author would.
func (s *stage) propose(ctx context.Context, branch, message string, change func(*stage) error) error {
	if err := s.git(ctx, []string{"checkout", "--quiet", "-B", branch, "main"}); err != nil {
		return err
	}
	if err := change(s); err != nil {
		return err
	}
	return s.git(ctx,
		[]string{"add", "--all", "."},
		[]string{"-c", "user.name=Emil Engineer", "-c", "user.email=emil@example.org", "commit", "--quiet", "-m", message},
		[]string{"checkout", "--quiet", "main"},
	)
}

// asks is how a branch asks to be merged into main where there is no forge.
const asks = "change/main/"

// push sends a branch and what was signed about it, at once.
func (s *stage) push(ctx context.Context, branch string) error {
	return s.git(ctx, []string{"push", "--quiet", "--atomic", "--force", "origin", branch + ":refs/heads/" + asks + branch, "refs/tags/approvals/*:refs/tags/approvals/*"})
}

// sign lets the statistician and the clinician approve all that a branch would
// promote: each tags its head, as git tag -s would.
func (s *stage) sign(ctx context.Context, branch string) error {
	head, err := harness.Git(ctx, s.clone, "rev-parse", branch)
	if err != nil {
		return err
	}
	head = strings.TrimSpace(head)
	files, err := harness.Git(ctx, s.clone, "ls-tree", "-r", "--name-only", head, "environments/")
	if err != nil {
		return err
	}
	var promotions []string
	for _, file := range strings.Fields(files) {
		if name := strings.TrimSuffix(strings.TrimPrefix(file, "environments/"), ".yaml"); filepath.Base(name) != "environment" {
			promotions = append(promotions, name)
		}
	}
	for _, consent := range []struct {
		by      harness.Person
		meaning string
	}{{s.statistician, "review"}, {s.clinician, "approval"}} {
		tag := strings.ReplaceAll(branch+" "+consent.by.Name+" "+head[:12], " ", "-")
		if err := consent.by.Approve(s.clone, tag, head, consent.meaning, time.Now(), promotions...); err != nil {
			return err
		}
	}
	return nil
}

// merge merges branches into main, as their reviewer would.
func (s *stage) merge(ctx context.Context, branches ...string) error {
	for _, branch := range branches {
		err := s.git(ctx, []string{"-c", "user.name=Mara Maintainer", "-c", "user.email=mara@example.org",
			"merge", "--quiet", "--no-ff", "-m", "Merge " + branch, branch})
		if err != nil {
			return err
		}
	}
	if err := s.git(ctx, []string{"push", "--quiet", "origin", "main"}); err != nil {
		return err
	}
	head, err := harness.Git(ctx, s.clone, "rev-parse", "main")
	s.merged = strings.TrimSpace(head)
	return err
}

// branch is the content of a branch of the remote.
func (s *stage) branch(ctx context.Context, name string) (fs.FS, error) {
	dir := filepath.Join(s.world.Dir, "synced", filepath.FromSlash(name))
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if _, err := harness.Git(ctx, "", "clone", "--quiet", "--depth=1", "--branch", name, s.world.Repository, dir); err != nil {
		return nil, err
	}
	return os.DirFS(dir), os.RemoveAll(filepath.Join(dir, ".git"))
}

// said is what the reconciler has written about the head of a branch; empty
// while it has written nothing.
func (s *stage) said(ctx context.Context, branch string) (string, error) {
	const notes = assembly.ChecksRef
	listed, err := harness.Git(ctx, s.clone, "ls-remote", "origin", notes)
	if err != nil || listed == "" {
		return "", err
	}
	if err := s.git(ctx, []string{"fetch", "--quiet", "--force", "origin", notes + ":" + notes}); err != nil {
		return "", err
	}
	head, err := harness.Git(ctx, s.clone, "rev-parse", branch)
	if err != nil {
		return "", err
	}
	noted, err := harness.Git(ctx, s.clone, "notes", "--ref="+notes, "list")
	if err != nil || !strings.Contains(noted, strings.TrimSpace(head)) {
		return "", err
	}
	return harness.Git(ctx, s.clone, "notes", "--ref="+notes, "show", branch)
}

// trainings counts the models that were trained, by whoever.
func (s *stage) trainings() (int, error) {
	entries, err := os.ReadDir(filepath.Join(s.world.Ledger(), "train"))
	return len(entries), err
}
