// Package card writes the model card for those who ask for one: as the XML of
// the CHAI Applied Model Card, as the 31 source attributes that 45 CFR
// 170.315(b)(11)(iv)(B) asks of a predictive decision support intervention, and
// as the checklist that TRIPOD+AI asks of a report.
//
// A team writes what the model is for; what it achieves was measured and signed.
// [Fill] brings the two together: every ${<gate>.<measurement>} of the card and
// every result of its key metrics becomes the measured number with its interval,
// and a number that is not in evidence is an error that names its place. Nothing
// is computed, and nothing is judged.
//
// The package knows cards and measurements. It must never import Kubernetes,
// OPA, or what measures and judges.
package card
