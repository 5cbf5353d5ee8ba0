package v1alpha1

// Header says what kind of object a file holds.
type Header struct {
	APIVersion string   `yaml:"apiVersion" json:"apiVersion"`
	Kind       string   `yaml:"kind" json:"kind"`
	Metadata   Metadata `yaml:"metadata" json:"metadata"`
}

// Metadata names an object. The name equals the folder or file it stands in.
type Metadata struct {
	Name        string            `yaml:"name" json:"name"`
	Labels      map[string]string `yaml:"labels,omitempty" json:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty" json:"annotations,omitempty"`
}

// Platform is assay.yaml: where releases live, who may sign what, and in which
// order the environments follow each other.
type Platform struct {
	Header `yaml:",inline" json:",inline"`
	Spec   PlatformSpec `yaml:"spec" json:"spec"`
}

// PlatformSpec is the body of a Platform.
type PlatformSpec struct {
	Registry              string            `yaml:"registry" json:"registry"`                           // host[:port][/path]; models go to <registry>/models/<model>
	Environments          []string          `yaml:"environments" json:"environments"`                   // first to last
	Signers               []Signer          `yaml:"signers" json:"signers"`                             // trusted public keys
	VulnerabilityDatabase DatabaseReference `yaml:"vulnerabilityDatabase" json:"vulnerabilityDatabase"` // what the security gate reads
	People                []Person          `yaml:"people,omitempty" json:"people,omitempty"`           // who may approve, and how they sign commits and tags
	Keyless               *Keyless          `yaml:"keyless,omitempty" json:"keyless,omitempty"`         // signers without keys of their own
	Controls              Controls          `yaml:"controls,omitempty" json:"controls,omitzero"`        // how the platform itself is run
}

// Person is somebody who may approve. Every key is one person's: two people
// who share one are nobody (21 CFR 11.100(a)).
type Person struct {
	Name  string      `yaml:"name" json:"name"`
	Email string      `yaml:"email" json:"email"`
	Roles []string    `yaml:"roles" json:"roles"` // model_owner, clinical, statistician, security, quality
	Keys  []PersonKey `yaml:"keys" json:"keys"`
}

// PersonKey is one way in which a person signs commits and tags. Times are RFC
// 3339, as in Signer. Exactly one of SSH, GPG and Identity is given.
type PersonKey struct {
	SSH      string    `yaml:"ssh,omitempty" json:"ssh,omitempty"`           // a line as in authorized_keys
	GPG      string    `yaml:"gpg,omitempty" json:"gpg,omitempty"`           // armoured public key
	Identity *Identity `yaml:"identity,omitempty" json:"identity,omitempty"` // of a certificate, as gitsign uses it
	From     string    `yaml:"from,omitempty" json:"from,omitempty"`
	Until    string    `yaml:"until,omitempty" json:"until,omitempty"`
	Revoked  string    `yaml:"revoked,omitempty" json:"revoked,omitempty"`
}

// Identity is what a certificate of a Fulcio authority says of its holder. Both
// are compared whole, letter by letter.
type Identity struct {
	Issuer  string `yaml:"issuer" json:"issuer"`   // URL of the OpenID Connect provider
	Subject string `yaml:"subject" json:"subject"` // e-mail address, or URI of a workload
}

// Keyless says where certificates come from and where signatures are logged.
// TrustedRoot is a file of this repository in Sigstore's trusted_root.json
// format: verification needs nothing else, and no network.
type Keyless struct {
	Fulcio      string `yaml:"fulcio" json:"fulcio"` // URL
	Rekor       string `yaml:"rekor" json:"rekor"`   // URL
	TrustedRoot string `yaml:"trustedRoot" json:"trustedRoot"`
}

// Controls are how the platform is run, as far as people must vouch for it.
type Controls struct {
	Builders   []string   `yaml:"builders,omitempty" json:"builders,omitempty"` // identities that may train: builder ids of the provenance
	Encryption Encryption `yaml:"encryption,omitempty" json:"encryption,omitzero"`
	Access     Access     `yaml:"access,omitempty" json:"access,omitzero"`
	AuditLog   AuditLog   `yaml:"auditLog,omitempty" json:"auditLog,omitzero"`
}

