package compliance

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureProcessors looks at the outside parties that see data (45 CFR
// 164.504(e), GDPR 28, SOC 2 CC9.2). An empty list says that there are none; a
// list that was left out says nothing.
func measureProcessors(candidate gates.Candidate) []evidence.Measurement {
	processors := candidate.Governance.Spec.Processors
	var fields []answer
	var found []evidence.Measurement
	for i, processor := range processors {
		at := fmt.Sprintf("processors[%d]", i)
		fields = append(fields, word(at+".name", processor.Name), word(at+".agreement", processor.Agreement))
		found = append(found, about(at+" "+processor.Name, endOf("processor_expires", processor.Expires)))
	}
	found = append(found, unanswered("processor", fields...)...)
	return append(found,
		stated("processors_listed", processors != nil),
		count("processors", len(processors), len(processors)),
	)
}
