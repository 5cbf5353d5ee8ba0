package webhook

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// disguise makes another request of the same pod, by the moves that are given:
// some change the pod, one chooses the kind that holds it, and one how it is
// written down. Whoever applies the result runs the same model.
func disguise(t *testing.T, random *rand.Rand, plain attempt, moves []byte) attempt {
	t.Helper()
	var pod map[string]any
	if err := json.Unmarshal(raw(t, plain.Object).Raw, &pod); err != nil {
		t.Fatal(err)
	}
	hidden := plain
	hidden.Object = pod
	for _, move := range moves[:min(len(moves), 8)] {
		podMoves[int(move)%len(podMoves)](random, pod)
	}
	if random.IntN(2) == 0 {
		hidden.Resource, hidden.Object = wrap(random, pod)
	}
	switch random.IntN(4) {
	case 0:
		hidden.User, hidden.Groups, hidden.DryRun = "system:serviceaccount:assay-system:assay-webhook", []string{"system:masters"}, true
	case 1:
		if hidden.Resource == "pods" { // an update of a pod in which there was no model
			hidden.Operation = "UPDATE"
			hidden.Resource = pick(random, "pods", "pods/ephemeralcontainers", "pods/resize")
			hidden.OldObject = map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "serve", "image": "none"}}}}
		}
	}
	hidden.Text = scribble(random, hidden.Object)
	return hidden
}

// podMoves change a pod so that it reaches the same models.
var podMoves = []func(*rand.Rand, map[string]any){
	moveContainer, hideArgument, hideVolume, respell, crowd, rename, forge, die, halve,
}

func specOf(pod map[string]any) map[string]any { return pod["spec"].(map[string]any) }

func listOf(object map[string]any, field string) []any {
	list, _ := object[field].([]any)
	return list
}

// eachContainer visits the containers of a pod.
func eachContainer(pod map[string]any, visit func(map[string]any)) {
	for _, field := range []string{"initContainers", "containers", "ephemeralContainers"} {
		for _, item := range listOf(specOf(pod), field) {
			visit(item.(map[string]any))
		}
	}
}

// moveContainer makes of a container one that runs first, beside, or for
// somebody who looks for a fault.
func moveContainer(random *rand.Rand, pod map[string]any) {
	spec := specOf(pod)
	from := pick(random, "containers", "initContainers")
	list := listOf(spec, from)
	if len(list) == 0 {
		return
	}
	moved := list[0].(map[string]any)
	spec[from] = list[1:]
	to := pick(random, "initContainers", "containers", "ephemeralContainers")
	delete(moved, "restartPolicy")
	if to == "initContainers" && random.IntN(2) == 0 {
		moved["restartPolicy"] = "Always"
	}
	spec[to] = append(listOf(spec, to), moved)
}

