package trainer

import (
	"context"
	"fmt"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// Trainer makes a model, and asks it for scores.
type Trainer interface {
	Train(ctx context.Context, job TrainJob) error
	Predict(ctx context.Context, job PredictJob) ([]float64, error)
}

// TrainJob is one training: rows in, model files out.
type TrainJob struct {
	Data   string // file with the training rows, outcomes included
	Config Config
	Out    string // directory to write the model files into; it exists and is empty
}

// PredictJob asks a trained model for the scores of rows it has not seen.
type PredictJob struct {
	Model  string // directory that Train wrote
	Data   string // file with the key and the features: what Blind lets through
	Config Config
}

// Kinds of trainer that a recipe may name.
const (
	Logistic    = "logistic" // the score is the probability of the event
	Cox         = "cox"      // the score is the linear predictor: larger is worse
	CommandKind = "command"
)

// For gives the trainer that a recipe names.
func For(spec v1alpha1.Trainer) (Trainer, error) {
	switch spec.Kind {
	case Logistic, Cox:
		return Regression{Kind: spec.Kind}, nil
	case CommandKind:
		if len(spec.Train) == 0 || len(spec.Predict) == 0 {
			return nil, fmt.Errorf("trainer: kind command needs both train and predict")
		}
		return Command{Training: spec.Train, Predicting: spec.Predict}, nil
	default:
		return nil, fmt.Errorf("trainer: kind %.40q is not one of %s, %s, %s", spec.Kind, Logistic, Cox, CommandKind)
	}
}
