package table

import "strconv"

// Number reads text as a finite decimal number. The hexadecimal and
// underscored spellings that strconv takes are not numbers in a data file.
func Number(text string) (float64, bool) {
	if value, ok := short(text); ok {
		return value, true
	}
	for _, char := range []byte(text) {
		if (char < '0' || char > '9') && char != '+' && char != '-' && char != '.' && char != 'e' && char != 'E' {
			return 0, false
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

// powers of ten that a float64 holds exactly.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// short reads digits with at most a sign and a point, as nearly all numbers of
// a table are. Up to 15 of them are a whole number below 2^53 divided by an
// exact power of ten, which IEEE 754 rounds as it must (Clinger 1990, PLDI).
func short(text string) (float64, bool) {
	digits, negative := text, false
	if len(digits) > 0 && (digits[0] == '-' || digits[0] == '+') {
		negative, digits = digits[0] == '-', digits[1:]
	}
	if len(digits) < 2 && (len(digits) == 0 || digits[0] == '.') || len(digits) > len(powers) {
		return 0, false
	}
	whole, point := uint64(0), -1
	for at := range len(digits) {
		switch digit := digits[at] - '0'; {
		case digit <= 9:
			whole = whole*10 + uint64(digit)
		case digits[at] == '.' && point < 0:
			point = at
		default:
			return 0, false
		}
	}
	value := float64(whole)
	switch {
	case point >= 0:
		value /= powers[len(digits)-1-point]
	case len(digits) == len(powers):
		return 0, false // 16 digits may be beyond 2^53
	}
	if negative {
		value = -value
	}
	return value, true
}
