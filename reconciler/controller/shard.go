package controller

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// maxShards bounds what a typing mistake can cost.
const maxShards = 1024

// Shard is one of several parts of all repositories. The zero Shard is all of
// them.
type Shard struct{ index, count int }

// ParseShard reads "0/3": the first of three.
func ParseShard(text string) (Shard, error) {
	if text == "" {
		return Shard{}, nil
	}
	before, after, _ := strings.Cut(text, "/")
	index, err := strconv.Atoi(before)
	count, failed := strconv.Atoi(after)
	if err != nil || failed != nil || index < 0 || index >= count || count > maxShards {
		return Shard{}, fmt.Errorf("shard %q: give i/n, with i from 0 to n-1 and n at most %d", text, maxShards)
	}
	return Shard{index, count}, nil
}

// Lease is the name of the lease of those who work on this shard.
func (s Shard) Lease() string {
	if s.count <= 1 {
		return "assay-reconciler.assay.dev"
	}
	return fmt.Sprintf("assay-reconciler-%d-of-%d.assay.dev", s.index, s.count)
}

// Owns says whether a repository belongs to this shard: by its label, or to the
// shard of the highest weight (rendezvous hashing, Thaler and Ravishankar 1998),
// so that one shard more takes its share from the others and moves nothing
// between them.
func (s Shard) Owns(repository *kube.Repository) bool {
	if s.count <= 1 {
		return true
	}
	if index, err := strconv.Atoi(repository.Labels[kube.ShardLabel]); err == nil && index >= 0 && index < s.count {
		return index == s.index
	}
	key := repository.Namespace + "/" + repository.Name
	best := 0
	for index := range s.count {
		if weight(index, key) > weight(best, key) {
			best = index
		}
	}
	return best == s.index
}

// weight is the same in every process.
func weight(index int, key string) uint64 {
	sum := sha256.Sum256([]byte(strconv.Itoa(index) + " " + key))
	return binary.BigEndian.Uint64(sum[:8])
}
