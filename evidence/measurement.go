package evidence

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Measurement is one number that a gate found, with the uncertainty it has.
//
// Low and High are the ends of the interval (95 %, two-sided, unless Method
// says otherwise); both are empty where the number has no sampling error, as
// with a count of missing fields. N is how many patients, rows or items the
// number rests on. Group names the cohort ("sex=female"), the column ("age")
// or the item ("CVE-2026-0001 openssl") that the number is about; it is empty
// for the whole. An empty Value says that the number could not be had; Method
// then says why.
type Measurement struct {
	Name   string  `json:"name"`
	Value  Decimal `json:"value"`
	Low    Decimal `json:"low,omitempty"`
	High   Decimal `json:"high,omitempty"`
	N      int     `json:"n"`
	Unit   string  `json:"unit,omitempty"`
	Group  string  `json:"group"`
	Method string  `json:"method,omitempty"`
}

// Bounds on what a measurement may hold: evidence is read inside an admission
// webhook, where every input is hostile.
const (
	maxText         = 512
	MaxMeasurements = 4096
)

// Line makes text from a hostile file fit for evidence: one line that can be
// printed, within the bound of a measurement's text.
func Line(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
	for len(text) > maxText {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// Validate reports a measurement that no honest measurer writes.
func (m Measurement) Validate() error {
	if m.Name == "" {
		return fmt.Errorf("a measurement has no name")
	}
	for field, text := range map[string]string{"name": m.Name, "unit": m.Unit, "group": m.Group, "method": m.Method} {
		if len(text) > maxText {
			return fmt.Errorf("measurement %.40q: %s is longer than %d bytes", m.Name, field, maxText)
		}
	}
	if m.N < 0 {
		return fmt.Errorf("measurement %q: n is %d", m.Name, m.N)
	}
	for field, number := range map[string]Decimal{"value": m.Value, "low": m.Low, "high": m.High} {
		if err := number.Validate(); err != nil {
			return fmt.Errorf("measurement %q: %s: %w", m.Name, field, err)
		}
	}
	return nil
}

// MarshalNumbers writes measurements with JSON numbers (and null for what was
// not measured), for people and their scripts. Signed bytes never hold these.
func MarshalNumbers(measurements []Measurement) ([]byte, error) {
	type row struct {
		Name   string       `json:"name"`
		Value  *json.Number `json:"value"`
		Low    *json.Number `json:"low"`
		High   *json.Number `json:"high"`
		N      int          `json:"n"`
		Unit   string       `json:"unit,omitempty"`
		Group  string       `json:"group"`
		Method string       `json:"method"`
	}
	rows := make([]row, 0, len(measurements))
	for _, m := range measurements {
		rows = append(rows, row{m.Name, number(m.Value), number(m.Low), number(m.High), m.N, m.Unit, m.Group, m.Method})
	}
	return json.MarshalIndent(rows, "", "  ")
}

func number(d Decimal) *json.Number {
	if d == "" {
		return nil
	}
	value := json.Number(d)
	return &value
}
