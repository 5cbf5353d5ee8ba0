package assembly

import (
	"context"

	"github.com/mlops-clinical-trials/assay/internal/trainer"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// training runs the trainer that a recipe names.
type training struct{}

func (training) Train(ctx context.Context, recipe promotion.Recipe, data, into string) error {
	chosen, config, err := choose(recipe)
	if err != nil {
		return err
	}
	return chosen.Train(ctx, trainer.TrainJob{Data: data, Config: config, Out: into})
}

func (training) Predict(ctx context.Context, recipe promotion.Recipe, model, blind string) ([]float64, error) {
	chosen, config, err := choose(recipe)
	if err != nil {
		return nil, err
	}
	return chosen.Predict(ctx, trainer.PredictJob{Model: model, Data: blind, Config: config})
}

func choose(recipe promotion.Recipe) (trainer.Trainer, trainer.Config, error) {
	config, err := trainer.NewConfig(recipe.Model(), recipe.Contract)
	if err != nil {
		return nil, config, err
	}
	chosen, err := trainer.For(recipe.Trainer)
	return chosen, config, err
}
