package e2e

import (
	"database/sql"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// impossible is a count below zero, or a number that is none.
var impossible = regexp.MustCompile(`NaN|-[0-9]+ (events|values|rows|patients|columns)`)

// Whatever is wrong with the data, three gates and the shipped rules do not
// pass over it: either a rule has a finding that denies, or a gate has an error
// that says where.
func TestBadInputEndsInAFindingOrAnErrorThatSaysWhere(t *testing.T) {
	t.Parallel()
	honest := map[v1alpha1.Task]heard{v1alpha1.Binary: newWard(v1alpha1.Binary).hear(t), v1alpha1.Survival: newWard(v1alpha1.Survival).hear(t)}
	for name, test := range map[string]struct {
		task  v1alpha1.Task
		spoil func(*ward)
		want  []string // rules, or text of an error
	}{
		"one class":                      {v1alpha1.Binary, func(w *ward) { w.column("died", "0") }, []string{"model.dataset.events", `holdout.csv: column "died": all rows are of one class: 0 events, 3000 non-events`}},
		"survival without an event":      {v1alpha1.Survival, func(w *ward) { w.column("died", "0") }, []string{"model.dataset.events", `holdout.csv: column "died": all rows are of one class: no events`}},
		"constant follow-up":             {v1alpha1.Survival, func(w *ward) { w.column("days", "0") }, []string{`holdout.csv: column "days": all 3000 follow-up times are 0`}},
		"all scores tied":                {v1alpha1.Binary, (*ward).tie, []string{"model.performance.discrimination"}},
		"all risks tied":                 {v1alpha1.Survival, (*ward).tie, []string{"model.performance.concordance"}},
		"a label that is no number":      {v1alpha1.Binary, func(w *ward) { w.cell(7, "died", "NaN") }, []string{`holdout.csv: row 7, column "died": "NaN" is not a number`}},
		"a label that is missing":        {v1alpha1.Binary, func(w *ward) { w.cell(7, "died", "") }, []string{`holdout.csv: row 7, column "died": the label is missing`}},
		"a label of a third kind":        {v1alpha1.Binary, func(w *ward) { w.cell(7, "died", "2") }, []string{`holdout.csv: row 7, column "died": 2 is neither 0 nor 1`}},
		"an infinite feature":            {v1alpha1.Binary, func(w *ward) { w.cell(7, "marker", "Inf") }, []string{"model.dataset.schema"}},
		"a feature that is no number":    {v1alpha1.Binary, func(w *ward) { w.cell(7, "marker", "NaN") }, []string{"model.dataset.schema"}},
		"an infinite time":               {v1alpha1.Survival, func(w *ward) { w.cell(7, "days", "Inf") }, []string{"model.dataset.schema", `holdout.csv: row 7, column "days": "Inf" is not a number`}},
		"a negative time":                {v1alpha1.Survival, func(w *ward) { w.cell(7, "days", "-1") }, []string{`holdout.csv: row 7, column "days": a follow-up time is 0 or more`}},
		"a score that is no number":      {v1alpha1.Binary, func(w *ward) { w.scores[6] = math.NaN() }, []string{"holdout.csv: scores: row 7: a value is missing or not finite"}},
		"an infinite risk":               {v1alpha1.Survival, func(w *ward) { w.scores[6] = math.Inf(1) }, []string{"holdout.csv: scores: row 7: a value is missing or not finite"}},
		"a score too few":                {v1alpha1.Binary, func(w *ward) { w.scores = w.scores[1:] }, []string{"holdout.csv: 3000 rows, but 2999 scores"}},
		"a cohort column without values": {v1alpha1.Binary, func(w *ward) { w.column("sex", "") }, []string{"model.bias.equal_opportunity", "model.bias.discrimination_gap"}},
		"a cohort of one patient":        {v1alpha1.Binary, func(w *ward) { w.column("sex", "male"); w.cell(3, "sex", "female") }, []string{"model.bias.equal_opportunity"}},
		"a patient twice":                {v1alpha1.Binary, func(w *ward) { w.cell(7, "patient", "h0") }, []string{"model.dataset.duplicates"}},
		"a patient who was learned from": {v1alpha1.Binary, func(w *ward) { w.cell(7, "patient", "t0") }, []string{"model.dataset.patient_overlap"}},
		"patients without a name":        {v1alpha1.Binary, func(w *ward) { w.column("patient", "") }, []string{"model.dataset.missingness"}},
		"a holdout of one row":           {v1alpha1.Binary, func(w *ward) { w.keep(1) }, []string{"model.dataset.events", `holdout.csv: column "died": all rows are of one class: 1 events, 0 non-events`}},
		"a survivor alone":               {v1alpha1.Survival, func(w *ward) { w.keep(1) }, []string{"model.dataset.events", "holdout.csv: scores: no two rows can be compared"}},
		"a holdout of no row":            {v1alpha1.Binary, func(w *ward) { w.keep(0) }, []string{"model.dataset.events", "holdout.csv: scores: no rows"}},
		"an empty file":                  {v1alpha1.Binary, func(w *ward) { w.holdout = "" }, []string{"holdout.csv: the file is empty"}},
		"a field too many":               {v1alpha1.Binary, func(w *ward) { w.cell(7, "sex", "male,") }, []string{"holdout.csv: row 7: 7 fields where the header names 6"}},
		"a quote that is not closed":     {v1alpha1.Binary, func(w *ward) { w.cell(2999, "sex", `"male`) }, []string{"holdout.csv: row 2999: a quote is not closed"}},
		"bytes that are no text":         {v1alpha1.Binary, func(w *ward) { w.cell(7, "sex", "\xff\xfe") }, []string{"holdout.csv: row 7: the text is not UTF-8"}},
	} {
		t.Run(name, func(t *testing.T) {
			bad := newWard(test.task)
			test.spoil(bad)
			told := bad.hear(t)
			for profile, findings := range told.findings {
				if !slices.ContainsFunc(findings, func(f gates.Finding) bool { return f.Severity == gates.Deny }) {
					t.Errorf("%s: nothing denies: %+v", profile, findings)
				}
				for _, finding := range findings {
					if impossible.MatchString(finding.Message) {
						t.Errorf("%s: %s counts what cannot be: %s", profile, finding.Rule, finding.Message)
					}
				}
				for _, want := range test.want {
					if !told.says(profile, want) {
						t.Errorf("%s: no %s in %q, %+v", profile, want, told.errors, findings)
					}
					if honest[test.task].says(profile, want) {
						t.Errorf("%s: %s is said of honest data, too", profile, want)
					}
				}
			}
		})
	}
}

// Spreadsheets write marks, CRLF and quotes, and mean nothing by it.
func TestOddFormsOfAnHonestFileAreRead(t *testing.T) {
	t.Parallel()
	for _, task := range []v1alpha1.Task{v1alpha1.Binary, v1alpha1.Survival} {
		honest := newWard(task).hear(t)
		for name, spoil := range map[string]func(*ward){
			"a byte order mark":    func(w *ward) { w.holdout = "\xef\xbb\xbf" + w.holdout },
			"CRLF":                 func(w *ward) { w.holdout = strings.ReplaceAll(w.holdout, "\n", "\r\n") },
			"quotes":               func(w *ward) { w.cell(7, "sex", `"male"`); w.cell(8, "sex", `"female"`) },
			"a line break quoted":  func(w *ward) { w.cell(7, "patient", "\"seventh\nof the ward\"") },
			"no line break at end": func(w *ward) { w.holdout = strings.TrimSuffix(w.holdout, "\n") },
		} {
			odd := newWard(task)
			spoil(odd)
			told := odd.hear(t)
			if len(told.errors) > 0 {
				t.Errorf("%s: %q", name, told.errors)
			}
			for profile, findings := range told.findings {
				if got, want := rulesOf(findings), rulesOf(honest.findings[profile]); !slices.Equal(got, want) {
					t.Errorf("%s, %s, %s: findings %v, of the plain file %v", task, name, profile, got, want)
				}
			}
		}
	}
}

func rulesOf(findings []gates.Finding) []string {
	var rules []string
	for _, finding := range findings {
		rules = append(rules, finding.Rule)
	}
	return rules
}

// No reader that samples would look there.
func TestAFieldTooManyInRowThreeMillionIsFound(t *testing.T) {
	t.Parallel()
	bad := newWard(v1alpha1.Binary)
	bad.holdout = wardHeader + strings.Repeat(",,,,,\n", 2_999_999) + ",,,,,,\n" + strings.Repeat(",,,,,\n", 10)
	told := bad.hear(t)
	if len(told.errors) != 3 {
		t.Errorf("of three gates %d refused: %q", len(told.errors), told.errors)
	}
	for _, refused := range told.errors {
		if !strings.Contains(refused, "holdout.csv: row 3000000: 7 fields where the header names 6") {
			t.Error(refused)
		}
	}
}

func TestAParquetFileCutShortIsRefusedByEveryGate(t *testing.T) {
	t.Parallel()
	whole := newWard(v1alpha1.Binary)
	whole.holdout, whole.parquet = string(parquetOf(t, whole.holdout)), true
	if told := whole.hear(t); len(told.errors) > 0 {
		t.Fatalf("the whole file: %q", told.errors)
	}
	for _, length := range []int{4, 5, 100, len(whole.holdout) / 2, len(whole.holdout) - 8, len(whole.holdout) - 1} {
		cut := newWard(v1alpha1.Binary)
		cut.holdout, cut.parquet = whole.holdout[:length], true
		told := cut.hear(t)
		if len(told.errors) != 3 {
			t.Errorf("%d bytes: of three gates %d refused: %q", length, len(told.errors), told.errors)
		}
		for _, refused := range told.errors {
			if !strings.Contains(refused, "holdout.parquet: ") || strings.Contains(refused, "\n") {
				t.Errorf("%d bytes: %s", length, refused)
			}
		}
	}
}

// parquetOf is a CSV file as Parquet, written by DuckDB's own writer.
func parquetOf(t *testing.T, text string) []byte {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from.csv"), filepath.Join(dir, "to.parquet")
	if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	database, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	if _, err := database.Exec(fmt.Sprintf("COPY (SELECT * FROM read_csv(%s)) TO %s (FORMAT parquet)", table.Text(from), table.Text(to))); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