// hideArgument moves the last argument to where a process, or the kubelet, reads
// it as well.
func hideArgument(random *rand.Rand, pod map[string]any) {
	eachContainer(pod, func(container map[string]any) {
		arguments := listOf(container, "args")
		if len(arguments) == 0 {
			return
		}
		argument := arguments[len(arguments)-1].(string)
		container["args"] = arguments[:len(arguments)-1]
		environment := listOf(container, "env")
		annotations := pod["metadata"].(map[string]any)["annotations"].(map[string]any)
		whole := !strings.Contains(argument, "$") // nobody puts variables into an annotation
		fetch := map[string]any{"exec": map[string]any{"command": []any{"sh", "-c", "fetch '" + argument + "'"}}}
		switch way := random.IntN(6); {
		case way == 0 && container["lifecycle"] == nil:
			container["lifecycle"] = map[string]any{"postStart": fetch}
		case way == 1 && container["startupProbe"] == nil:
			container["startupProbe"] = fetch
		case way == 2:
			container["command"] = append(listOf(container, "command"), argument)
		case way == 3 && whole:
			key := fmt.Sprintf("hidden%d", len(annotations))
			annotations[key] = argument
			container["env"] = append(environment, map[string]any{"name": "HIDDEN", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.annotations['" + key + "']"}}})
		case way == 4 && whole && annotations[corev1.LastAppliedConfigAnnotation] == nil:
			annotations[corev1.LastAppliedConfigAnnotation] = argument
			spec := specOf(pod)
			spec["volumes"] = append(listOf(spec, "volumes"), map[string]any{"name": "downward",
				"downwardAPI": map[string]any{"items": []any{map[string]any{"path": "a", "fieldRef": map[string]any{"fieldPath": "metadata.annotations"}}}}})
		default:
			container["env"] = append(environment, map[string]any{"name": "HIDDEN", "value": argument})
		}
	})
}

// hideVolume mounts the same again, or puts harmless volumes around it.
func hideVolume(random *rand.Rand, pod map[string]any) {
	spec := specOf(pod)
	volumes := listOf(spec, "volumes")
	for i := range 1 + random.IntN(20) {
		volumes = append(volumes, map[string]any{"name": fmt.Sprintf("empty%d-%d", len(volumes), i), "emptyDir": map[string]any{"medium": "Memory"}})
	}
	random.Shuffle(len(volumes), func(i, j int) { volumes[i], volumes[j] = volumes[j], volumes[i] })
	spec["volumes"] = volumes
}

// respell writes an address of the model repository in another way: in a volume
// as a kubelet reads it, elsewhere as clients do.
func respell(random *rand.Rand, pod map[string]any) {
	host, path, _ := strings.Cut(modelRepository, "/")
	name, _, _ := strings.Cut(host, ":")
	spelled := pick(random,
		strings.ToUpper(host)+"/"+path, name+".:5000/"+path, host+"//"+path, host+"/./"+path, host+"/x/../"+path, host+"/v2/"+path,
		name+"/"+path, name+":443/"+path, "user:password@"+host+"/"+path, host+"/%6d"+path[1:], url.PathEscape(host)+"/"+path,
		strings.Replace(host, "r", "ｒ", 1)+"/"+path, strings.Replace(host, ".", "。", 1)+"/"+path, "reg\u00adistry"+host[len("registry"):]+"/"+path)
	scheme := strings.NewReplacer("s3://", pick(random, "S3://", "s3a://", "x::s3://", "dvc+s3://", "s3:%2f%2f"), "hf://", pick(random, "HF://", "%68f://"), modelRepository, spelled)
	eachContainer(pod, func(container map[string]any) {
		for _, field := range []string{"args", "command"} {
			for i, argument := range listOf(container, field) {
				container[field].([]any)[i] = scheme.Replace(argument.(string))
			}
		}
	})
	for _, item := range listOf(specOf(pod), "volumes") {
		if image, is := item.(map[string]any)["image"].(map[string]any); is {
			reference := image["reference"].(string)
			switch random.IntN(3) {
			case 0:
				image["reference"] = "docker.io/" + reference[strings.LastIndex(reference, "/")+1:]
			case 1:
				if name, digest, is := strings.Cut(reference, "@"); is {
					image["reference"] = name + ":tag@" + digest
				}
			}
		}
	}
}

// crowd lets harmless containers stand before.
func crowd(random *rand.Rand, pod map[string]any) {
	spec := specOf(pod)
	if len(listOf(spec, "containers")) > 120 {
		return
	}
	var more []any
	for i := range 1 + random.IntN(100) {
		more = append(more, map[string]any{"name": fmt.Sprintf("c%d", i), "image": servedBy + servingDigest})
	}
	spec["containers"] = append(more, listOf(spec, "containers")...)
}

// rename leaves every name that nobody depends on to chance.
func rename(random *rand.Rand, pod map[string]any) {
	metadata := pod["metadata"].(map[string]any)
	delete(metadata, "name")
	metadata[pick(random, "name", "generateName")] = fmt.Sprintf("x%d", random.IntN(1000))
	eachContainer(pod, func(container map[string]any) { container["name"] = fmt.Sprintf("n%d", random.IntN(1000)) })
}

// forge says that all is well.
func forge(random *rand.Rand, pod map[string]any) {
	metadata := pod["metadata"].(map[string]any)
	metadata["labels"] = map[string]any{EnvironmentLabel: "development", "assay.dev/verified": "true"}
	annotations := metadata["annotations"].(map[string]any)
	annotations[pick(random, "admit.assay.dev/verdict", "kubernetes.io/config.mirror", "assay.dev/break-glass")] = "allowed"
	pod["status"] = map[string]any{"phase": "Running", "message": "allowed"}
}

// die waits for a finalizer.
func die(_ *rand.Rand, pod map[string]any) {
	metadata := pod["metadata"].(map[string]any)
	metadata["deletionTimestamp"], metadata["finalizers"] = "2026-11-23T11:00:00Z", []any{"example.org/keep"}
}

// halve cuts an argument in two variables, which the kubelet or a shell puts
// together.
func halve(random *rand.Rand, pod map[string]any) {
	eachContainer(pod, func(container map[string]any) {
		arguments := listOf(container, "args")
		if len(arguments) == 0 {
			return
		}
		argument := arguments[len(arguments)-1].(string)
		if strings.Contains(argument, "$") {
			return
		}
		at := random.IntN(len(argument) + 1)
		environment := listOf(container, "env")
		one, two := fmt.Sprintf("A%d", len(environment)), fmt.Sprintf("B%d", len(environment))
		container["env"] = append(environment, map[string]any{"name": one, "value": argument[:at]}, map[string]any{"name": two, "value": argument[at:]})
		arguments[len(arguments)-1] = pick(random, "$("+one+")$("+two+")", "${"+one+"}${"+two+"}", "$"+one+"$"+two)
	})
}

// wrap puts a pod into an object that becomes one.
func wrap(random *rand.Rand, pod map[string]any) (resource string, object map[string]any) {
	delete(pod, "status") // a template has none
	template := map[string]any{"spec": map[string]any{"template": pod}}
	switch resource = pick(random, "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "replicationcontrollers", "jobs.batch",
		"cronjobs.batch", "podtemplates", "rollouts.argoproj.io", "jobsets.jobset.x-k8s.io", "rayservices.ray.io"); resource {
	case "cronjobs.batch":
		return resource, map[string]any{"spec": map[string]any{"jobTemplate": template}}
	case "podtemplates":
		return resource, map[string]any{"template": pod}
	case "rollouts.argoproj.io", "jobsets.jobset.x-k8s.io", "rayservices.ray.io":
		var held any = pod
		for range random.IntN(6) {
			held = pick[any](random, map[string]any{"x": held}, []any{held}, map[string]any{"metadata": map[string]any{"name": "x"}, "template": held})
		}
		return resource, map[string]any{"spec": map[string]any{"held": held}}
	}
	return resource, template
}

// scribble writes JSON with its keys in any order, with escapes and blanks, and
// now and then with a key that is there twice.
func scribble(random *rand.Rand, value any) string {
	switch value := value.(type) {
	case map[string]any:
		var fields []string
		for _, key := range slices.Sorted(maps.Keys(value)) {
			fields = append(fields, scribble(random, key)+":"+scribble(random, value[key]))
			if random.IntN(400) == 0 {
				fields = append(fields, scribble(random, key)+":null")
			}
		}
		random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		return "{" + strings.Join(fields, pick(random, ",", " ,\n")) + "}"
	case []any:
		var items []string
		for _, item := range value {
			items = append(items, scribble(random, item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case string:
		return escaped(random, value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "null"
	}
	return string(text)
}

func escaped(random *rand.Rand, text string) string {
	var written strings.Builder
	for _, r := range text {
		switch {
		case r < ' ' || r == '"' || r == '\\' || r < 0x10000 && random.IntN(20) == 0:
			fmt.Fprintf(&written, pick(random, `\u%04x`, `\u%04X`), r)
		case r == '/' && random.IntN(2) == 0:
			written.WriteString(`\/`)
		default:
			written.WriteRune(r)
		}
	}
	return `"` + written.String() + `"`
}
