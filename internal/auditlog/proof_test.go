package auditlog

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"
)

// proofs of every entry of a log.
func proofs(t testing.TB, private []byte, size int) [][]byte {
	t.Helper()
	dir := grown(t, private, size)
	var texts [][]byte
	for index := range size {
		proven, err := Prove(t.Context(), dir, publicOf(t, private), uint64(index))
		if err != nil {
			t.Fatal(err)
		}
		text, err := proven.Encode()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

func TestAProofIsEnoughWithoutTheLog(t *testing.T) {
	private, public := key(t)
	for _, size := range []int{1, 2, 3, 7, 8} {
		for index, text := range proofs(t, private, size) {
			proven, err := OpenProof(text, public)
			if err != nil || proven.Index != uint64(index) || proven.Checkpoint.Size != uint64(size) || proven.Record.Commit != denial(index).Commit {
				t.Errorf("entry %d of %d: %+v, %v", index, size, proven, err)
			}
		}
	}
	if _, err := Prove(t.Context(), grown(t, private, 2), public, 2); err == nil || !strings.Contains(err.Error(), "there is no entry 2: the log has 2") {
		t.Errorf("beyond the end: %v", err)
	}
	_, stranger := key(t)
	if _, err := OpenProof(proofs(t, private, 1)[0], stranger); !errors.Is(err, ErrBroken) {
		t.Errorf("another key: %v", err)
	}
}

// Every bit of every byte of a proof.
func TestEveryByteOfAProofCounts(t *testing.T) {
	private, public := key(t)
	text := proofs(t, private, 5)[2]
	for at := range text {
		for bit := range 8 {
			changed := bytes.Clone(text)
			changed[at] ^= 1 << bit
			if proven, err := OpenProof(changed, public); !errors.Is(err, ErrBroken) {
				t.Fatalf("bit %d of byte %d: %+v, %v", bit, at, proven, err)
			}
		}
	}
	for length := range text {
		if _, err := OpenProof(text[:length], public); !errors.Is(err, ErrBroken) {
			t.Fatalf("cut to %d bytes: %v", length, err)
		}
	}
}

// A proof is of one entry, in one log, at one size.
func TestPartsOfTwoProofsAreNoProof(t *testing.T) {
	private, public := key(t)
	texts := append(proofs(t, private, 5), proofs(t, private, 4)...)
	for i, one := range texts {
		for j, other := range texts {
			if i == j {
				continue
			}
			oneParts, otherParts := bytes.SplitN(one, []byte("\n"), 4), bytes.SplitN(other, []byte("\n"), 4)
			for from := range 4 {
				parts := append([][]byte{}, oneParts...)
				parts[from] = otherParts[from]
				mixed := bytes.Join(parts, []byte("\n"))
				if bytes.Equal(mixed, one) || bytes.Equal(mixed, other) {
					continue
				}
				if proven, err := OpenProof(mixed, public); !errors.Is(err, ErrBroken) {
					t.Errorf("line %d of proof %d in proof %d: %+v, %v", from, j, i, proven, err)
				}
			}
		}
	}
}

func FuzzAProofIsWhatTheLogWrote(f *testing.F) {
	private, public := key(f)
	texts := proofs(f, private, 3)
	for _, text := range texts {
		f.Add(text)
	}
	f.Add([]byte(proofType + "\nextra e30=\nindex 0\n\nx\n0\n" + string(rfc6962.DefaultHasher.EmptyRoot())))
	f.Fuzz(func(t *testing.T, text []byte) {
		if proven, err := OpenProof(text, public); err == nil && !bytes.Equal(text, texts[min(proven.Index, 2)]) {
			t.Errorf("%q proves %+v", text, proven)
		}
	})
}
