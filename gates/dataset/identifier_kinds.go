package dataset

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

const (
	ageOver89 = "age_over_89"
	topAge    = 90
)

// identifier is one kind of identifier of the Safe Harbor. Its letter there is
// given beside it. A nil function means that values alone cannot tell.
type identifier struct {
	kind      string
	anywhere  func(text string) bool // in any column
	announced func(text string) bool // in a column whose name announces it
}

var catalogue = []identifier{
	{"person_name", nil, hasLetters},                          // (A)
	{"zip_code", nil, finerThanState},                         // (B)
	{"date_finer_than_year", fullDate, dateOrMonth},           // (C)
	{ageOver89, nil, over89},                                  // (C)
	{"phone_number", phone, phoneOrFax},                       // (D), (E)
	{"email_address", email.MatchString, email.MatchString},   // (F)
	{"us_social_security_number", social, socialDigits},       // (G)
	{"medical_record_number", nil, recordNumber},              // (H)
	{"health_plan_number", nil, recordNumber},                 // (I)
	{"account_number", nil, recordNumber},                     // (J)
	{"payment_card_number", paymentCard, paymentDigits},       // (J)
	{"certificate_number", nil, recordNumber},                 // (K)
	{"national_provider_identifier", nil, providerIdentifier}, // (K)
	{"vehicle_identification_number", vehicle, vehicle},       // (L)
	{"device_identifier", nil, recordNumber},                  // (M)
	{"hardware_address", hardwareAddress, hardwareAddress},    // (M)
	{"url", webAddress.MatchString, webAddress.MatchString},   // (N)
	{"ip_address", networkAddress, networkAddress},            // (O)
	{"biometric_identifier", nil, notMissing},                 // (P)
	{"photograph", photograph, photograph},                    // (Q)
}

// restricted are the first three digits of postal codes under which no more
// than 20,000 people lived at the census of 2000: the Safe Harbor keeps the
// first three digits of all others.
var restricted = map[string]bool{
	"036": true, "059": true, "063": true, "102": true, "203": true, "556": true, "692": true, "790": true, "821": true,
	"823": true, "830": true, "831": true, "878": true, "879": true, "884": true, "890": true, "893": true,
}

func finerThanState(text string) bool { return zipCode.MatchString(text) || restricted[text] }

// plausible matches every text that a detector of the catalogue could find
// anywhere, and few others: the database shows detectors nothing else.
var plausible = regexp.MustCompile(`[-@:/.+]|[0-9]\)? |^[A-Za-z0-9]{17}$`)

var (
	zipCode    = regexp.MustCompile(`^[0-9]{5}(-[0-9]{4})?$`)
	email      = regexp.MustCompile(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	webAddress = regexp.MustCompile(`(?i)\b((https?|ftp)://[^\s]+|www\.[a-z0-9-]+\.[a-z]{2,})`)
	dashed     = regexp.MustCompile(`(?:^|[^0-9-])([0-9]{3})-([0-9]{2})-([0-9]{4})(?:$|[^0-9-])`)
	separated  = regexp.MustCompile(`(?:^|[^0-9.-])(?:\+?1[-. ]?)?\(?([2-9][0-8][0-9])\)?[-. ] ?([2-9][0-9]{2})[-. ]([0-9]{4})(?:$|[^0-9.-])`)
	abroad     = regexp.MustCompile(`^\+[0-9][0-9 ().-]{7,18}$`)
	dateText   = regexp.MustCompile(`(?:^|[^0-9-])([0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4})(?:$|[T ,;.)])`)
	recordText = regexp.MustCompile(`^[A-Za-z]{0,4}[-#]?[0-9][0-9-]{3,}$`)
	cardText   = regexp.MustCompile(`(?:^|[^0-9-])([0-9]{4}[- ][0-9]{4}[- ][0-9]{4}[- ][0-9]{1,7}|[0-9]{4}[- ][0-9]{6}[- ][0-9]{5})(?:$|[^0-9-])`)
	pictureEnd = regexp.MustCompile(`(?i)[^/\\ ]\.(jpe?g|png|heic|tiff?|bmp)$`)
)

func hasLetters(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// over89 accepts ages in completed years: at 89.9 one is 89.
func over89(text string) bool {
	value, ok := table.Number(text)
	return ok && value >= topAge
}

// social accepts numbers that the Social Security Administration can have
// issued: no area 000, 666 or 9xx, no group 00, no serial 0000.
func social(text string) bool {
	for _, match := range dashed.FindAllStringSubmatch(text, -1) {
		if issued(match[1], match[2], match[3]) {
			return true
		}
	}
	return false
}

func issued(area, group, serial string) bool {
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}

func socialDigits(text string) bool {
	if digits := onlyDigits(text); len(digits) == 9 {
		return issued(digits[:3], digits[3:5], digits[5:])
	}
	return social(text)
}

// phone accepts numbers of the North American plan with their separators, and
// international ones with their plus. An exchange does not end in 11.
func phone(text string) bool {
	for _, match := range separated.FindAllStringSubmatch(text, -1) {
		if !strings.HasSuffix(match[2], "11") {
			return true
		}
	}
	return abroad.MatchString(text)
}

func phoneOrFax(text string) bool {
	digits := onlyDigits(text)
	return len(digits) >= 7 && len(digits) <= 15 || phone(text)
}

// dateLayouts are tried on what has the outline of a date. Both orders of day
// and month occur; one is enough to be a date.
var dateLayouts = []string{"2006-1-2", "2006/1/2", "2006.1.2", "1/2/2006", "2/1/2006", "2.1.2006", "1-2-2006", "2-1-2006"}

func fullDate(text string) bool {
	for _, match := range dateText.FindAllStringSubmatch(text, -1) {
		for _, layout := range dateLayouts {
			if day, err := time.Parse(layout, match[1]); err == nil && day.Year() >= 1850 && day.Year() <= 2150 {
				return true
			}
		}
	}
	return false
}

func dateOrMonth(text string) bool {
	for _, layout := range []string{"2006-01", "2006/01", "01/2006", "1/2006", "1/2/06", "20060102", "Jan 2006", "2 Jan 2006", "January 2, 2006"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return fullDate(text)
}

func notMissing(string) bool { return true } // nobody shows a missing value

// photograph accepts names of picture files; whether a face is in them, no text
// tells.
func photograph(text string) bool { return pictureEnd.MatchString(text) }

// hardwareAddress accepts the six octets of a network interface, as IEEE 802
// writes them. Its length tells it from a range or a date.
func hardwareAddress(text string) bool {
	text = strings.TrimSpace(text)
	_, err := net.ParseMAC(text)
	return err == nil && len(text) == len("00:00:5e:00:53:01") && strings.ContainsAny(text, ":-")
}

func recordNumber(text string) bool { return recordText.MatchString(text) }

// networkAddress wants the whole text; an IPv6 address of two groups is more
// often a ratio or a gene.
func networkAddress(text string) bool {
	if strings.Count(text, ".") != 3 && strings.Count(text, ":") < 3 {
		return false
	}
	address, err := netip.ParseAddr(strings.TrimSpace(text))
	return err == nil && !address.IsUnspecified()
}

func onlyDigits(text string) string {
	return strings.Map(func(char rune) rune {
		if char < '0' || char > '9' {
			return -1
		}
		return char
	}, text)
}
