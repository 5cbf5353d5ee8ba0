package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// deploymentSuffix is what the serving base puts behind a model's name.
const deploymentSuffix = "-serving"

// soon is how long the reconciler may take to deliver what is merged.
const soon = 3 * time.Minute

// delivered waits until the reconciler says so of the merged commit.
func (s *story) delivered(ctx context.Context, environment string, models ...string) error {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for _, model := range models {
		for {
			var promotion kube.Promotion
			err := s.world.Client.Get(ctx, client.ObjectKey{Namespace: "assay-system", Name: model + "." + environment}, &promotion)
			if client.IgnoreNotFound(err) != nil {
				return err
			}
			ready := meta.FindStatusCondition(promotion.Status.Conditions, "Ready")
			if ready != nil && promotion.Spec.Commit == s.stage.merged && ready.ObservedGeneration == promotion.Generation {
				if ready.Status != metav1.ConditionTrue {
					return fmt.Errorf("the reconciler did not deliver %s: %s", promotion.Name, ready.Message)
				}
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("waiting for the reconciler to deliver %s to %s: %w", model, environment, ctx.Err())
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return nil
}

// serving is the release that a Promotion object says is delivered.
func (s *story) serving(ctx context.Context, promotion string) (string, error) {
	var shown kube.Promotion
	err := s.world.Client.Get(ctx, client.ObjectKey{Namespace: "assay-system", Name: promotion}, &shown)
	return shown.Status.Release, err
}

// sync applies the environment's branch, as Argo CD would.
func (s *story) sync(ctx context.Context, environment string) error {
	tree, err := s.stage.branch(ctx, "env/"+environment)
	if err != nil {
		return err
	}
	if err := s.world.Sync(ctx, tree); err != nil {
		return fmt.Errorf("syncing env/%s: %w", environment, err)
	}
	return nil
}

// admit is act three.
func (s *story) admit(ctx context.Context) error {
	s.say("Synced through the API server. The webhook verifies the evidence and asks the same judge.")
	for _, model := range []string{"breast-malignancy", "lung-survival"} {
		if err := s.tryPod(ctx, "pod of "+model+" in development", "", "models-development", model, model+"-1", nil); err != nil {
			return err
		}
	}
	return nil
}

// tryPod creates the pod that a Deployment's controller would make, changed by
// whoever tries to get something past the webhook.
func (s *story) tryPod(ctx context.Context, what, want, namespace, model, name string, change func(*corev1.Pod)) error {
	pod, err := s.world.PodOf(ctx, namespace, model+deploymentSuffix, name)
	if err != nil {
		return err
	}
	if change != nil {
		change(pod)
	}
	return s.try(ctx, what, want, pod)
}

func (s *story) try(ctx context.Context, what, want string, object client.Object) error {
	started := time.Now()
	err := s.world.Client.Create(ctx, object)
	tried := attempt{what: what, door: apiServer, want: want, allowed: err == nil, took: time.Since(started)}
	if err != nil && !apierrors.IsForbidden(err) {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err != nil {
		tried.rules = rulesIn(err.Error())
		tried.told = lineOf(err.Error(), want)
	}
	s.note(tried)
	return nil
}

var ruleText = regexp.MustCompile(`\b(?:model|workload|change)\.[a-z_]+(?:\.[a-z_]+)?: `)

// rulesIn are the rules that a denial names.
func rulesIn(message string) []string {
	var rules []string
	for _, match := range ruleText.FindAllString(message, -1) {
		if rule := strings.TrimSuffix(match, ": "); !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return rules
}

func lineOf(message, rule string) string {
	for line := range strings.SplitSeq(message, "\n") {
		if at := strings.Index(line, rule+": "); rule != "" && at >= 0 {
			return line[at:]
		}
	}
	return message
}

// denyAtAPIServer is act seven: what was never judged, or not judged as it is
// now, does not get past the door.
func (s *story) denyAtAPIServer(ctx context.Context) error {
	s.say("Denied at the API server.")
	const namespace, model = "models-development", "breast-malignancy"
	mount := func(reference func(repository, digest string) string) func(*corev1.Pod) {
		return func(pod *corev1.Pod) {
			image := imageVolume(pod)
			repository, digest, _ := strings.Cut(image.Reference, "@")
			image.Reference = reference(repository, digest)
		}
	}
	never := "sha256:" + strings.Repeat("5ca1ab1e", 8)
	err := s.tryPod(ctx, "a digest that was never promoted", "workload.released", namespace, model, "never-promoted",
		mount(func(repository, _ string) string { return repository + "@" + never }))
	if err != nil {
		return err
	}
	err = s.tryPod(ctx, "a tag instead of a digest", "workload.pinned", namespace, model, "by-tag",
		mount(func(repository, _ string) string { return repository + ":latest" }))
	if err != nil {
		return err
	}
	if err := s.copyEvidence(ctx, never, mount(func(repository, _ string) string { return repository + "@" + never })); err != nil {
		return err
	}
	if err := s.changeOneByte(ctx); err != nil {
		return err
	}
	release, err := s.release(ctx, model)
	if err != nil {
		return err
	}
	return s.try(ctx, "a bare pod with the model in an environment variable", "workload.mounted", &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "smuggler"},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "predictor", Image: s.stage.image, SecurityContext: restricted(),
			Env: []corev1.EnvVar{{Name: "MODEL_URI", Value: "oci://" + s.world.Registry + "/assay/models/" + model + "@" + release.Spec.Digest}},
		}}},
	})
}

