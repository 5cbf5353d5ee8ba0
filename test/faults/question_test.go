package faults

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/test/load"
)

// question is a pod, and what must be answered; the review asks a door the same
// when there is no API server.
type question struct {
	pod    *corev1.Pod
	review load.Review
	never  bool // it is never to be allowed, whatever happens
}

// released is the rule that a model breaks of which no Release object speaks.
const released = "workload.released"

// Releases beside those that pass.
const (
	inUse    = 8
	tampered = inUse // one byte of its evidence is another
	unknown  = inUse + 1
)

// prepare writes the questions: seven pods of ten may come in.
func (s *siege) prepare() {
	s.t.Helper()
	byTag := s.crowd.Pod(0)
	for i := range byTag.Spec.Volumes {
		if image := byTag.Spec.Volumes[i].Image; image != nil {
			image.Reference, _, _ = strings.Cut(image.Reference, "@")
			image.Reference += ":latest"
		}
	}
	denied := map[string]*corev1.Pod{
		released: s.crowd.Pod(unknown), "model.evidence.verified": s.crowd.Pod(tampered), "workload.pinned": byTag,
	}
	for i := range inUse {
		s.question(s.crowd.Pod(i), "")
	}
	for rule, pod := range denied {
		s.question(pod, rule)
	}
}

func (s *siege) question(pod *corev1.Pod, rule string) {
	s.t.Helper()
	pod.GenerateName, pod.Name = pod.Name+"-", ""
	named := pod.DeepCopy()
	named.Name = pod.GenerateName + "0"
	review, err := load.Creating(named, named.Name)
	if err != nil {
		s.t.Fatal(err)
	}
	review.Allowed, review.Rule = rule == "", rule
	s.questions = append(s.questions, question{pod, review, !review.Allowed})
}

// answer is what the API server says to a question.
func (s *siege) answer(ctx context.Context, asked question) error {
	if !asked.never {
		s.permitted.Add(int64(s.fan))
	}
	return s.asking.Create(ctx, asked.pod.DeepCopy(), client.DryRunAll)
}

// judge holds an answer against what it must be. Wrong is an admission that must
// not be; everything else that is not right was refused.
func judge(asked question, err error) (wrong bool, refused string) {
	switch {
	case asked.review.Allowed && err == nil:
		return false, ""
	case asked.review.Allowed:
		return false, fmt.Sprintf("%.200s", err)
	case err == nil:
		return true, ""
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), asked.review.Rule), asked.review.Rule == released && isUnanswered(err):
		return false, ""
	}
	return false, fmt.Sprintf("without %s: %.200s", asked.review.Rule, err)
}

// isUnanswered is what the door says that asks a registry, while it has no answer.
func isUnanswered(err error) bool {
	return strings.Contains(err.Error(), "EVIDENCE_PENDING") || strings.Contains(err.Error(), "its registry gave no answer")
}

func (s *siege) allRight() error {
	for _, asked := range s.questions {
		if wrong, refused := judge(asked, s.answer(s.t.Context(), asked)); wrong || refused != "" {
			return fmt.Errorf("%s: wrong is %t, refused: %s", asked.pod.GenerateName, wrong, refused)
		}
	}
	return nil
}
