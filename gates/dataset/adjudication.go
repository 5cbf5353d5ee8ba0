package dataset

import (
	"context"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// adjudication asks how far the outcome itself can be believed: was it said how
// it was established, and do two people who read independently agree beyond
// chance? No model is better than its labels (TRIPOD+AI 8b).
func adjudication(_ context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	raters := s.contract.Adjudication.Raters
	found := []evidence.Measurement{
		declared("adjudication_stated", strings.TrimSpace(s.contract.Adjudication.Method) != ""),
		count("raters", "", len(raters), len(raters)),
	}
	if len(raters) != 2 {
		return found, nil
	}
	first, hasFirst := s.find(raters[0])
	second, hasSecond := s.find(raters[1])
	if !hasFirst || !hasSecond || !s.everywhere(first.name) || !s.everywhere(second.name) {
		return append(found, unmeasured("kappa", "", "a sample lacks the column of a rater")), nil
	}
	return append(found, agreement(first.texts(), second.texts())), nil
}

// agreement is Cohen's kappa over the rows that both have read.
func agreement(first, second []string) evidence.Measurement {
	words := map[string]int{}
	var pairs [][2]int
	for row := range first {
		if first[row] == "" || second[row] == "" {
			continue
		}
		var pair [2]int
		for at, text := range []string{first[row], second[row]} {
			pair[at] = place(words, spoken(text))
		}
		pairs = append(pairs, pair)
	}
	if len(words) > maxLevels {
		return unmeasured("kappa", "", "the raters use more than 20 words: those are no categories")
	}
	counts := make([][]int, len(words))
	for i := range counts {
		counts[i] = make([]int, len(words))
	}
	for _, pair := range pairs {
		counts[pair[0]][pair[1]]++
	}
	kappa, err := stats.KappaEstimate(counts)
	if err != nil {
		return unmeasured("kappa", "", err.Error())
	}
	return evidence.Measurement{
		Name: "kappa", N: len(pairs), Method: kappa.Method,
		Value: evidence.Number(kappa.Value), Low: evidence.Number(kappa.Low), High: evidence.Number(kappa.High),
	}
}

// spoken is what a rater said: 1.0 is 1.
func spoken(text string) string {
	if value, ok := table.Number(text); ok {
		return string(evidence.Number(value))
	}
	return text
}

// place gives a word its number, in order of first appearance.
func place(words map[string]int, word string) int {
	at, known := words[word]
	if !known {
		at = len(words)
		words[word] = at
	}
	return at
}
