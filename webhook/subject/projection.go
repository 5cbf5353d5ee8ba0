package subject

import (
	"cmp"
	"fmt"
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
)

// project reduces a pod to its images and to every way in which it reaches a
// model. Completeness comes from walking every string of the pod instead of
// listing fields that may hold a reference: probes, lifecycle hooks and CSI
// attributes are searched because nothing is left out.
func project(object pod, models Models) (judge.Workload, error) {
	search := projection{models: models, owner: object.name, otherwise: object.how, images: []judge.Image{}, path: make([]byte, 0, 128)}
	search.annotate(strings.TrimSuffix(object.at, "spec")+"metadata.annotations", object.annotations)
	search.walkFrom(object.at, object.spec)
	search.walkFrom("spec", object.beside)
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

	path   []byte   // to the value that is being searched, as people read it
	fields []string // the names on it, by which a string is classified
}

type annotation struct{ where, key, value string }

// maxPath bounds the way to a field. Ten thousand fields below each other, each
// with a long name, would otherwise take minutes, and nobody's pod has a way that
// is a twentieth as long.
const maxPath = 2048

func (p *projection) walkFrom(where string, value *node) {
	if value != nil {
		p.path, p.fields = append(p.path[:0], where...), p.fields[:0]
		p.walk(value)
	}
}

// where is the path as it is told. Most strings are nothing to tell of.
func (p *projection) where() string { return string(p.path) }

// walk visits every key and every string below value, in a stable order.
func (p *projection) walk(value *node) {
	if p.deep = p.deep || len(p.path) > maxPath; p.deep {
		return
	}
	switch value.kind {
	case text:
		p.visit(value.text)
	case list:
		for i := range value.nodes {
			leave := p.enterItem(i)
			p.walk(&value.nodes[i])
			p.path = p.path[:leave]
		}
	case object:
		p.walkObject(value)
	}
}

func (p *projection) walkObject(value *node) {
	p.containers(value)
	p.storage(value)
	before := p.variables
	p.within(value)
	for i := range value.nodes {
		member := &value.nodes[i]
		if p.isAnnotations(member) {
			leave := p.enter(member.key)
			p.annotate(p.where(), member.nodes)
			p.path = p.path[:leave]
			continue
		}
		p.visit(member.key)
		leave := p.enter(member.key)
		p.fields = append(p.fields, member.key)
		p.walk(member)
		p.path, p.fields = p.path[:leave], p.fields[:len(p.fields)-1]
	}
	p.variables = before
}

// enter goes on to a field, and says how long the path was.
func (p *projection) enter(field string) (before int) {
	if before = len(p.path); before > 0 {
		p.path = append(p.path, '.')
	}
	p.path = append(p.path, field...)
	return before
}

func (p *projection) enterItem(i int) (before int) {
	before = len(p.path)
	p.path = append(strconv.AppendInt(append(p.path, '['), int64(i), 10), ']')
	return before
}

// containerFields are where a pod has its containers, whatever object it is
// written in. A sidecar is an init container that stays.
var containerFields = []string{"initContainers", "containers", "ephemeralContainers"}

// containers lists the image of every container of a pod.
func (p *projection) containers(pod *node) {
	for _, field := range containerFields {
		items := pod.items(field)
		for i := range items {
			if len(p.images) > maxUses {
				return // enough to be refused
			}
			// What is no text is not pinned.
			reference := strings.Clone(items[i].says("image"))
			_, digest := Pinned(reference)
			p.images = append(p.images, judge.Image{Container: strings.Clone(items[i].says("name")), Reference: reference, Digest: digest})
		}
	}
}

func (p *projection) visit(said string) {
	if strings.Contains(said, "metadata.annotations") {
		p.readsAnnotation = true
	}
	switch {
	case ends(p.fields, volumeReference):
		// Whatever the registry: what is mounted is what a mirror or a
		// stranger can offer in place of a release, and only a digest tells.
		p.add(strings.TrimSuffix(p.where(), ".reference"), byImageVolume, said)
	case leadsToModel(p.fields):
		if said != "" {
			p.add(p.where(), cmp.Or(p.otherwise, byArgument), Clip(said, maxReference))
		}
	case p.models.mayStandIn(said) || strings.IndexByte(said, '$') >= 0:
		p.search(how(p.fields), said)
	}
}

// search looks into a string that holds a reference, or more.
func (p *projection) search(how, said string) {
	if how == byContainerImage {
		if len(p.models.find(said, 1)) > 0 {
			p.add(p.where(), how, said)
		}
		return
	}
	if how == byArgument {
		how = cmp.Or(p.otherwise, byArgument)
	}
	for _, reference := range p.models.find(said, maxUses+1) {
		p.add(p.where(), how, reference)
	}
	p.searchExpanded(how, said)
}

// modelFields lead to a model, whatever they hold: an https address, a key of
// storage that a Secret configures, a scheme that nobody has heard of. They are
// KServe's (https://kserve.github.io/website/latest/modelserving/storage/storagecontainers/).
var modelFields = [][]string{{"storageUri"}, {"storageUris", "uri"}, {"model", "uri"}, {"storage", "path"}, {"storage", "key"}}

// sourceAnnotation is where KServe writes into a pod what another container of it
// is to fetch; whoever writes the pod may write it, too.
const sourceAnnotation = "internal.serving.kserve.io/storage-initializer-sourceuri"

var volumeReference = []string{"volumes", "image", "reference"}

func leadsToModel(fields []string) bool {
	return slices.ContainsFunc(modelFields, func(field []string) bool { return ends(fields, field) })
}

func ends(fields, with []string) bool {
	return len(fields) >= len(with) && slices.Equal(fields[len(fields)-len(with):], with)
}

// how classifies any other string by the names of the fields that lead to it. A pod may
// stand anywhere in an object of somebody else's kind, so the last container or
// volume on the way counts.
func how(fields []string) string {
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

// isAnnotations holds for those of a pod template within an object. What is not
// all text is none, and searched like everything else.
func (p *projection) isAnnotations(member *node) bool {
	return member.key == "annotations" && len(p.fields) > 0 && p.fields[len(p.fields)-1] == "metadata" && member.kind == object &&
		!slices.ContainsFunc(member.nodes, func(n node) bool { return n.kind != text })
}

// annotate keeps annotations until it is known whether a container reads them.
func (p *projection) annotate(where string, annotations []node) {
	for i := range annotations {
		p.annotations = append(p.annotations, annotation{where, annotations[i].key, annotations[i].text})
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
	reference = strings.Clone(reference) // or a list of references would keep all of the object
	name, digest := Pinned(reference)
	p.uses = append(p.uses, judge.ModelUse{
		Reference: reference, Where: where, How: how, Name: ModelName(name), Digest: digest,
	})
}
