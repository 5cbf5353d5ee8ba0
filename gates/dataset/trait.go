package dataset

import (
	"math"
	"math/bits"
	"strings"
	"unicode"
)

// trait is what one column contributes to the identity of a group. Two missing
// values are equal, as text and as number.
type trait struct {
	column column
	as     aspect
	scale  float64 // of rounded
}

// aspect is what of a value must be equal.
type aspect int

const (
	exact   aspect = iota // the text
	folded                // the text, but for case and blanks around it
	plain                 // the number
	rounded               // the number times a scale, rounded
	decade                // the number divided by ten, rounded down
	unread                // the text of what is no number
)

// mix adds the trait to the hash of each row.
func (t trait) mix(rows *rows, hashes []uint64) {
	of := rows.fields[t.column.at]
	switch {
	case t.as == exact && of.hashes != nil:
		for row, hash := range of.hashes {
			hashes[row] = join(hashes[row], hash)
		}
	case t.as == rounded && of.numbers != nil:
		for row, number := range of.numbers {
			hashes[row] = join(hashes[row], hashOfNumber(math.Round(number*t.scale)))
		}
	default:
		for row := range hashes {
			hashes[row] = join(hashes[row], t.hash(of, row))
		}
	}
}

// labels are a hash of each row that is 0 where the trait is missing.
func (t trait) labels(rows *rows, hashes []uint64) {
	of := rows.fields[t.column.at]
	for row := range hashes {
		if hash := t.hash(of, row); hash != nothing {
			hashes[row] = hash | 1
		}
	}
}

func (t trait) hash(of fields, row int) uint64 {
	switch number := of.number(row); t.as {
	case folded:
		return hashOf(strings.ToLower(strings.TrimFunc(of.text(row), blank)))
	case plain:
		return hashOfNumber(number)
	case rounded:
		return hashOfNumber(math.Round(number * t.scale))
	case decade:
		return hashOfNumber(math.Floor(number / 10))
	case unread:
		if number == number {
			return nothing
		}
	}
	return of.hash(row)
}

func hashOfNumber(number float64) uint64 {
	if number != number {
		return nothing
	}
	return join(1, math.Float64bits(number+0)) // there is one zero
}

func blank(char rune) bool { return unicode.Is(unicode.Zs, char) }

func (f fields) text(row int) string {
	if f.texts == nil {
		return ""
	}
	return f.texts[row]
}

func (f fields) number(row int) float64 {
	if f.numbers == nil {
		return math.NaN()
	}
	return f.numbers[row]
}

func (f fields) hash(row int) uint64 {
	if f.hashes != nil {
		return f.hashes[row]
	}
	return hashOf(f.text(row))
}

// nothing is the hash of a missing value.
var nothing = hashOf("")

// hashOf reads eight bytes at a time. It is the same in every run, so that the
// same file gives the same answer.
func hashOf(text string) uint64 {
	hash := uint64(len(text))
	for ; len(text) >= 8; text = text[8:] {
		hash = join(hash, uint64(text[0])|uint64(text[1])<<8|uint64(text[2])<<16|uint64(text[3])<<24|
			uint64(text[4])<<32|uint64(text[5])<<40|uint64(text[6])<<48|uint64(text[7])<<56)
	}
	rest := uint64(0)
	for at := range len(text) {
		rest |= uint64(text[at]) << (8 * at)
	}
	return join(hash, rest)
}

// join folds the product of two words, as wyhash does.
// https://github.com/wangyi-fudan/wyhash
func join(hash, word uint64) uint64 {
	high, low := bits.Mul64(hash^0xa0761d6478bd642f, word^0xe7037ed1a0b428db)
	return high ^ low
}
