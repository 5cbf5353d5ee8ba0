package compliance

import "github.com/mlops-clinical-trials/assay/evidence"

// answer is what stands, or does not, in a field of governance.yaml.
type answer struct {
	path  string
	given bool
}

// prose is a field that a sentence answers.
func prose(path, text string) answer { return answer{path, explains(text)} }

// word is a field that a name, an id or a number answers.
func word(path, text string) answer { return answer{path, written(text)} }

// unanswered counts the fields that say nothing, and names each.
func unanswered(subject string, fields ...answer) []evidence.Measurement {
	var missing []string
	for _, one := range fields {
		if !one.given {
			missing = append(missing, one.path)
		}
	}
	return listed(subject+"_fields_missing", subject+"_field_missing", missing, len(fields))
}

// about says what a measurement is about.
func about(group string, one evidence.Measurement) evidence.Measurement {
	one.Group = label(group)
	return one
}

// isDigest holds for sha256:... in full.
func isDigest(text string) bool {
	_, err := evidence.ParseDigest(text)
	return err == nil
}
