package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/figure"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// demo is what the demo's checks reported of three models, with the curves of
// their holdouts: one denied in staging, one denied, one allowed.
func demo(t testing.TB) report.Report {
	t.Helper()
	text, err := os.ReadFile("testdata/demo.json")
	if err != nil {
		t.Fatal(err)
	}
	var read report.Report
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// attack is a name that tries every way out of the text it belongs to.
const attack = "</script><script>alert(1)</script>\"'><img src=http://evil.example onerror=alert(1)>[x](http://evil.example) @everyone |`*\x00\x1b[2J\u202e\n# h"

// attacked has the hostile name wherever a repository can put text.
func attacked() report.Report {
	measured := func(gate string, names ...string) evidence.Measurements {
		one := evidence.Measurements{Gate: gate, Environment: attack, Inputs: []evidence.Subject{{Name: attack, Digest: evidence.Digest(attack)}}}
		for _, name := range names {
			one.Measurements = append(one.Measurements, evidence.Measurement{
				Name: name, Group: attack, Method: attack, Unit: attack, Value: "0.5", Low: "0.4", High: "0.6", N: 50,
			})
		}
		return one
	}
	return report.New(attack, []report.Promotion{{
		Model: attack, Environment: attack, Dataset: attack, Release: attack, Champion: attack,
		Phases: []report.Phase{{Name: attack, Input: attack, Output: attack}},
		Verdict: gates.Verdict{Evaluated: []string{attack}, Policy: attack, Findings: []gates.Finding{
			{Rule: attack, State: attack, Severity: attack, Title: attack, Message: attack, Remedy: attack, Clause: attack},
		}},
		Measured: []evidence.Measurements{
			measured(gates.Dataset, "rows", "ks", "chi_square", "js_distance", attack), measured(gates.Bias, "sensitivity", "auroc"),
			measured(gates.Performance, "auroc", "sensitivity"), measured(attack, attack),
		},
		Curves: &figure.Curves{TimeUnit: attack, Omitted: []string{attack}, Survival: []figure.RiskGroup{{Name: attack, N: 20}}},
	}, {Model: attack, Environment: attack, Error: attack}}, fmt.Errorf("%s", attack))
}

func TestHTMLOfTheDemo(t *testing.T) {
	page := parse(t, written(t, demo(t)))
	golden(t, "demo.outline.txt", []byte(outline(page)))
}

func TestThePageHoldsTheNumbersThatWereSigned(t *testing.T) {
	outcome := demo(t)
	page := parse(t, written(t, outcome))
	var shown, signed []string
	for table := range page.Descendants() {
		if attribute(table, "class") != "wide" || table.Parent.Parent.Data != "details" {
			continue // the main numbers are some of these again
		}
		for number := range table.Descendants() {
			if number.Data == "data" {
				shown = append(shown, attribute(number, "value"))
			}
		}
	}
	for _, promotion := range outcome.Promotions {
		for _, measured := range promotion.Measured {
			for _, m := range measured.Measurements {
				for _, number := range []evidence.Decimal{m.Value, m.Low, m.High} {
					if number != "" {
						signed = append(signed, string(number))
					}
				}
			}
		}
	}
	if len(signed) < 500 || !slices.Equal(shown, signed) {
		t.Errorf("%d numbers are shown, %d were signed", len(shown), len(signed))
	}
}

func TestNumbersAreRoundedForPeople(t *testing.T) {
	for _, test := range []struct {
		value evidence.Decimal
		unit  string
		want  string
	}{
		{"0.123456", "", "0.1235"}, {"0.5", "", "0.5"}, {"12.3456", "", "12.35"}, {"123456.7", "", "123457"}, {"1234567", "", "1234567"},
		{"0.00001", "", "below 0.0001"}, {"-0.00001", "", "-0.0001 to 0"}, {"0.0", "", "0"}, {"-0.98765", "", "-0.9877"},
		{"2.5", "a", "2.5 a"}, {"3", "count", "3"}, {"1924991999", "unix seconds", "2030-12-31"}, {"", "", "not measured"},
	} {
		outcome := report.New("", []report.Promotion{{Measured: []evidence.Measurements{{
			Gate: gates.Performance, Measurements: []evidence.Measurement{{Name: "brier", Value: test.value, Unit: test.unit}},
		}}}}, nil)
		if got := text(parse(t, written(t, outcome))); !strings.Contains(got, "Brier"+test.want+"0") && !strings.Contains(got, "Brier "+test.want+" 0") {
			t.Errorf("%s %s is not shown as %q in %s", test.value, test.unit, test.want, got)
		}
	}
}

func TestTheSameReportIsTheSamePage(t *testing.T) {
	if first, second := written(t, demo(t)), written(t, demo(t)); !bytes.Equal(first, second) {
		t.Error("two pages differ")
	}
}

// outward are the elements that load, lead or run.
var outward = []string{"script", "link", "img", "iframe", "object", "embed", "a", "form", "base", "use", "image", "foreignObject"}

func TestThePageNeedsNothingElse(t *testing.T) {
	for name, outcome := range map[string]report.Report{"demo": demo(t), "attacked": attacked()} {
		page := parse(t, written(t, outcome))
		for node := range page.Descendants() {
			if node.Type == html.ElementNode && slices.Contains(outward, node.Data) {
				t.Errorf("%s: there is a %s", name, node.Data)
			}
			for _, one := range node.Attr {
				if slices.Contains([]string{"src", "href", "srcset", "action", "xlink:href"}, one.Key) || strings.HasPrefix(one.Key, "on") {
					t.Errorf("%s: %s has %s=%q", name, node.Data, one.Key, one.Val)
				}
			}
			if node.Data == "style" && strings.Contains(node.FirstChild.Data, "url(") || strings.Contains(attribute(node, "style"), "url(") {
				t.Errorf("%s: the style loads something", name)
			}
		}
	}
}

func TestTextOfARepositoryStaysTextInThePage(t *testing.T) {
	content := string(written(t, attacked()))
	if at := strings.IndexFunc(content, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); at >= 0 {
		t.Errorf("a control character: %q", content[at:min(at+20, len(content))])
	}
	seen := 0
	for node := range parse(t, []byte(content)).Descendants() {
		if node.Type == html.TextNode && strings.Contains(node.Data, "<script>alert(1)</script>") {
			seen++
		}
	}
	if seen < 20 {
		t.Errorf("the hostile name is read in %d places only", seen)
	}
}

func TestEveryFigureHasAnAlternative(t *testing.T) {
	figures := 0
	ids := map[string]bool{}
	for node := range parse(t, written(t, demo(t))).Descendants() {
		if id := attribute(node, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q is there twice", id)
			}
			ids[id] = true
		}
		if node.Data != "figure" {
			continue
		}
		figures++
		var parts []string
		for part := range node.Descendants() {
			if part.Type == html.ElementNode {
				parts = append(parts, part.Data)
			}
		}
		for _, demanded := range []string{"figcaption", "svg", "title", "desc", "table"} {
			if !slices.Contains(parts, demanded) {
				t.Errorf("figure %d has no %s", figures, demanded)
			}
		}
	}
	if figures < 10 {
		t.Errorf("the demo has %d figures", figures)
	}
}

