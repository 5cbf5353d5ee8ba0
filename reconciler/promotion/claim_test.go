package promotion

import (
	"reflect"
	"strings"
	"testing"
)

func TestATrailerSaysWhatASignatureMeans(t *testing.T) {
	const full = "Assay-Promotion: staging/tumour\nAssay-Meaning: approval\nAssay-Role: clinical\n"
	pair := []Pair{{"staging", "tumour"}}
	for name, test := range map[string]struct {
		message string
		want    Claim
	}{
		"as written":             {"Approve\n\n" + full, Claim{pair, "approval", "clinical"}},
		"nothing but trailers":   {full, Claim{pair, "approval", "clinical"}},
		"among others":           {"x\n\nSigned-off-by: A <a@b>\n" + full, Claim{pair, "approval", "clinical"}},
		"in another case":        {"x\n\nassay-promotion: staging/tumour\nASSAY-MEANING:review\n", Claim{pair, "review", ""}},
		"from another system":    {"x\r\n\r\n" + strings.ReplaceAll(full, "\n", "\r\n"), Claim{pair, "approval", "clinical"}},
		"of two promotions":      {"x\n\nAssay-Promotion: a/b\n" + full, Claim{[]Pair{{"a", "b"}, {"staging", "tumour"}}, "approval", "clinical"}},
		"two meanings":           {"x\n\n" + full + "Assay-Meaning: author\n", Claim{pair, twice, "clinical"}},
		"two roles":              {"x\n\n" + full + "Assay-Role: quality\n", Claim{pair, "approval", twice}},
		"no meaning":             {"x\n\nAssay-Promotion: staging/tumour\n", Claim{pair, "", ""}},
		"a plain message":        {"Looks good to me\n", Claim{}},
		"quoted above":           {full + "\nis what you should write\n", Claim{}},
		"in the subject only":    {"Assay-Promotion staging/tumour\n\nx\n", Claim{}},
		"no environment":         {"x\n\nAssay-Promotion: tumour\n", Claim{}},
		"a path":                 {"x\n\nAssay-Promotion: staging/../tumour\n", Claim{}},
		"an empty trailer":       {"x\n\nAssay-Promotion:\nAssay-Meaning: approval\n", Claim{Meaning: "approval"}},
		"too many of them count": {"x\n\n" + strings.Repeat("Assay-Promotion: a/b\n", 2*maxPromotions), Claim{Promotions: make([]Pair, maxPromotions)}},
	} {
		claim, claims := ParseClaim(test.message)
		if claims != (len(test.want.Promotions) > 0) || len(claim.Promotions) != len(test.want.Promotions) {
			t.Errorf("%s: %+v, %t", name, claim, claims)
			continue
		}
		if len(claim.Promotions) < maxPromotions && !reflect.DeepEqual(claim, test.want) {
			t.Errorf("%s: %+v, want %+v", name, claim, test.want)
		}
	}
}

// FuzzAClaimIsReadAsItIsWritten: what a message claims is claimed again by the
// trailers that are written of it, and nothing is claimed without a promotion.
func FuzzAClaimIsReadAsItIsWritten(f *testing.F) {
	f.Add("Approve\n\nAssay-Promotion: staging/tumour\nAssay-Meaning: approval\nAssay-Role: clinical\n")
	f.Add("x\n\nAssay-Promotion: a/b\nAssay-Promotion: c/d\n")
	f.Add("Assay-Promotion\n\n:\n")
	f.Fuzz(func(t *testing.T, message string) {
		claim, claims := ParseClaim(message)
		if claims != (len(claim.Promotions) > 0) || len(claim.Promotions) > maxPromotions {
			t.Fatalf("%q claims %+v: %t", message, claim, claims)
		}
		if !claims || claim.Meaning == "" || strings.ContainsAny(claim.Meaning+claim.Role, "\r\n") {
			return
		}
		again, still := ParseClaim("Approve\n\n" + claim.Trailers())
		if !still || !reflect.DeepEqual(again, claim) {
			t.Errorf("%+v is read again as %+v", claim, again)
		}
	})
}
