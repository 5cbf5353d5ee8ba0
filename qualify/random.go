package qualify

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
)

// stream gives the draws of one purpose. Streams of different words are
// independent, however many draws each has given.
func stream(seed uint64, words ...any) *rand.Rand {
	key := sha256.New()
	fmt.Fprintf(key, "assay qualify %d\n", seed)
	for _, word := range words {
		fmt.Fprintf(key, "%v\n", word)
	}
	return rand.New(rand.NewChaCha8([32]byte(key.Sum(nil))))
}
