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
	Model    string   `json:"model"`
	Release  string   `json:"release"`  // the digest that the change pins; empty when it follows the recipe
	First    bool     `json:"first"`    // the environment comes after no other
	After    []string `json:"after"`    // the environments that come before
	Admitted bool     `json:"admitted"` // all of those, or this one, have held the release
	Holds    bool     `json:"holds"`    // this one holds it now: nothing would come that is not here
	Rollback bool     `json:"rollback"` // this one held it before what it holds now, as its own branch tells
	Clear    bool     `json:"clear"`    // no quarantine names the release or its serving image

	Soak  string `json:"soak"`  // seconds for which it must have served healthily in each of After
	Soaks []Soak `json:"soaks"` // how long it has

	Required []string `json:"required"` // roles in which somebody must have approved
	Approved []string `json:"approved"` // roles in which somebody has

	Whole  bool     `json:"whole"`  // no branch that this depends on has lost its past
	Edited []string `json:"edited"` // those that have

	Quarantines []Quarantine `json:"quarantines"` // those that do

	Thawed  bool     `json:"thawed"`  // no freeze holds here
	Freezes []Freeze `json:"freezes"` // those that do
	Opens   string   `json:"opens"`   // when none does any more, for people; empty where nobody knows
}

// Soak is how long a release has served healthily in an environment.
type Soak struct {
	Environment string `json:"environment"`
	Healthy     string `json:"healthy"` // seconds; empty where nobody has watched
}

// Workload is the small projection of a Kubernetes object that rules see.
type Workload struct {
	Operation string     `json:"operation"` // create, update, scale, connect
	Kind      string     `json:"kind"`
	Namespace string     `json:"namespace"`
	Name      string     `json:"name"`
	Images    []Image    `json:"images"`
	Models    []ModelUse `json:"models"`
	Volumes   []Volume   `json:"volumes"`

	Quarantines []Quarantine `json:"quarantines"` // that name a digest of the workload here
	Glass       []Glass      `json:"glass"`       // that a trusted key signed for a model of the workload

	Freezes []Freeze `json:"freezes"` // that hold here
	Opens   string   `json:"opens"`   // when none does any more, for people; empty where nobody knows
}

// Image is a container's image.
type Image struct {
	Container string `json:"container"`
	Reference string `json:"reference"`
	Digest    string `json:"digest"` // empty when the reference is not pinned
	Clear     bool   `json:"clear"`  // no quarantine names the digest
}

// ModelUse is one way in which a workload reaches a model.
type ModelUse struct {
	Reference string `json:"reference"` // as written in the object
	Where     string `json:"where"`     // field path: spec.volumes[0].image
	How       string `json:"how"`       // image_volume, container_image, environment, argument, annotation, config_map
	Name      string `json:"name"`      // the model's name
	Digest    string `json:"digest"`    // empty when the reference is not pinned
	Released  bool   `json:"released"`  // a Release object of that digest is in the cluster
	Admitted  bool   `json:"admitted"`  // the model's own verdict for this environment
	Image     string `json:"image"`     // digest of the serving image that its evidence speaks of
	Clear     bool   `json:"clear"`     // no quarantine names the digest
	Thawed    bool   `json:"thawed"`    // no freeze holds here, or the release was here before
}

// Volume is storage whose content nobody judged. None is what holds no content of
// its own (emptyDir, downwardAPI), what is searched by itself (configMap), what the
// door never sees (secret) and what is a ModelUse (image).
type Volume struct {
	Name    string `json:"name"`    // of what is mounted: the claim, the path, the driver
	Kind    string `json:"kind"`    // persistentVolumeClaim, hostPath, nfs, csi, ephemeral, ...
	Where   string `json:"where"`   // field path: spec.volumes[0]
	Allowed bool   `json:"allowed"` // the operator of the cluster named it
}

// Quarantine is an order that a digest may not run. It needs no signature: it
// can only deny.
type Quarantine struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// Freeze is an order that nothing new comes into an environment while it holds. It
// needs no signature either.
type Freeze struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

// Glass is the word of a person, signed, that a model may run for some hours
// although rules deny it. Rules say whether it counts.
type Glass struct {
	Bundle      string `json:"bundle"` // digest of what was signed
	Model       string `json:"model"`
	Digest      string `json:"digest"`
	Environment string `json:"environment"`
	Namespace   string `json:"namespace"`
	Reason      string `json:"reason"`
	Ticket      string `json:"ticket"`
	Until       string `json:"until"`   // as signed, for people
	Issued      string `json:"issued"`  // seconds
	Expires     string `json:"expires"` // seconds

	By evidence.Person `json:"by"`
}
