package subject

import (
	"fmt"
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
func (p *projection) storage(object *node) {
	p.each(object, "volumes", p.volume)
	p.each(object, "volumeClaimTemplates", func(item *node) {
		// Each replica's claim is called <template>-<set>-<number>.
		p.keep(claim, item.says("metadata", "name")+"-"+p.owner+"-*")
		p.template(item)
	})
}

// each looks at the items of a list, at their own paths.
func (p *projection) each(object *node, field string, look func(item *node)) {
	items := object.items(field)
	for i := range items {
		leave := p.enter(field)
		p.enterItem(i)
		look(&items[i])
		p.path = p.path[:leave]
	}
}

// volume lists every source that a volume names. Kubernetes makes an emptyDir of
// one that names none.
func (p *projection) volume(item *node) {
	if item.kind != object {
		p.keep("unknown", item.text)
	}
	for _, source := range item.members() {
		switch kind := source.key; {
		case kind == "name" || source.kind == null:
		case kind == "image":
			p.imageVolume(&source)
		case slices.Contains(harmless, kind):
		case kind == ephemeral:
			p.keep(kind, source.says("volumeClaimTemplate", "spec", "storageClassName"))
			p.template(source.get("volumeClaimTemplate"))
		default:
			p.keep(kind, identity(&source))
		}
	}
}

// imageVolume notes an image volume that names nothing, which the search of
// strings cannot see: a template may leave it to others to fill it in.
func (p *projection) imageVolume(source *node) {
	if reference := source.get("reference"); reference == nil || reference.kind != text {
		p.add(p.where()+".image", byImageVolume, "")
	}
}

// template notes what a claim's content is taken from: a snapshot, another claim,
// or a volume that is there already.
func (p *projection) template(claim *node) {
	for _, source := range []string{"dataSource", "dataSourceRef"} {
		if name := claim.says("spec", source, "name"); name != "" {
			p.keep(copied, claim.says("spec", source, "kind")+"/"+name)
		}
	}
	if name := claim.says("spec", "volumeName"); name != "" {
		p.keep(copied, "PersistentVolume/"+name)
	}
}

func (p *projection) keep(kind, name string) {
	volume := judge.Volume{
		Name: strings.Clone(Clip(strings.ToValidUTF8(name, "\uFFFD"), maxReference)), Kind: strings.Clone(Clip(kind, maxName)), Where: p.where(),
	}
	if len(p.volumes) <= maxUses && !slices.Contains(p.volumes, volume) { // more is enough to be refused
		p.volumes = append(p.volumes, volume)
	}
}

// identity is empty where the door knows none; only an entry for every volume of
// the kind allows it then.
func identity(source *node) string {
	if source.kind == text {
		return source.text
	}
	var parts []string
	for _, field := range identities[source.key] {
		parts = append(parts, source.says(field))
	}
	return strings.Join(parts, ":")
}