// Encryption is that of registry and evidence at rest and in transit (45 CFR
// 164.312(a)(2)(iv) and (e)(2)(ii)).
type Encryption struct {
	Key string `yaml:"key" json:"key"` // id of the key that encrypts at rest
	TLS string `yaml:"tls" json:"tls"` // lowest version: 1.2 or 1.3
}

// Access is the last review of who may do what (SOC 2 CC6.1 to CC6.3).
type Access struct {
	Reviewed string `yaml:"reviewed" json:"reviewed"` // date, ISO 8601
	By       string `yaml:"by" json:"by"`             // e-mail address
}

// AuditLog names the transparency log that verdicts are entered in.
type AuditLog struct {
	PublicKey string `yaml:"publicKey" json:"publicKey"` // verifier of its checkpoints, as `assay log key` prints it
}

// DatabaseReference names the OCI artifact that holds the vulnerability database.
type DatabaseReference struct {
	Repository string `yaml:"repository" json:"repository"`
}

// Signer is a public key, and what it may sign. Times are RFC 3339; a key that
// has ended or was withdrawn vouches for nothing any more, whenever it signed.
type Signer struct {
	Name         string    `yaml:"name" json:"name"`                                     // of the key, or of the person who holds it
	Email        string    `yaml:"email,omitempty" json:"email,omitempty"`               // a person's address, as in commits
	Role         string    `yaml:"role,omitempty" json:"role,omitempty"`                 // a person's: model_owner, clinical, statistician, security, quality
	PublicKey    string    `yaml:"publicKey,omitempty" json:"publicKey,omitempty"`       // PEM, SubjectPublicKeyInfo: Ed25519, or ECDSA on P-256
	Identity     *Identity `yaml:"identity,omitempty" json:"identity,omitempty"`         // instead of a key: of a certificate, see Keyless
	Predicates   []string  `yaml:"predicates" json:"predicates"`                         // predicate type URIs
	Environments []string  `yaml:"environments,omitempty" json:"environments,omitempty"` // which the claims may be about; all when empty
	From         string    `yaml:"from,omitempty" json:"from,omitempty"`
	Until        string    `yaml:"until,omitempty" json:"until,omitempty"`
	Revoked      string    `yaml:"revoked,omitempty" json:"revoked,omitempty"`
}

// Task is what kind of outcome a model predicts.
type Task string

// Tasks that a model may have.
const (
	Binary   Task = "binary"   // an event, yes or no; the score is its probability
	Survival Task = "survival" // time to an event, possibly censored; the score is a risk
)

// Model is models/<model>/model.yaml: the recipe of a model.
type Model struct {
	Header `yaml:",inline" json:",inline"`
	Spec   ModelSpec `yaml:"spec" json:"spec"`
}

// ModelSpec is the body of a Model.
type ModelSpec struct {
	Task              Task     `yaml:"task" json:"task"`
	Purpose           string   `yaml:"purpose" json:"purpose"` // risk, detection or prognosis
	Dataset           string   `yaml:"dataset" json:"dataset"`
	Trainer           Trainer  `yaml:"trainer" json:"trainer"`
	Features          []string `yaml:"features" json:"features"`
	DecisionThreshold float64  `yaml:"decisionThreshold,omitempty" json:"decisionThreshold,omitempty"` // binary: score at or above it is a positive
	DecisionRange     *Range   `yaml:"decisionRange,omitempty" json:"decisionRange,omitempty"`         // binary: thresholds that clinicians may choose among
	Horizon           float64  `yaml:"horizon,omitempty" json:"horizon,omitempty"`                     // survival: the risk is that of an event by this time, in the unit of the dataset's time
	RiskClass         string   `yaml:"riskClass" json:"riskClass"`                                     // low, moderate or high
	Serving           Serving  `yaml:"serving" json:"serving"`
}

// Range is a closed interval of decision thresholds.
type Range struct {
	From float64 `yaml:"from" json:"from"`
	To   float64 `yaml:"to" json:"to"`
}

