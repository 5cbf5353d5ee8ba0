package compliance

import (
	"context"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Gate measures compliance. It needs nothing but the candidate.
type Gate struct{}

// Name of the gate.
func (Gate) Name() string { return gates.Compliance }

// Measure looks at one record after the other, in this order.
func (Gate) Measure(_ context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	for _, measure := range []func(gates.Candidate) []evidence.Measurement{
		measureCard,
		measureUse,
		measureScope,
		measureApprovals,
		measureDataUse,
		measureEthics,
		measureDeidentification,
		measureFeatures,
		measureRetention,
		measureAuditLog,
		measureChange,
		measureAccess,
		measureEncryption,
		measureIntegrity,
		measureBuilders,
		measureAuthor,
		measureModifications,
		measurePractices,
		measureRisks,
		measureDataGovernance,
		measureTechnicalFile,
		measureLineage,
		measureSelf,
		measureAutomation,
		measureNondiscrimination,
		measureReporting,
		measureRegistration,
		measureMonitoring,
		measureProcessors,
		measureSoftware,
		measureSubstanceUse,
		measureReview,
	} {
		found = append(found, measure(candidate)...)
	}
	return found, nil
}

// count is a measurement without sampling error, out of n.
func count(name string, value, n int) evidence.Measurement {
	return evidence.Measurement{Name: name, Value: evidence.Count(value), N: n, Method: "counted"}
}

// stated is 1 when something is declared, and 0 when not.
func stated(name string, holds bool) evidence.Measurement {
	if holds {
		return count(name, 1, 1)
	}
	return count(name, 0, 1)
}

// label is text as the group of a measurement: short, and text in every reader.
func label(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), longestLabel)], "")
}

const longestLabel = 200 // bytes
