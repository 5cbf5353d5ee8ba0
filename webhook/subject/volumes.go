package subject

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Storage is a volume for whose content the operator of a cluster answers.
type Storage struct {
	Kind      string `yaml:"kind"`                // the field of the volume: persistentVolumeClaim, hostPath, ...
	Name      string `yaml:"name"`                // of the claim, the path, the driver; may end in *
	Namespace string `yaml:"namespace,omitempty"` // empty for every namespace
}

// Check refuses what would allow nothing, or more than its author reads in it.
func (s Storage) Check() error {
	switch {
	case s.Kind == "" || s.Name == "":
		return fmt.Errorf("volumes: %.80q has no kind or no name\nhint: the name * stands for every one", s.Kind+s.Name)
	case slices.Contains(harmless, s.Kind):
		return fmt.Errorf("volumes: %s is not storage that can be allowed", s.Kind)
	case strings.Contains(strings.TrimSuffix(s.Name, "*"), "*"):
		return fmt.Errorf("volumes: %.80q has a * before its end", s.Name)
	}
	return nil
}

// Covers says whether this is the volume. No prefix covers a path that leads back
// out of it.
func (s Storage) Covers(namespace string, volume judge.Volume) bool {
	prefix, open := strings.CutSuffix(s.Name, "*")
	matches := volume.Name == s.Name || open && strings.HasPrefix(volume.Name, prefix) && !strings.Contains(volume.Name, "..")
	return s.Kind == volume.Kind && matches && (s.Namespace == "" || s.Namespace == namespace)
}

// harmless are volumes of which the door knows the content: those that begin
// empty or say what the cluster knows already (emptyDir, downwardAPI), those whose
// objects it has searched (configMap), and images, each of which is a use of a
// model. A Secret is not sent to the door, so that it never holds one; what it
// hides is at most a megabyte.
var harmless = []string{"configMap", "downwardAPI", "emptyDir", "image", "projected", "secret"}

// identities are the fields that tell one volume of a kind from another. The
// volume's own name does not: whoever writes the pod invents it.
var identities = map[string][]string{
	claim:                  {"claimName"},
	"hostPath":             {"path"},
	"nfs":                  {"server", "path"},
	"csi":                  {"driver"},
	"flexVolume":           {"driver"},
	"iscsi":                {"targetPortal", "iqn"},
	"gitRepo":              {"repository"},
	"azureFile":            {"shareName"},
	"awsElasticBlockStore": {"volumeID"},
	"gcePersistentDisk":    {"pdName"},
}

const (
	claim     = "persistentVolumeClaim"
	ephemeral = "ephemeral"
	copied    = "dataSource" // a claim that begins as a copy of something
)

// storage lists the volumes of a pod, whatever object it is written in, and of
// the claims that are made for each of its replicas.
func (p *projection) storage(where string, object map[string]any) {
	volumes, _ := object["volumes"].([]any)
	for i, item := range volumes {
		p.volume(below(where, fmt.Sprintf("volumes[%d]", i)), item)
	}
	claims, _ := object["volumeClaimTemplates"].([]any)
	for i, item := range claims {
		at := below(where, fmt.Sprintf("volumeClaimTemplates[%d]", i))
		// Each replica's claim is called <template>-<set>-<number>.
		p.keep(at, claim, text(item, "metadata", "name")+"-"+p.owner+"-*")
		p.template(at, item)
	}
}

// volume lists every source that a volume names. Kubernetes makes an emptyDir of
// one that names none.
func (p *projection) volume(where string, item any) {
	volume, isObject := item.(map[string]any)
	if !isObject {
		p.keep(where, "unknown", fmt.Sprint(item))
		return
	}
	for _, kind := range slices.Sorted(maps.Keys(volume)) {
		source := volume[kind]
		switch {
		case kind == "name" || source == nil:
		case kind == "image":
			p.imageVolume(where+".image", source)
		case slices.Contains(harmless, kind):
		case kind == ephemeral:
			template, _ := source.(map[string]any)
			p.keep(where, kind, text(template["volumeClaimTemplate"], "spec", "storageClassName"))
			p.template(where, template["volumeClaimTemplate"])
		default:
			p.keep(where, kind, identity(kind, source))
		}
	}
}

// imageVolume notes an image volume that names nothing, which the search of
// strings cannot see: a template may leave it to others to fill it in.
func (p *projection) imageVolume(where string, source any) {
	image, _ := source.(map[string]any)
	if _, isText := image["reference"].(string); !isText {
		p.add(where, byImageVolume, "")
	}
}

// template notes what a claim's content is taken from: a snapshot, another claim,
// or a volume that is there already.
func (p *projection) template(where string, item any) {
	for _, source := range []string{"dataSource", "dataSourceRef"} {
		if name := text(item, "spec", source, "name"); name != "" {
			p.keep(where, copied, text(item, "spec", source, "kind")+"/"+name)
		}
	}
	if name := text(item, "spec", "volumeName"); name != "" {
		p.keep(where, copied, "PersistentVolume/"+name)
	}
}

func (p *projection) keep(where, kind, name string) {
	volume := judge.Volume{Name: Clip(strings.ToValidUTF8(name, "\uFFFD"), maxReference), Kind: Clip(kind, maxName), Where: where}
	if len(p.volumes) <= maxUses && !slices.Contains(p.volumes, volume) { // more is enough to be refused
		p.volumes = append(p.volumes, volume)
	}
}

// identity is empty where the door knows none; only an entry for every volume of
// the kind allows it then.
func identity(kind string, source any) string {
	if name, isText := source.(string); isText {
		return name
	}
	var parts []string
	for _, field := range identities[kind] {
		parts = append(parts, text(source, field))
	}
	return strings.Join(parts, ":")
}

// text is the string at the end of a way through objects, or empty.
func text(value any, way ...string) string {
	for _, field := range way {
		object, _ := value.(map[string]any)
		value = object[field]
	}
	found, _ := value.(string)
	return found
}

func below(where, field string) string { return strings.TrimPrefix(where+"."+field, ".") }