// Trainer says how the model is made: a built-in trainer by kind, or commands.
type Trainer struct {
	Kind    string   `yaml:"kind" json:"kind"`                           // logistic, cox or command
	Penalty float64  `yaml:"penalty,omitempty" json:"penalty,omitempty"` // ridge penalty on standardised coefficients
	Seed    uint64   `yaml:"seed" json:"seed"`
	Train   []string `yaml:"train,omitempty" json:"train,omitempty"`     // command, kind command
	Predict []string `yaml:"predict,omitempty" json:"predict,omitempty"` // command, kind command
	Image   string   `yaml:"image,omitempty" json:"image,omitempty"`     // kind command: the image that the commands run in, by digest
}

// Serving names the image that loads the model, by digest.
type Serving struct {
	Image string `yaml:"image" json:"image"`
}

// Dataset is datasets/<dataset>/dataset.yaml: the contract that the data keeps.
type Dataset struct {
	Header `yaml:",inline" json:",inline"`
	Spec   DatasetSpec `yaml:"spec" json:"spec"`
}

// DatasetSpec is the body of a Dataset.
type DatasetSpec struct {
	Source  string   `yaml:"source" json:"source"` // file beside dataset.yaml: CSV or Parquet
	Digest  string   `yaml:"digest" json:"digest"` // sha256:... of that file
	Columns []Column `yaml:"columns" json:"columns"`
	Key     string   `yaml:"key" json:"key"`                           // pseudonymous patient identifier
	Label   string   `yaml:"label,omitempty" json:"label,omitempty"`   // binary outcome, 0 or 1
	Time    string   `yaml:"time,omitempty" json:"time,omitempty"`     // survival: follow-up time
	Event   string   `yaml:"event,omitempty" json:"event,omitempty"`   // survival: 1 event, 0 censored
	Groups  []string `yaml:"groups,omitempty" json:"groups,omitempty"` // columns that name cohorts

	IndexDate    string       `yaml:"indexDate,omitempty" json:"indexDate,omitempty"`      // column: the day on which the prediction would be made
	Site         string       `yaml:"site,omitempty" json:"site,omitempty"`                // column: where the patient was seen
	Extracted    string       `yaml:"extracted,omitempty" json:"extracted,omitempty"`      // date on which the data was taken from its source, ISO 8601
	Adjudication Adjudication `yaml:"adjudication,omitempty" json:"adjudication,omitzero"` // how the outcome was established

	Split   Split   `yaml:"split" json:"split"`
	DataUse DataUse `yaml:"dataUse" json:"dataUse"`
}

// Column is one column of the contract.
type Column struct {
	Name     string   `yaml:"name" json:"name"`
	Type     string   `yaml:"type" json:"type"` // number, integer, text or date
	Unit     string   `yaml:"unit,omitempty" json:"unit,omitempty"`
	Min      *float64 `yaml:"min,omitempty" json:"min,omitempty"` // no honest value lies below
	Max      *float64 `yaml:"max,omitempty" json:"max,omitempty"`
	Low      *float64 `yaml:"low,omitempty" json:"low,omitempty"` // few honest values lie below
	High     *float64 `yaml:"high,omitempty" json:"high,omitempty"`
	Values   []string `yaml:"values,omitempty" json:"values,omitempty"`     // the only values allowed
	Required bool     `yaml:"required,omitempty" json:"required,omitempty"` // no missing value is allowed
}

// Adjudication says who decided what happened to a patient, and by which rule.
// Two Raters are columns that hold what two people read independently.
type Adjudication struct {
	Method string   `yaml:"method" json:"method"`
	Raters []string `yaml:"raters,omitempty" json:"raters,omitempty"`
}

// What a holdout is apart in: nothing but its patients, also its time, or also
// its hospitals.
const (
	RandomSplit   = "random"
	TemporalSplit = "temporal" // every index date of the holdout lies after all of the training rows
	ExternalSplit = "external" // no site of the holdout is one of the training rows
)

