package webhook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// maxUses bounds what one object may make the judge look at. An object that
// holds more is refused, not cut short.
const maxUses = 256

// Values of judge.ModelUse.How.
const (
	byImageVolume    = "image_volume"
	byContainerImage = "container_image"
	byEnvironment    = "environment"
	byArgument       = "argument" // arguments, commands and every other field of a pod
	byAnnotation     = "annotation"
)

// project reduces a pod to its images and to every way in which it reaches a
// model. Completeness comes from walking every string of the pod instead of
// listing fields that may hold a reference: probes, lifecycle hooks and CSI
// attributes are searched because nothing is left out.
func project(object pod, models finder) ([]judge.Image, []judge.ModelUse, error) {
	spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&object.spec)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the pod: %w", err)
	}
	search := projection{models: models}
	search.walk(object.at+"spec", nil, spec)
	search.annotations(object.at+"metadata.annotations", object.annotations)
	images := images(object.spec)
	if len(search.uses) > maxUses || len(images) > maxUses {
		return nil, nil, fmt.Errorf("the pod has more than %d images or references to models", maxUses)
	}
	return images, search.uses, nil
}

// images lists every container of every kind.
func images(spec corev1.PodSpec) []judge.Image {
	images := []judge.Image{}
	add := func(container, reference string) {
		_, digest := pinned(reference)
		images = append(images, judge.Image{Container: container, Reference: reference, Digest: digest})
	}
	for _, container := range spec.InitContainers {
		add(container.Name, container.Image)
	}
	for _, container := range spec.Containers {
		add(container.Name, container.Image)
	}
	for _, container := range spec.EphemeralContainers {
		add(container.Name, container.Image)
	}
	return images
}

// projection is the search of one pod.
type projection struct {
	models          finder
	uses            []judge.ModelUse
	readsAnnotation bool // a container can read the pod's annotations
}

// walk visits every key and every string below value, in a stable order. The
// field path is kept twice: as people read it, and as its field names, by which
// a string is classified.
func (p *projection) walk(where string, fields []string, value any) {
	switch value := value.(type) {
	case string:
		p.visit(where, fields, value)
	case []any:
		for i, item := range value {
			p.walk(fmt.Sprintf("%s[%d]", where, i), fields, item)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			p.visit(where, fields, key)
			p.walk(where+"."+key, append(slices.Clip(fields), key), value[key])
		}
	}
}

func (p *projection) visit(where string, fields []string, text string) {
	if strings.Contains(text, "metadata.annotations") {
		p.readsAnnotation = true
	}
	switch how := how(fields); how {
	case byImageVolume:
		// Whatever the registry: what is mounted is what a mirror or a
		// stranger can offer in place of a release, and only a digest tells.
		p.add(strings.TrimSuffix(where, ".reference"), how, text)
	case byContainerImage:
		if len(p.models.find(text, 1)) > 0 {
			p.add(where, how, text)
		}
	default:
		for _, reference := range p.models.find(text, maxUses+1) {
			p.add(where, how, reference)
		}
	}
}

// how classifies a string by the names of the fields that lead to it.
func how(fields []string) string {
	path := strings.Join(fields, ".")
	switch {
	case path == "volumes.image.reference":
		return byImageVolume
	case len(fields) < 2 || !strings.HasSuffix(strings.ToLower(fields[0]), "containers"):
		return byArgument
	case len(fields) == 2 && fields[1] == "image":
		return byContainerImage
	case fields[1] == "env" || fields[1] == "envFrom":
		return byEnvironment
	}
	return byArgument
}

// annotations searches the pod's annotations: some controllers and storage
// drivers fetch what an annotation names. kubectl's copy of the object is left
// out, because it repeats each reference of the spec, unless a container can
// read it through the downward API.
func (p *projection) annotations(where string, annotations map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		if key == corev1.LastAppliedConfigAnnotation && !p.readsAnnotation {
			continue
		}
		for _, reference := range p.models.find(key+" "+annotations[key], maxUses+1) {
			p.add(fmt.Sprintf("%s[%s]", where, key), byAnnotation, reference)
		}
	}
}

func (p *projection) add(where, how, reference string) {
	if len(p.uses) > maxUses {
		return // enough to be refused
	}
	name, digest := pinned(reference)
	p.uses = append(p.uses, judge.ModelUse{
		Reference: reference, Where: where, How: how, Name: modelName(name), Digest: digest,
	})
}
