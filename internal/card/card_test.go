package card_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/card"
)

var update = flag.Bool("update", false, "write testdata anew")

var release = evidence.Subject{Name: "breast-malignancy", Digest: evidence.Sum([]byte("model"))}

// example is the card of the catalogue's model, as testdata holds it.
func example() v1alpha1.CardSpec {
	text, err := os.ReadFile(filepath.Join("testdata", "card.yaml"))
	if err != nil {
		panic(err)
	}
	var read v1alpha1.ModelCard
	if err := v1alpha1.Decode("card.yaml", text, &read); err != nil {
		panic(err)
	}
	return read.Spec
}

func measured() []evidence.Measurements {
	return []evidence.Measurements{
		{Gate: "dataset", Measurements: []evidence.Measurement{
			{Name: "extracted", Value: "1675123199", Unit: "unix seconds", N: 1},
			{Name: "external_split", Value: "0", N: 1},
			{Name: "events", Value: "106", N: 284}, {Name: "non_events", Value: "178", N: 284},
			{Name: "missing_fraction", Group: "worst_area", Value: "0", N: 569},
			{Name: "missing_fraction", Group: "mean_texture", Value: "0", N: 569},
		}},
		{Gate: "performance", Measurements: []evidence.Measurement{
			{Name: "auroc", Value: "0.991234567891", Low: "0.981", High: "0.9974", N: 284, Method: "DeLong"},
			{Name: "sensitivity", Value: "0.952830188679", Low: "0.8943", High: "0.9797", N: 106},
			{Name: "specificity", Value: "0.9438", Low: "0.8998", High: "0.9692", N: 178},
			{Name: "brier", Value: "0.00041234", N: 284},
			{Name: "calibration_slope", Value: "1.0341", Low: "0.7512", High: "1.3171", N: 284},
			{Name: "net_benefit_gain", Value: "0.2871", Low: "0.2342", High: "0.3393", N: 284},
			{Name: "events", Value: "106", N: 284}, {Name: "non_events", Value: "178", N: 284},
			{Name: "garbage_input_answered", Value: "0", N: 24}, {Name: "garbage_input_refused", Value: "24", N: 24},
			{Name: "ppv", Value: "", N: 0, Method: "nobody is selected"},
		}},
		{Gate: "bias", Measurements: []evidence.Measurement{{Name: "group_columns", Value: "0", N: 0}}},
	}
}

func fill(t testing.TB, text v1alpha1.CardSpec) card.Card {
	t.Helper()
	filled, err := card.Fill(release, text, measured())
	if err != nil {
		t.Fatal(err)
	}
	return filled
}

func chai(t testing.TB, text v1alpha1.CardSpec) string {
	t.Helper()
	var document bytes.Buffer
	if err := fill(t, text).CHAI(&document); err != nil {
		t.Fatal(err)
	}
	return document.String()
}

func TestWhatIsWritten(t *testing.T) {
	filled := fill(t, example())
	for name, write := range map[string]func(*bytes.Buffer) error{
		"chai.xml":  func(w *bytes.Buffer) error { return filled.CHAI(w) },
		"hti1.md":   func(w *bytes.Buffer) error { return filled.HTI1(w) },
		"tripod.md": func(w *bytes.Buffer) error { return filled.TRIPOD(w) },
		"card.json": func(w *bytes.Buffer) error { return filled.JSON(w) },
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s differs; go test -update writes it anew:\n%s", name, got.String())
		}
	}
}

func TestNumbersAreThoseOfTheEvidence(t *testing.T) {
	text := example()
	text.Summary = "AUROC ${performance.auroc}, Brier ${performance.brier}, of ${dataset.events} cancers; ${dataset.extracted}, ${dataset.missing_fraction worst_area}"
	if got, want := fill(t, text).Text.Summary, "AUROC 0.991 (95% interval 0.981 to 0.997), Brier 0.00041, of 106 cancers; 2023-01-30, 0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	document := chai(t, example())
	for _, want := range []string{
		`{&#34;kind&#34;:&#34;estimate_ci&#34;,&#34;estimate&#34;:0.991234567891,&#34;lower&#34;:0.981,&#34;upper&#34;:0.9974,&#34;level&#34;:95}`,
		`{&#34;kind&#34;:&#34;single&#34;,&#34;value&#34;:0}`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("the card does not hold %s", want)
		}
	}
}

