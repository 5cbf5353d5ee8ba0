package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// rows changes the lines of a data set's file, the header being the first.
func (b *bench) rows(dataset string, change func(lines []string) []string) {
	b.t.Helper()
	file := filepath.Join(b.clone, "datasets", dataset, "data.csv")
	content, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	if err := os.WriteFile(file, []byte(strings.Join(change(lines), "\n")+"\n"), 0o644); err != nil {
		b.t.Fatal(err)
	}
	if err := b.seal(dataset); err != nil {
		b.t.Fatal(err)
	}
}

// cells writes the same into a column of the rows that are chosen.
func cells(column, text string, chosen func(row int, fields []string) bool) func([]string) []string {
	return func(lines []string) []string {
		at := slices.Index(strings.Split(lines[0], ","), column)
		for row := 1; row < len(lines); row++ {
			if fields := strings.Split(lines[row], ","); chosen(row, fields) {
				fields[at] = text
				lines[row] = strings.Join(fields, ",")
			}
		}
		return lines
	}
}

func only(wanted int) func(int, []string) bool {
	return func(row int, _ []string) bool { return row == wanted }
}

func marked(part string) func(int, []string) bool {
	return func(_ int, fields []string) bool { return fields[1] == part }
}

func all(int, []string) bool { return true }

// check proposes a changed data set, and asks what merging it would promote.
func (b *bench) checkRows(dataset string, change func([]string) []string) report.Report {
	b.t.Helper()
	b.pushed(proposal, func() error { b.rows(dataset, change); return nil })
	return b.check(proposal)
}

// An author is told of the file that they have committed, and of its rows: not
// of the training and holdout rows that Assay has made of it.
func TestBadRowsAreToldAsTheyStandInTheRepository(t *testing.T) {
	t.Parallel()
	for model, tests := range map[string]map[string]struct {
		change func(lines []string) []string
		want   string // a rule, or text of the error
	}{
		"breast-malignancy": {
			"NaN to learn from":           {cells("malignant", "NaN", only(2)), `datasets/wdbc/data.csv: row 2, column "malignant": "NaN" is not a number`},
			"NaN to be measured by":       {cells("malignant", "NaN", only(3)), `datasets/wdbc/data.csv: row 3, column "malignant": "NaN" is not a number`},
			"no label to learn from":      {cells("malignant", "", only(4)), `datasets/wdbc/data.csv: row 4, column "malignant": an outcome is 0 or 1, not missing`},
			"no label to be measured by":  {cells("malignant", "", only(3)), `datasets/wdbc/data.csv: row 3, column "malignant": the label is missing`},
			"infinity to learn from":      {cells("worst_area", "Inf", only(2)), `datasets/wdbc/data.csv: row 2, column "worst_area": "Inf" is not a number`},
			"infinity to be scored":       {cells("worst_area", "-Inf", only(3)), `datasets/wdbc/data.csv: row 3, column "worst_area": "-Inf" is not a number`},
			"infinity that nobody needs":  {cells("mean_radius", "Inf", only(3)), "model.dataset.schema"},
			"a constant feature":          {cells("worst_area", "7", all), `column "worst_area" does not vary in training: remove it from the features`},
			"one class to learn from":     {cells("malignant", "0", marked("train")), `label "malignant": all rows are of one class`},
			"one class to be measured by": {cells("malignant", "0", marked("holdout")), `column "malignant": all rows are of one class: 0 events, 284 non-events`},
			"a patient twice":             {cells("patient_id", "wdbc-0001", only(3)), "model.dataset.duplicates"},
			"a patient on both sides":     {cells("patient_id", "wdbc-0001", only(2)), "model.dataset.patient_overlap"},
			"a row of neither side":       {cells("split", "test", only(9)), `datasets/wdbc/data.csv: row 9, column "split": "test" is neither "train" nor "holdout"`},
			"a field too many":            {cells("worst_area", "1,1", only(9)), "datasets/wdbc/data.csv: row 9: 34 fields where the header names 33"},
			"an empty field too many":     {cells("worst_fractal_dimension", "1,", only(9)), "datasets/wdbc/data.csv: row 9: 34 fields where the header names 33"},
			"a quote that is not closed":  {cells("worst_area", `"1`, only(568)), "datasets/wdbc/data.csv: row 568: a quote is not closed"},
			"a holdout of one row":        {func(lines []string) []string { return onlyHoldout(lines, 1) }, `column "malignant": all rows are of one class: 1 events, 0 non-events`},
			"no holdout":                  {func(lines []string) []string { return onlyHoldout(lines, 0) }, `no row is marked "holdout"`},
			"nothing but a header":        {func(lines []string) []string { return lines[:1] }, `no row is marked "train"`},
			"line ends of two kinds":      {func(lines []string) []string { lines[5] += "\r"; return lines }, "data.csv: "},
			"a column under its label's name": {func(lines []string) []string {
				lines[0] = strings.Replace(lines[0], "mean_radius", "Malignant", 1)
				return lines
			}, `data.csv: header: columns "malignant" and "Malignant" differ only in case`},
		},
		"lung-survival": {
			"negative time to learn from":  {cells("time", "-1", only(2)), `datasets/ncctg-lung/data.csv: row 2, column "time": follow-up is 0 or more, not -1`},
			"a time that is no time":       {cells("time", "soon", only(2)), `datasets/ncctg-lung/data.csv: row 2, column "time": "soon" is not a number`},
			"negative time to be measured": {cells("time", "-1", firstOf("holdout")), `column "time": a follow-up time is 0 or more, and never missing`},
			"follow-up that never varies":  {cells("time", "100", marked("holdout")), `column "time": all `},
			"a cohort without a name":      {cells("sex", "", marked("holdout")), "model.dataset.drift"},
		},
	} {
		set, dataset := newBench(t, model), map[string]string{"breast-malignancy": "wdbc", "lung-survival": "ncctg-lung"}[model]
		for name, test := range tests {
			outcome := set.checkRows(dataset, test.change)
			if outcome.Allowed {
				t.Errorf("%s is allowed", name)
			}
			if !strings.Contains(outcome.Error, test.want) && !slices.Contains(denials(outcome), test.want) {
				t.Errorf("%s: no %s in %q, %v", name, test.want, outcome.Error, denials(outcome))
			}
			if strings.Contains(outcome.Error, "holdout.csv: row") || strings.Contains(outcome.Error, "train.csv: row") {
				t.Errorf("%s: told of a row that the author does not have: %s", name, outcome.Error)
			}
		}
	}
}

