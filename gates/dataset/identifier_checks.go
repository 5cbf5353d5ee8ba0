package dataset

import "strings"

// providerIdentifier checks a National Provider Identifier: ten digits, the
// first 1 or 2, whose last one is Luhn's over 80840 and the others (45 CFR
// 162.406). One number in ten passes by chance, so a name must announce it.
func providerIdentifier(text string) bool {
	if len(text) != 10 || text[0] != '1' && text[0] != '2' || onlyDigits(text) != text {
		return false
	}
	return luhn("80840" + text)
}

// paymentCard checks a number in the groups that cards print it in: 13 to 19
// digits, of which Luhn's is the last (ISO/IEC 7812-1), and the first that of
// a bank or a travel card.
func paymentCard(text string) bool {
	for _, match := range cardText.FindAllStringSubmatch(text, -1) {
		if issuedCard(onlyDigits(match[1])) {
			return true
		}
	}
	return false
}

func paymentDigits(text string) bool { return issuedCard(onlyDigits(text)) || paymentCard(text) }

func issuedCard(digits string) bool {
	return len(digits) >= 13 && len(digits) <= 19 && digits[0] >= '3' && digits[0] <= '6' && luhn(digits)
}

func luhn(digits string) bool {
	total := 0
	for i := range len(digits) {
		digit := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			digit *= 2
			if digit > 9 {
				digit -= 9
			}
		}
		total += digit
	}
	return total%10 == 0
}

// vinValues and vinWeights are those of 49 CFR 565.15(c); I, O and Q do not
// occur.
const (
	vinLetters = "ABCDEFGHJKLMNPRSTUVWXYZ"
	vinValues  = "12345678123457923456789"
)

var vinWeights = [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}

// vehicle checks a vehicle identification number: 17 characters, of which the
// ninth is the weighted sum of the others modulo 11. Numbers without a letter
// are left alone: they are more often measurements.
func vehicle(text string) bool {
	if len(text) != len(vinWeights) || onlyDigits(text) == text {
		return false
	}
	total := 0
	for i, weight := range vinWeights {
		value, ok := vinValue(text[i])
		if !ok {
			return false
		}
		total += value * weight
	}
	return strings.EqualFold(text[8:9], "0123456789X"[total%11:][:1])
}

func vinValue(char byte) (int, bool) {
	if char >= '0' && char <= '9' {
		return int(char - '0'), true
	}
	if char >= 'a' && char <= 'z' {
		char -= 'a' - 'A'
	}
	at := strings.IndexByte(vinLetters, char)
	if at < 0 {
		return 0, false
	}
	return int(vinValues[at] - '0'), true
}
