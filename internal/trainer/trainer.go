package trainer

import (
	"context"
	"fmt"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// Trainer makes a model, and asks it: about many rows at once, or, once it is
// loaded, about one patient at a time.
type Trainer interface {
	Train(ctx context.Context, job TrainJob) error
	Predict(ctx context.Context, job PredictJob) (Prediction, error)
	Load(ctx context.Context, job LoadJob) (Session, error)
}

// Prediction is what a model says of rows, in their order. Risks are the
// probabilities of an event by the recipe's horizon; there are none where the
// recipe names no horizon, or the program gives none.
type Prediction struct {
	Scores []float64
	Risks  []float64
}

// Session is a loaded model. Predict answers one request, features by column
// name, with the score, which is not finite where the model's answer is not. It
// is an error where the request is refused.
type Session interface {
	Predict(ctx context.Context, features map[string]string) (float64, error)
	Close() error
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

// LoadJob makes a trained model ready, as a server would.
type LoadJob struct {
	Model  string // directory that Train wrote
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