func onlyHoldout(lines []string, rows int) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		if !strings.Contains(line, ",holdout,") {
			return false
		}
		rows--
		return rows < 0
	})
}

// firstOf chooses the first row of a part.
func firstOf(part string) func(int, []string) bool {
	found := false
	return func(_ int, fields []string) bool {
		chosen := !found && fields[1] == part
		found = found || chosen
		return chosen
	}
}

func denials(outcome report.Report) []string {
	var rules []string
	for _, one := range outcome.Promotions {
		for _, finding := range one.Verdict.Denials() {
			rules = append(rules, finding.Rule)
		}
	}
	return rules
}

// The same patients in another spelling are the same patients.
func TestSpellingsOfTheSameRowsAreSplitAlike(t *testing.T) {
	t.Parallel()
	set := newBench(t, "breast-malignancy")
	set.change(proposal, "breast-malignancy")
	plain := set.mustCheck(proposal)
	for name, change := range map[string]func(lines []string) []string{
		"a byte order mark": func(lines []string) []string { lines[0] = "\xef\xbb\xbf" + lines[0]; return lines },
		"CRLF": func(lines []string) []string {
			for i := range lines {
				lines[i] += "\r"
			}
			return lines
		},
		"quotes": cells("split", `"train"`, marked("train")),
	} {
		outcome := set.checkRows("wdbc", change)
		if outcome.Error != "" || outcome.Allowed != plain.Allowed || phase(t, outcome, "Fetched").Output != phase(t, plain, "Fetched").Output {
			t.Errorf("%s: allowed is %t, %s", name, outcome.Allowed, outcome.Error)
		}
	}
	broken := set.checkRows("wdbc", cells("patient_id", "\"wdbc\n0003\"", only(3)))
	if broken.Error != "" || broken.Allowed != plain.Allowed {
		t.Errorf("a line break in quotes: allowed is %t, %s", broken.Allowed, broken.Error)
	}
}

func TestAParquetFileCutShortIsRefusedByTheCheck(t *testing.T) {
	t.Parallel()
	set := newBench(t, "breast-malignancy")
	folder := filepath.Join(set.clone, "datasets", "wdbc")
	text, err := os.ReadFile(filepath.Join(folder, "data.csv"))
	if err != nil {
		t.Fatal(err)
	}
	whole := parquetOf(t, string(text))
	for length, want := range map[int]string{len(whole): "", len(whole) - 1: "data.parquet: ", len(whole) / 2: "data.parquet: ", 4: "data.parquet: "} {
		set.pushed(proposal, func() error { return set.parquet(folder, whole[:length]) })
		outcome := set.check(proposal)
		if length == len(whole) && outcome.Error != "" || want != "" && !strings.Contains(outcome.Error, want) {
			t.Errorf("%d of %d bytes: %q", length, len(whole), outcome.Error)
		}
		if want != "" && outcome.Allowed {
			t.Errorf("%d of %d bytes are allowed", length, len(whole))
		}
	}
}

// parquet makes a Parquet file the source of a data set.
func (b *bench) parquet(folder string, content []byte) error {
	if err := b.seal("wdbc"); err != nil {
		return err
	}
	csv, err := os.ReadFile(filepath.Join(folder, "data.csv"))
	if err != nil {
		return err
	}
	contract, err := os.ReadFile(filepath.Join(folder, "dataset.yaml"))
	if err != nil {
		return err
	}
	contract = bytes.Replace(contract, []byte("source: data.csv"), []byte("source: data.parquet"), 1)
	contract = bytes.Replace(contract, []byte(evidence.Sum(csv)), []byte(evidence.Sum(content)), 1)
	if err := os.WriteFile(filepath.Join(folder, "data.parquet"), content, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "dataset.yaml"), contract, 0o644)
}