// Split freezes which rows are the holdout: those whose Column holds Holdout.
type Split struct {
	Column  string `yaml:"column" json:"column"`
	Train   string `yaml:"train" json:"train"`
	Holdout string `yaml:"holdout" json:"holdout"`
	Kind    string `yaml:"kind,omitempty" json:"kind,omitempty"` // random (when empty), temporal or external
}

// DataUse says under which agreement and which ethics decision data is used.
type DataUse struct {
	Agreement        string   `yaml:"agreement" json:"agreement"`
	Purposes         []string `yaml:"purposes" json:"purposes"`
	Expires          string   `yaml:"expires" json:"expires"`                   // date, ISO 8601
	Deidentification string   `yaml:"deidentification" json:"deidentification"` // safe_harbor, expert_determination or limited_dataset (45 CFR 164.514)
	Expert           Expert   `yaml:"expert,omitempty" json:"expert,omitzero"`  // expert_determination
	Covers           []string `yaml:"covers" json:"covers"`                     // sha256:... of the data files that the agreement is about
	Ethics           Ethics   `yaml:"ethics" json:"ethics"`
}

// Expert is the determination of 45 CFR 164.514(b)(1).
type Expert struct {
	Report  string `yaml:"report" json:"report"`   // sha256:... of the report
	Expires string `yaml:"expires" json:"expires"` // date, ISO 8601
}

// Ethics is the decision of a review board.
type Ethics struct {
	Board    string   `yaml:"board" json:"board"`
	Id       string   `yaml:"id" json:"id"`
	Decision string   `yaml:"decision" json:"decision"` // approved, exempt or waived
	Expires  string   `yaml:"expires" json:"expires"`   // date, ISO 8601
	Approved string   `yaml:"approved" json:"approved"` // date, ISO 8601
	Covers   []string `yaml:"covers" json:"covers"`     // sha256:... of the data files that the decision is about
}

// Promotion is environments/<env>/<model>.yaml: which release serves there.
type Promotion struct {
	Header `yaml:",inline" json:",inline"`
	Spec   PromotionSpec `yaml:"spec" json:"spec"`
}

// PromotionSpec is the body of a Promotion. Without a Release, the environment
// follows the recipe: every merged change of the model is delivered to it.
type PromotionSpec struct {
	Model    string `yaml:"model" json:"model"`
	Release  string `yaml:"release,omitempty" json:"release,omitempty"`   // sha256:...
	Replicas int    `yaml:"replicas,omitempty" json:"replicas,omitempty"` // 0 leaves the number to the autoscaler

	Serving ServingProfile `yaml:"serving,omitempty" json:"serving,omitzero"` // what else is asked for
}

// ServingProfile is how a promotion is served beyond a model at work; what each
// field brings is in manifests/serving/README.md, what it may be in internal/render.
type ServingProfile struct {
	Runtime            string   `yaml:"runtime,omitempty" json:"runtime,omitempty"`                       // kserve, or nothing
	Scaling            string   `yaml:"scaling,omitempty" json:"scaling,omitempty"`                       // cpu, requests, or nothing
	MaxReplicas        int      `yaml:"maxReplicas,omitempty" json:"maxReplicas,omitempty"`               // of the autoscaler
	RequestsPerReplica int      `yaml:"requestsPerReplica,omitempty" json:"requestsPerReplica,omitempty"` // a second
	Clients            []string `yaml:"clients,omitempty" json:"clients,omitempty"`                       // Istio principals that may ask
	Cloud              string   `yaml:"cloud,omitempty" json:"cloud,omitempty"`                           // aws, azure or gcp: whose secrets
	Identity           string   `yaml:"identity,omitempty" json:"identity,omitempty"`                     // role, client ID or service account
	Vault              string   `yaml:"vault,omitempty" json:"vault,omitempty"`                           // region, vault URL or project
	Secrets            []string `yaml:"secrets,omitempty" json:"secrets,omitempty"`                       // names in that vault
	AccuracyMin        string   `yaml:"accuracyMin,omitempty" json:"accuracyMin,omitempty"`               // alarm below it, 0.85
	RequestsMax        int      `yaml:"requestsMax,omitempty" json:"requestsMax,omitempty"`               // alarm above it, a second
}
