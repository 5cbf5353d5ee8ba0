package promotion

import (
	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// cardInput names the card among the inputs of the compliance gate's evidence.
const cardInput = "card"

// IsMeasuredCard holds when evidence of the compliance gate is about this card,
// and not about one that was written before or after.
func IsMeasuredCard(card v1alpha1.CardSpec, measured evidence.Measurements) (bool, error) {
	digest, err := digestOf(card)
	return err == nil && measured.Input(cardInput) == digest, err
}