func TestANumberThatIsNotInEvidenceIsRefusedWithItsPlace(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*v1alpha1.CardSpec)
		want   string
	}{
		"not measured":  {func(c *v1alpha1.CardSpec) { c.Summary = "${performance.c_index}" }, "summary: performance.c_index is not in evidence"},
		"another group": {func(c *v1alpha1.CardSpec) { c.Summary = "${performance.auroc sex=f}" }, "summary: performance.auroc of sex=f is not in evidence"},
		"empty":         {func(c *v1alpha1.CardSpec) { c.Summary = "${performance.ppv}" }, "summary: performance.ppv could not be measured: nobody is selected"},
		"open":          {func(c *v1alpha1.CardSpec) { c.Summary = "${performance.auroc" }, "summary: ${...} names no measurement"},
		"a result": {func(c *v1alpha1.CardSpec) { c.KeyMetrics.Safety.Results[0].Measurement = "performance.luck" },
			"keyMetrics.safety.results[0]: performance.luck is not in evidence"},
		"no result": {func(c *v1alpha1.CardSpec) { c.KeyMetrics.Fairness.Results = nil }, "keyMetrics.fairness.results: there is none"},
	} {
		text := example()
		test.change(&text)
		if _, err := card.Fill(release, text, measured()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
	twice := append(measured(), measured()...)
	if _, err := card.Fill(release, example(), twice); err == nil || !strings.Contains(err.Error(), "is in evidence 2 times") {
		t.Errorf("evidence that contradicts itself: %v", err)
	}
}

func TestThirtyOneAttributesInNineGroups(t *testing.T) {
	attributes := fill(t, example()).Attributes()
	perGroup := map[int]int{}
	for i, one := range attributes {
		perGroup[one.Group]++
		if strings.TrimSpace(one.Answer) == "" {
			t.Errorf("attribute %d, %s, has no answer", i+1, one.Name)
		}
	}
	if want := []int{4, 4, 2, 4, 2, 4, 5, 4, 2}; len(attributes) != 31 || len(perGroup) != len(want) {
		t.Errorf("%d attributes in %d groups", len(attributes), len(perGroup))
	} else {
		for i, n := range want {
			if perGroup[i+1] != n {
				t.Errorf("group %d has %d attributes, want %d", i+1, perGroup[i+1], n)
			}
		}
	}
}

func TestExternalDataAnswerWhereTheHoldoutIsExternal(t *testing.T) {
	external := measured()
	external[0].Measurements[1].Value = "1"
	filled, err := card.Fill(release, example(), external)
	if err != nil {
		t.Fatal(err)
	}
	inside, outside := fill(t, example()).Attributes()[22], filled.Attributes()[22]
	if inside.Where != "externalValidation.data" || inside.Answer != example().ExternalValidation.Data {
		t.Errorf("a random split is told as %+v", inside)
	}
	if !strings.Contains(outside.Answer, "0.991 (95% interval 0.981 to 0.997), n = 284") {
		t.Errorf("an external split is told as %+v", outside)
	}
}

func TestFiftyTwoItemsAndWhoAnswersThem(t *testing.T) {
	all := fill(t, example()).Reporting()
	whole := map[string]bool{}
	for _, one := range all {
		whole[strings.TrimRight(one.Item, "abcdefg")] = true
	}
	if len(all) != 52 || len(whole) != 27 {
		t.Errorf("%d items with %d parts", len(whole), len(all))
	}
	at := func(item string) card.Reported {
		return all[slices.IndexFunc(all, func(one card.Reported) bool { return one.Item == item })]
	}
	if got := at("23a").Where; len(got) == 0 || got[0] != "evidence: performance.auroc = 0.991 (95% interval 0.981 to 0.997)" {
		t.Errorf("23a: %v", got)
	}
	if got := at("11").Where; len(got) != 1 || got[0] != "evidence: dataset.missing_fraction, by group: 2" {
		t.Errorf("11: %v", got)
	}
	if got := at("18b").Where; len(got) != 0 {
		t.Errorf("18b: %v", got)
	}
}

// FuzzHostileText: whatever a team writes, the card stays valid, the tables stay
// tables, and the JSON stays JSON.
func FuzzHostileText(f *testing.F) {
	f.Add("</Summary><evil/> ]]> & \x00\x1b[2J\ufffe \xff")
	f.Add("| a | b |\n|---|\n<script>alert(1)</script> `x`")
	f.Add("$5 ${ {}")
	base, form := example(), readSchema(f)
	f.Fuzz(func(t *testing.T, hostile string) {
		text := base
		text.Keywords = []string{hostile}
		text.KeyMetrics.Safety.Results = []v1alpha1.Pointer{{Label: hostile, Measurement: "performance.auroc"}}
		for _, one := range text.Texts() {
			*one.Value = hostile
		}
		filled, err := card.Fill(evidence.Subject{Name: hostile, Digest: release.Digest}, text, measured())
		if err != nil {
			if !strings.Contains(hostile, "${") {
				t.Fatal(err)
			}
			return
		}
		var document, table, checklist, script bytes.Buffer
		for _, err := range []error{filled.CHAI(&document), filled.HTI1(&table), filled.TRIPOD(&checklist), filled.JSON(&script)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := form.check(document.String()); err != nil {
			t.Error(err)
		}
		if !json.Valid(script.Bytes()) {
			t.Error("the JSON is none")
		}
		for _, page := range []string{table.String(), checklist.String()} {
			if strings.Contains(page, "<script") || strings.ContainsAny(page, "\x00\x1b\r") {
				t.Error("markup or control characters reached a page")
			}
		}
		if got := strings.Count(table.String(), "\n| "); got != 31+9 {
			t.Errorf("the table has %d rows", got)
		}
	})
}
