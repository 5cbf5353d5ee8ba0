package subject

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	byConfigMap      = "config_map"

	whole = "whole" // an argument that is nothing but a reference
)

// project reduces a pod to its images and to every way in which it reaches a
// model. Completeness comes from walking every string of the pod instead of
// listing fields that may hold a reference: probes, lifecycle hooks and CSI
// attributes are searched because nothing is left out.
func project(object pod, models Models) (judge.Workload, error) {
	search := projection{models: models, owner: object.name, otherwise: object.how, images: []judge.Image{}}
	search.annotate(strings.TrimSuffix(object.at, "spec")+"metadata.annotations", object.annotations)
	search.walk(object.at, nil, object.spec)
	search.walk("spec", nil, object.beside)
	search.searchAnnotations()
	if err := search.bounded(); err != nil {
		return judge.Workload{}, err
	}
	return judge.Workload{Images: search.images, Models: search.uses, Volumes: search.volumes}, nil
}

// projection is the search of one pod.
type projection struct {
	models          Models
	owner           string // the object's name
	otherwise       string // how a string reaches a model, where its place does not tell
	images          []judge.Image
	uses            []judge.ModelUse
	volumes         []judge.Volume
	annotations     []annotation
	readsAnnotation bool      // a container can read the pod's annotations
	variables       variables // of the container that is being searched
	expanded        int       // bytes that variables have grown to
	deep            bool      // something has a longer path than maxPath
}

type annotation struct{ where, key, value string }

// maxPath bounds the way to a field. Ten thousand fields below each other, each
// with a long name, would otherwise take minutes, and nobody's pod has a way that
// is a twentieth as long.
const maxPath = 2048

// walk visits every key and every string below value, in a stable order. The
// field path is kept twice: as people read it, and as its field names, by which
// a string is classified.
func (p *projection) walk(where string, fields []string, value any) {
	if p.deep = p.deep || len(where) > maxPath; p.deep {
		return
	}
	switch value := value.(type) {
	case string:
		p.visit(where, fields, value)
	case []any:
		for i, item := range value {
			switch item.(type) {
			case string, []any, map[string]any: // nothing else can hold a reference
				p.walk(where+"["+strconv.Itoa(i)+"]", fields, item)
			}
		}
	case map[string]any:
		p.containers(value)
		p.storage(where, value)
		defer p.within(value)()
		for _, key := range slices.Sorted(maps.Keys(value)) {
			at := below(where, key)
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
			if len(p.images) > maxUses {
				return // enough to be refused
			}
			// What is no text is not pinned.
			reference := text(item, "image")
			_, digest := Pinned(reference)
			p.images = append(p.images, judge.Image{Container: text(item, "name"), Reference: reference, Digest: digest})
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
	case whole:
		if text != "" {
			p.add(where, cmp.Or(p.otherwise, byArgument), Clip(text, maxReference))
		}
	default:
		if how == byArgument {
			how = cmp.Or(p.otherwise, byArgument)
		}
		for _, reference := range p.models.find(text, maxUses+1) {
			p.add(where, how, reference)
		}
		p.searchExpanded(where, how, text)
	}
}

// modelFields lead to a model, whatever they hold: an https address, a key of
// storage that a Secret configures, a scheme that nobody has heard of. They are
// KServe's (https://kserve.github.io/website/latest/modelserving/storage/storagecontainers/).
var modelFields = [][]string{{"storageUri"}, {"storageUris", "uri"}, {"model", "uri"}, {"storage", "path"}, {"storage", "key"}}

// sourceAnnotation is where KServe writes into a pod what another container of it
// is to fetch; whoever writes the pod may write it, too.
const sourceAnnotation = "internal.serving.kserve.io/storage-initializer-sourceuri"

func ends(fields, with []string) bool {
	return len(fields) >= len(with) && slices.Equal(fields[len(fields)-len(with):], with)
}

// how classifies a string by the names of the fields that lead to it. A pod may
// stand anywhere in an object of somebody else's kind, so the last container or
// volume on the way counts.
func how(fields []string) string {
	if ends(fields, []string{"volumes", "image", "reference"}) {
		return byImageVolume
	}
	if slices.ContainsFunc(modelFields, func(field []string) bool { return ends(fields, field) }) {
		return whole
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
		where := fmt.Sprintf("%s[%s]", one.where, one.key)
		if one.key == sourceAnnotation {
			p.add(where, byAnnotation, Clip(one.value, maxReference))
			continue
		}
		for _, reference := range p.models.find(one.key+" "+one.value, maxUses+1) {
			p.add(where, byAnnotation, reference)
		}
	}
}

func (p *projection) add(where, how, reference string) {
	if len(p.uses) > maxUses {
		return // enough to be refused
	}
	name, digest := Pinned(reference)
	p.uses = append(p.uses, judge.ModelUse{
		Reference: reference, Where: where, How: how, Name: ModelName(name), Digest: digest,
	})
}
