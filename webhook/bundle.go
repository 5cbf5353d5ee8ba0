package webhook

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Bounds of a policy folder. Compiling cannot be stopped
// (https://github.com/open-policy-agent/opa/issues/9088), so what is compiled is
// bounded; a ConfigMap holds no more than one megabyte.
const (
	maxPolicyFiles = 4096
	maxPolicyBytes = 8 << 20
)

// look compiles what the folder holds, when that is something new. It counts when
// the folder held the same a moment ago: somebody may be in the middle of
// copying. What is compiled waits for a seat.
func (c *Court) look(ctx context.Context) {
	if c.folder == "" {
		return
	}
	now, err := digestOf(c.folder)
	if err != nil {
		now = evidence.Sum([]byte(err.Error()))
	}
	settled := now == c.seen
	c.seen = now
	if !settled || now == c.tried {
		return
	}
	c.tried = now
	var policy *judge.Judge
	if err == nil {
		policy, err = c.compile(ctx)
	}
	if err != nil {
		c.failures.Add(1)
		log.FromContext(ctx).Error(err, "keeping the last good policy", "policy", c.PolicyDigest(), "folder", c.folder)
		return
	}
	c.waiting = nil
	if policy.PolicyDigest() != c.PolicyDigest() {
		c.waiting = policy
	}
}

// compile reads shipped policies and folder. The folder must hold the same
// before and after, so that half of one content and half of another are no
// policy.
func (c *Court) compile(ctx context.Context) (*judge.Judge, error) {
	if c.folder == "" {
		return judge.New(ctx, c.shipped)
	}
	before, err := digestOf(c.folder)
	if err != nil {
		return nil, err
	}
	policy, err := judge.New(ctx, c.shipped, os.DirFS(root(c.folder)))
	if err != nil {
		return nil, err
	}
	after, err := digestOf(c.folder)
	if err == nil && after != before {
		err = errors.New("the folder changed while it was read")
	}
	c.seen, c.tried = after, after
	return policy, err
}

// root is where the files of a folder are. A kubelet puts those of a ConfigMap
// into a folder of their own and swaps a link to it, ..data; what stands beside
// it are links, which a walk does not follow.
func root(folder string) string {
	if real, err := filepath.EvalSymlinks(filepath.Join(folder, "..data")); err == nil {
		return real
	}
	return folder
}

// digestOf names the rules and thresholds in a folder, within the bounds.
func digestOf(folder string) (evidence.Digest, error) {
	whole, files, left := sha256.New(), 0, int64(maxPolicyBytes)
	tree := os.DirFS(root(folder))
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || path.Ext(name) != ".rego" && path.Ext(name) != ".yaml" {
			return err
		}
		if files++; files > maxPolicyFiles {
			return fmt.Errorf("more than %d files", maxPolicyFiles)
		}
		file, err := tree.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		content, err := io.ReadAll(io.LimitReader(file, left+1))
		if left -= int64(len(content)); left < 0 {
			return fmt.Errorf("more than %d bytes", maxPolicyBytes)
		}
		fmt.Fprintf(whole, "%q %s\n", name, evidence.Sum(content))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reading the policies in %s: %w", folder, err)
	}
	return evidence.Digest(fmt.Sprintf("sha256:%x", whole.Sum(nil))), nil
}
