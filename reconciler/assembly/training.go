package assembly

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// training runs the trainer that a recipe names. Commands run only where
// whoever runs Assay has allowed it: a recipe is proposed by anybody.
type training struct{ commands bool }

var errCommands = errors.New("the recipe's trainer is a command, and commands are not allowed here\n" +
	"hint: read what it runs, then allow it with --allow-commands")

func (t training) Train(ctx context.Context, recipe promotion.Recipe, data, into string) error {
	chosen, config, err := t.choose(recipe)
	if err != nil {
		return err
	}
	return chosen.Train(ctx, trainer.TrainJob{Data: data, Config: config, Out: into})
}

func (t training) Predict(ctx context.Context, recipe promotion.Recipe, model, blind string) (promotion.Prediction, error) {
	chosen, config, err := t.choose(recipe)
	if err != nil {
		return promotion.Prediction{}, err
	}
	said, err := chosen.Predict(ctx, trainer.PredictJob{Model: model, Data: blind, Config: config})
	return promotion.Prediction(said), err
}

func (t training) Load(ctx context.Context, recipe promotion.Recipe, model string) (gates.Session, error) {
	chosen, config, err := t.choose(recipe)
	if err != nil {
		return nil, err
	}
	return chosen.Load(ctx, trainer.LoadJob{Model: model, Config: config})
}

// Program is the image of a command that has one, and this program where it
// trains itself. What else a command runs, nobody knows.
func (t training) Program(recipe promotion.Recipe) (evidence.Digest, error) {
	switch {
	case recipe.Trainer.Image != "":
		_, digest, _ := strings.Cut(recipe.Trainer.Image, "@")
		return evidence.ParseDigest(digest)
	case recipe.Trainer.Kind == trainer.CommandKind:
		return "", nil
	}
	return thisProgram()
}

// thisProgram is the digest of the file that runs.
var thisProgram = sync.OnceValues(func() (evidence.Digest, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("naming the program that trains: %w", err)
	}
	file, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("naming the program that trains: %w", err)
	}
	defer file.Close()
	return evidence.SumReader(file)
})

func (t training) choose(recipe promotion.Recipe) (trainer.Trainer, trainer.Config, error) {
	if recipe.Trainer.Kind == trainer.CommandKind && !t.commands {
		return nil, trainer.Config{}, errCommands
	}
	config, err := trainer.NewConfig(recipe.Model(), recipe.Contract)
	if err != nil {
		return nil, config, err
	}
	chosen, err := trainer.For(recipe.Trainer)
	return chosen, config, err
}
