package qualify

import (
	"context"
	"errors"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates"
)

// server is a specimen in operation. It knows the patients of the holdout by
// their features, and refuses everybody else.
type server struct {
	features []string
	scores   map[string]float64
}

var errStranger = errors.New("no patient of the holdout has these features")

func (s *specimen) server() server {
	known := server{s.recipe.Features, map[string]float64{}}
	for _, one := range s.holdout {
		request := map[string]string{}
		for _, feature := range known.features {
			if at := s.at(feature); at >= 0 {
				request[feature] = one.values[at]
			}
		}
		known.scores[known.key(request)] = one.score
	}
	return known
}

func (s server) key(request map[string]string) string {
	texts := make([]string, len(s.features))
	for i, feature := range s.features {
		texts[i] = request[feature]
	}
	return strings.Join(texts, "\x00")
}

func (s server) Load(context.Context) (gates.Session, error) { return s, nil }

func (s server) Predict(_ context.Context, request map[string]string) (float64, error) {
	score, known := s.scores[s.key(request)]
	if !known {
		return 0, errStranger
	}
	return score, nil
}

func (server) Close() error { return nil }
