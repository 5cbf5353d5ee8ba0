package compliance

import (
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureTechnicalFile looks at the index of EU AI Act, annex IV: a document
// counts when it has a title and is named by its content. Which kinds must be
// there is a threshold.
func measureTechnicalFile(candidate gates.Candidate) []evidence.Measurement {
	file := candidate.Governance.Spec.TechnicalFile
	found := unanswered("technical_file",
		prose("technicalFile.logging", file.Logging), prose("technicalFile.oversight", file.Oversight),
		prose("technicalFile.stop", file.Stop), prose("technicalFile.postMarketPlan", file.PostMarketPlan),
	)
	for _, document := range file.Documents {
		found = append(found, about(document.Kind, stated("technical_document", identified(document))))
	}
	found = append(found, stated("instructions_for_use", identified(file.Instructions)))
	found = append(found, count("accuracy_pointers", len(file.Accuracy), len(file.Accuracy)))
	return append(found, pointers("accuracy_pointer", "technicalFile.accuracy", file.Accuracy)...)
}

func identified(document v1alpha1.Document) bool {
	return written(document.Title) && isDigest(document.Digest)
}
