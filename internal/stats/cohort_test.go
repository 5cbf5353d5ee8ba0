package stats_test

import (
	"math"
	"testing"
)

// cohort is the rows of a regression, those with a missing value dropped.
type cohort struct {
	x     [][]float64
	time  []float64
	event []bool
}

// design tells how the oracle made the columns of a data set.
type design struct {
	dataset, filter string
	time            func(t *testing.T, p patients) []float64
	event           func(p patients) []bool
	columns         map[string]func(t *testing.T, p patients) []float64
}

func plain(column string) func(*testing.T, patients) []float64 {
	return func(t *testing.T, p patients) []float64 { return p.number(t, column) }
}

// flag is 1 for a value, 0 for others and missing for a missing one.
func flag(column, value string) func(*testing.T, patients) []float64 {
	return func(t *testing.T, p patients) []float64 {
		flags := p.dummy(column, value)
		for row, text := range p[column] {
			if text == "" {
				flags[row] = math.NaN()
			}
		}
		return flags
	}
}

func mapped(column string, of func(float64) float64) func(*testing.T, patients) []float64 {
	return func(t *testing.T, p patients) []float64 {
		values := p.number(t, column)
		for row, value := range values {
			values[row] = of(value)
		}
		return values
	}
}

// observed is missing where it is not known whether the event came.
func observed(time, status string) func(*testing.T, patients) []float64 {
	return func(t *testing.T, p patients) []float64 {
		times := p.number(t, time)
		for row, text := range p[status] {
			if text == "" {
				times[row] = math.NaN()
			}
		}
		return times
	}
}

func event(column, value string) func(patients) []bool {
	return func(p patients) []bool { return p.is(column, value) }
}

func logOfOneMore(value float64) float64 { return math.Log(value + 1) }

type columns = map[string]func(*testing.T, patients) []float64

var designs = map[string]design{
	"lung": {"lung_ncctg", "", plain("time"), event("status", "2"), columns{
		"age": plain("age"), "female": flag("sex", "2"), "ph_ecog": plain("ph_ecog")}},
	"veteran": {"lung_veteran", "", plain("time"), event("status", "1"), columns{
		"trt": flag("trt", "2"), "karno": plain("karno"), "diagtime": plain("diagtime"), "age": plain("age"), "prior": flag("prior", "10"),
		"smallcell": flag("celltype", "smallcell"), "adeno": flag("celltype", "adeno"), "large": flag("celltype", "large")}},
	"gbsg": {"breast_gbsg", "", plain("rfstime"), event("status", "1"), columns{
		"age": plain("age"), "meno": plain("meno"), "size": plain("size"), "grade": plain("grade"),
		"nodes": plain("nodes"), "pgr": plain("pgr"), "er": plain("er"), "hormon": plain("hormon")}},
	"colon_death": {"colon_adjuvant", "etype==2", plain("time"), event("status", "1"), columns{
		"age": plain("age"), "male": plain("sex"), "nodes": plain("nodes"), "obstruct": plain("obstruct"), "adhere": plain("adhere"),
		"lev": flag("rx", "Lev"), "lev5fu": flag("rx", "Lev+5FU")}},
	"ovarian": {"ovarian_mayo", "", plain("futime"), event("fustat", "1"), columns{
		"age": plain("age"), "resid": flag("resid_ds", "2"), "rx2": flag("rx", "2"), "ecog2": flag("ecog_ps", "2")}},
	"rotterdam_rfs":   {"breast_rotterdam", "", recurrenceOrDeath, eitherEvent, rotterdam},
	"rotterdam_death": {"breast_rotterdam", "", plain("dtime"), event("death", "1"), rotterdam},
	"melanoma": {"melanoma_odense", "", plain("time"), event("status", "1"), columns{
		"thick": plain("thick"), "ulcer": flag("ulcer", "present"), "male": flag("sex", "Male"), "age": plain("age")}},
	"glioma_tcga": {"tcga_glioma", "survival_months>0", observed("survival_months", "derived_os_event"), event("derived_os_event", "1"), columns{
		"age": plain("age_years_at_diagnosis"), "male": flag("gender", "male"), "idh_mut": flag("idh_status", "Mutant")}},
	"colorectal_slovenia": {"colorectal_slovenia", "", plain("time"), event("stat", "1"), columns{
		"age_years": mapped("age", func(days float64) float64 { return days / 365.25 }), "female": flag("sex", "2"), "rectum": flag("site", "rectum"),
		"stage2": flag("stage", "2"), "stage3": flag("stage", "3"), "stage99": flag("stage", "99")}},
	"wdbc": {"breast_wdbc", "", nil, event("diagnosis", "malignant"), columns{
		"mean_radius": plain("mean_radius"), "mean_texture": plain("mean_texture"), "mean_smoothness": plain("mean_smoothness")}},
	"tcga_coad_death": {"tcga_coad", "", nil, event("derived_os_event", "1"), columns{
		"age": plain("age_at_initial_pathologic_diagnosis"), "male": flag("gender", "MALE"), "n_pos": plain("lymph_nodes_examined_he_count")}},
}

var rotterdam = columns{
	"age": plain("age"), "meno": plain("meno"), "size20_50": flag("size", "20-50"), "size50": flag("size", ">50"),
	"grade3": flag("grade", "3"), "nodes": plain("nodes"), "log_pgr": mapped("pgr", logOfOneMore), "log_er": mapped("er", logOfOneMore),
	"hormon": plain("hormon"), "chemo": plain("chemo")}

func recurrenceOrDeath(t *testing.T, p patients) []float64 {
	recurrence, death := p.number(t, "rtime"), p.number(t, "dtime")
	for row, recurred := range p["recur"] {
		if recurred == "1" {
			death[row] = recurrence[row]
		}
	}
	return death
}

func eitherEvent(p patients) []bool {
	events := p.is("recur", "1")
	for row, died := range p.is("death", "1") {
		events[row] = events[row] || died
	}
	return events
}

// readCohort has the columns in the order of terms, and the rows that lack
// nothing; source numbers them, from 1, in the file.
func readCohort(t *testing.T, id string, terms ...string) (c cohort, source []float64) {
	t.Helper()
	d, known := designs[id]
	if !known {
		t.Fatalf("no design %q", id)
	}
	data := study(t, d.dataset, d.filter)
	values := make([][]float64, len(terms))
	for j, term := range terms {
		if d.columns[term] == nil {
			t.Fatalf("design %q has no %q", id, term)
		}
		values[j] = d.columns[term](t, data)
	}
	events := d.event(data)
	times := make([]float64, len(events))
	if d.time != nil {
		times = d.time(t, data)
	}
	rows := data.number(t, "row")
	for row := range events {
		x, whole := make([]float64, len(terms)), !math.IsNaN(times[row])
		for j := range terms {
			x[j] = values[j][row]
			whole = whole && !math.IsNaN(x[j])
		}
		if whole {
			c.x, c.time, c.event, source = append(c.x, x), append(c.time, times[row]), append(c.event, events[row]), append(source, rows[row])
		}
	}
	return c, source
}

func (c cohort) risk(coef []float64) []float64 {
	scores := make([]float64, len(c.x))
	for i, row := range c.x {
		for j, value := range row {
			scores[i] += value * coef[j]
		}
	}
	return scores
}

func lung(t *testing.T) cohort {
	c, _ := readCohort(t, "lung", "age", "female", "ph_ecog")
	return c
}

func melanoma(t *testing.T) cohort {
	c, _ := readCohort(t, "melanoma", "thick", "ulcer", "male", "age")
	return c
}
