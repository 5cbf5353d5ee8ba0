package judge

import (
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Question is one thing asked of the judge. Exactly one of Change, Model and
// Workload is set; the door at which it is asked is not part of it, so every
// door gets the same answer.
type Question struct {
	Environment string    // the environment it is asked for
	Profile     string    // the environment's threshold profile
	Time        time.Time // for rules about expiry; never the judge's own clock

	Change   *Change
	Model    *Model
	Workload *Workload
}

// Model asks whether a release may serve in the environment.
type Model struct {
	Release  evidence.Subject
	Evidence evidence.Opened
}

// Change asks whether a promotion repository may change so.
type Change struct {
	Model    string `json:"model"`
	Release  string `json:"release"`  // the digest that the change pins; empty when it follows the recipe
	First    bool   `json:"first"`    // the environment comes after no other
	After    string `json:"after"`    // the environment that comes before
	Admitted bool   `json:"admitted"` // that one, or this one, has held the release
}

// Workload is the small projection of a Kubernetes object that rules see.
type Workload struct {
	Kind      string     `json:"kind"`
	Namespace string     `json:"namespace"`
	Name      string     `json:"name"`
	Images    []Image    `json:"images"`
	Models    []ModelUse `json:"models"`
}

// Image is a container's image.
type Image struct {
	Container string `json:"container"`
	Reference string `json:"reference"`
	Digest    string `json:"digest"` // empty when the reference is not pinned
}

// ModelUse is one way in which a workload reaches a model.
type ModelUse struct {
	Reference string `json:"reference"` // as written in the object
	Where     string `json:"where"`     // field path: spec.volumes[0].image
	How       string `json:"how"`       // image_volume, container_image, environment, argument, annotation
	Name      string `json:"name"`      // the model's name
	Digest    string `json:"digest"`    // empty when the reference is not pinned
	Released  bool   `json:"released"`  // a Release object of that digest is in the cluster
	Admitted  bool   `json:"admitted"`  // the model's own verdict for this environment
	Image     string `json:"image"`     // digest of the serving image that its evidence speaks of
}
