package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// Crowd is many releases in one environment. The first ones are in use: pods
// mount them, and each has all the evidence of the one that was delivered. The
// others have forty measurements, unless all are to be alike.
type Crowd struct {
	*Delivered
	Known, Used int
	Alike       bool
}

// Subject is the ith release.
func Subject(i int) evidence.Subject {
	name := fmt.Sprintf("model-%06d", i)
	return evidence.Subject{Name: name, Digest: evidence.Sum([]byte(name))}
}

// Release signs the ith.
func (c Crowd) Release(ctx context.Context, i int) (*kube.Release, error) {
	statements := c.Statements
	if i >= c.Used && !c.Alike {
		statements = c.forty()
	}
	return c.Signed(ctx, Subject(i), statements)
}

// Signed is a release of which these statements are made.
func (c Crowd) Signed(ctx context.Context, subject evidence.Subject, statements []evidence.Statement) (*kube.Release, error) {
	object := &kube.Release{
		ObjectMeta: metav1.ObjectMeta{Name: subject.Name},
		Spec:       kube.ReleaseSpec{Model: subject.Name, Environment: c.Delivered.Release.Spec.Environment, Digest: string(subject.Digest)},
	}
	for _, statement := range statements {
		envelope, err := c.signer.Sign(ctx, about(subject, statement, c.Delivered.Release.Spec.Digest))
		if err != nil {
			return nil, err
		}
		object.Spec.Envelopes = append(object.Spec.Envelopes, string(envelope))
	}
	return object, nil
}

// about makes a statement about another subject. Some measurements speak of the
// release by its digest.
func about(subject evidence.Subject, statement evidence.Statement, digest string) evidence.Statement {
	statement.Subject = subject
	if statement.Measurements == nil {
		return statement
	}
	measured := *statement.Measurements
	measured.Measurements = slices.Clone(measured.Measurements)
	for i := range measured.Measurements {
		one := &measured.Measurements[i]
		one.Group = strings.ReplaceAll(one.Group, digest, string(subject.Digest))
	}
	statement.Measurements = &measured
	return statement
}

// forty are the statements of a release that nobody asks about: their size is
// what counts.
func (c Crowd) forty() []evidence.Statement {
	statements := []evidence.Statement{evidence.Trained(evidence.Subject{}, evidence.Provenance{})}
	for _, gate := range gates.Names() {
		measured := evidence.Measurements{Gate: gate, Environment: c.Delivered.Release.Spec.Environment, Inputs: []evidence.Subject{{Name: "image", Digest: Subject(0).Digest}}}
		for i := range 8 {
			measured.Measurements = append(measured.Measurements, evidence.Measurement{
				Name: fmt.Sprint("measurement_", i), Group: "sex=female", Value: "0.9132", Low: "0.8871", High: "0.9345", N: 1234, Method: "DeLong, two-sided 95 %",
			})
		}
		statements = append(statements, evidence.Measured(evidence.Subject{}, measured))
	}
	return statements
}

// Image is the serving image that was scanned, by digest.
func (c Crowd) Image() string { return c.Delivered.Pod.Spec.Containers[0].Image }

// Pod serves the ith release.
func (c Crowd) Pod(i int) *corev1.Pod { return c.Serving(Subject(i)) }

// Serving is the pod that mounts a release.
func (c Crowd) Serving(subject evidence.Subject) *corev1.Pod {
	pod := c.Delivered.Pod.DeepCopy()
	pod.Name = subject.Name
	for at := range pod.Spec.Volumes {
		if image := pod.Spec.Volumes[at].Image; image != nil {
			image.Reference = c.Configuration.Repositories[0] + "/" + subject.Name + "@" + string(subject.Digest)
		}
	}
	return pod
}

// Reviews ask about a pod of each release in use, all of which are allowed, and
// after each tenth about a pod of a release that nobody knows.
func (c Crowd) Reviews() ([]Review, error) {
	var reviews []Review
	for i := range c.Used {
		review, err := Creating(c.Pod(i), Subject(i).Name)
		if err != nil {
			return nil, err
		}
		review.Allowed = true
		reviews = append(reviews, review)
		if i%10 != 9 {
			continue
		}
		stranger, err := Creating(c.Pod(c.Known+i), "a-stranger-"+Subject(i).Name)
		if err != nil {
			return nil, err
		}
		stranger.Rule = "workload.released"
		reviews = append(reviews, stranger)
	}
	return reviews, nil
}

// Environments are those of the namespaces in which the pods are.
func (c Crowd) Environments() map[string]string {
	return map[string]string{c.Delivered.Pod.Namespace: c.Delivered.Release.Spec.Environment}
}

// Store writes the crowd into a folder, from which a door starts.
func (c Crowd) Store(ctx context.Context, folder string) error {
	store, err := webhook.OpenStore(folder)
	if err != nil {
		return err
	}
	memory := webhook.NewMemory()
	for i := range c.Known {
		object, err := c.Release(ctx, i)
		if err != nil {
			return err
		}
		memory.Remember(object)
	}
	return store.Save(memory, c.Environments())
}

// digestOf is what follows the @ of a reference.
func digestOf(reference string) string {
	_, digest, _ := strings.Cut(reference, "@")
	return digest
}