func TestVerdictsInWords(t *testing.T) {
	evaluated := gates.Verdict{Evaluated: []string{"a", "b"}}
	denied := evaluated
	denied.Findings = []gates.Finding{{Rule: "a", Severity: "unheard-of"}}
	for want, promotion := range map[string]report.Promotion{
		"✓ Allowed. 2 requirements were checked and none denies": {Allowed: true, Verdict: evaluated},
		"✕ Denied. 1 of 2 requirements is not met":               {Verdict: denied},
		"✕ Denied. No requirement was checked":                   {},
		"? Could not be judged. the registry is gone":            {Error: "the registry is gone", Verdict: evaluated},
	} {
		if got := text(parse(t, written(t, report.New("", []report.Promotion{promotion}, nil)))); !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	if got := text(parse(t, written(t, report.New("", nil, nil)))); !strings.Contains(got, "No promotion is affected") {
		t.Error(got)
	}
}

func written(t testing.TB, outcome report.Report) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := outcome.HTML(&page); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

func parse(t testing.TB, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// outline is what a reader skims: headings, verdicts, summaries, and how many
// rows a table has.
func outline(page *html.Node) string {
	var lines strings.Builder
	for node := range page.Descendants() {
		switch {
		case slices.Contains([]string{"h1", "h2", "h3", "h4", "summary"}, node.Data):
			fmt.Fprintf(&lines, "%s: %s\n", node.Data, text(node))
		case strings.HasPrefix(attribute(node, "class"), "verdict"), attribute(node, "class") == "state":
			fmt.Fprintf(&lines, "%s: %s\n", attribute(node, "class"), text(node))
		case node.Data == "tbody":
			rows := 0
			for row := range node.Descendants() {
				if row.Data == "tr" {
					rows++
				}
			}
			fmt.Fprintf(&lines, "table: %d rows\n", rows)
		}
	}
	return lines.String()
}

func text(node *html.Node) string {
	var all strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			all.WriteString(child.Data)
		}
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

func attribute(node *html.Node, key string) string {
	for _, one := range node.Attr {
		if one.Key == key {
			return one.Val
		}
	}
	return ""
}