// copyEvidence presents the evidence of one model as that of another.
func (s *story) copyEvidence(ctx context.Context, digest string, mount func(*corev1.Pod)) error {
	release, err := s.release(ctx, "breast-malignancy")
	if err != nil {
		return err
	}
	forged := &kube.Release{ObjectMeta: metav1.ObjectMeta{Name: "forged"}, Spec: *release.Spec.DeepCopy()}
	forged.Spec.Digest = digest
	if err := s.world.Client.Create(ctx, forged); err != nil {
		return err
	}
	return s.afterRelease(ctx, "evidence copied from another model", mount, "breast-malignancy", "copied-evidence")
}

// changeOneByte changes one byte of one signed envelope in the cluster.
func (s *story) changeOneByte(ctx context.Context) error {
	release, err := s.release(ctx, "lung-survival")
	if err != nil {
		return err
	}
	envelope := []byte(release.Spec.Envelopes[0])
	at := strings.Index(string(envelope), `"payload":"`) + 200
	if envelope[at] == 'A' {
		envelope[at] = 'B'
	} else {
		envelope[at] = 'A'
	}
	release.Spec.Envelopes[0] = string(envelope)
	if err := s.world.Client.Update(ctx, release); err != nil {
		return err
	}
	return s.afterRelease(ctx, "evidence with one byte changed", nil, "lung-survival", "changed-evidence")
}

// afterRelease tries a pod once the webhook has seen the changed Release. Until
// then it answers by what it knew, so the attempt that counts is the first one
// that it answers by the Release as it is.
func (s *story) afterRelease(ctx context.Context, what string, change func(*corev1.Pod), model, name string) error {
	const want = "model.evidence.verified"
	deadline := time.Now().Add(10 * time.Second)
	for {
		pod, err := s.world.PodOf(ctx, "models-development", model+deploymentSuffix, name)
		if err != nil {
			return err
		}
		if change != nil {
			change(pod)
		}
		err = s.world.Client.Create(ctx, pod, client.DryRunAll)
		if time.Now().After(deadline) || err != nil && strings.Contains(err.Error(), want) {
			pod.ResourceVersion, pod.UID = "", ""
			return s.try(ctx, what, want, pod)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *story) release(ctx context.Context, model string) (*kube.Release, error) {
	var releases kube.ReleaseList
	if err := s.world.Client.List(ctx, &releases); err != nil {
		return nil, err
	}
	for i := range releases.Items {
		if spec := releases.Items[i].Spec; spec.Model == model && spec.Environment == "development" {
			return &releases.Items[i], nil
		}
	}
	return nil, fmt.Errorf("there is no Release of %s in development", model)
}

func imageVolume(pod *corev1.Pod) *corev1.ImageVolumeSource {
	for i := range pod.Spec.Volumes {
		if pod.Spec.Volumes[i].Image != nil {
			return pod.Spec.Volumes[i].Image
		}
	}
	return &corev1.ImageVolumeSource{}
}

// restricted is what the namespace's pod security level asks of a container.
func restricted() *corev1.SecurityContext {
	yes, no := true, false
	return &corev1.SecurityContext{
		RunAsNonRoot: &yes, AllowPrivilegeEscalation: &no,
		Capabilities:   &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
	}
}
