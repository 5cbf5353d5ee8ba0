package webhook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

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
	search := projection{models: models, images: []judge.Image{}}
	search.walk(object.at, nil, object.spec)
	search.annotate(strings.TrimSuffix(object.at, "spec")+"metadata.annotations", object.annotations)
	search.searchAnnotations()
	if len(search.uses) > maxUses || len(search.images) > maxUses {
		return nil, nil, fmt.Errorf("the pod has more than %d images or references to models", maxUses)
	}
	return search.images, search.uses, nil
}

// projection is the search of one pod.
type projection struct {
	models          finder
	images          []judge.Image
	uses            []judge.ModelUse
	annotations     []annotation
	readsAnnotation bool // a container can read the pod's annotations
}

type annotation struct{ where, key, value string }

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
		p.containers(value)
		for _, key := range slices.Sorted(maps.Keys(value)) {
			at := strings.TrimPrefix(where+"."+key, ".")
			if texts, is := annotationsOf(fields, key, value[key]); is {
				p.annotate(at, texts)
				continue
			}
			p.visit(where, fields, key)
			p.walk(at, append(slices.Clip(fields), key), value[key])
		}
	}
}

// containerFields are where a pod has its containers, whatever object it is
// written in. A sidecar is an init container that stays.
var containerFields = []string{"initContainers", "containers", "ephemeralContainers"}

// containers lists the image of every container of a pod.
func (p *projection) containers(pod map[string]any) {
	for _, field := range containerFields {
		list, _ := pod[field].([]any)
		for _, item := range list {
			container, _ := item.(map[string]any)
			reference, hasImage := container["image"].(string)
			name, hasName := container["name"].(string)
			if (hasImage || hasName) && len(p.images) <= maxUses {
				_, digest := pinned(reference)
				p.images = append(p.images, judge.Image{Container: name, Reference: reference, Digest: digest})
			}
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

// how classifies a string by the names of the fields that lead to it. A pod may
// stand anywhere in an object of somebody else's kind, so the last container or
// volume on the way counts.
func how(fields []string) string {
	if n := len(fields); n >= 3 && slices.Equal(fields[n-3:], []string{"volumes", "image", "reference"}) {
		return byImageVolume
	}
	container := len(fields) - 1
	for container >= 0 && !slices.Contains(containerFields, fields[container]) {
		container--
	}
	within := fields[container+1:]
	switch {
	case container < 0 || len(within) == 0:
		return byArgument
	case len(within) == 1 && within[0] == "image":
		return byContainerImage
	case within[0] == "env" || within[0] == "envFrom":
		return byEnvironment
	}
	return byArgument
}

// annotationsOf are those of a pod template within an object. What is not all
// text is none, and searched like everything else.
func annotationsOf(fields []string, key string, value any) (map[string]string, bool) {
	object, isObject := value.(map[string]any)
	if key != "annotations" || len(fields) == 0 || fields[len(fields)-1] != "metadata" || !isObject {
		return nil, false
	}
	texts := map[string]string{}
	for name, value := range object {
		text, isText := value.(string)
		if !isText {
			return nil, false
		}
		texts[name] = text
	}
	return texts, true
}

// annotate keeps annotations until it is known whether a container reads them.
func (p *projection) annotate(where string, annotations map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		p.annotations = append(p.annotations, annotation{where, key, annotations[key]})
	}
}

// searchAnnotations searches the pod's annotations: some controllers and storage
// drivers fetch what an annotation names. kubectl's copy of the object is left
// out, because it repeats each reference of the spec, unless a container can
// read it through the downward API.
func (p *projection) searchAnnotations() {
	for _, one := range p.annotations {
		if one.key == corev1.LastAppliedConfigAnnotation && !p.readsAnnotation {
			continue
		}
		for _, reference := range p.models.find(one.key+" "+one.value, maxUses+1) {
			p.add(fmt.Sprintf("%s[%s]", one.where, one.key), byAnnotation, reference)
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
