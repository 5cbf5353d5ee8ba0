package subject

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// readConfigMap reads a ConfigMap as a part of the pods that may mount it or take
// their environment from it: whoever names a model in one has a process fetch it.
// What is binary is searched too, as far as it is text. Which pods read it, and
// when, nobody can tell: it is judged when it is written.
func readConfigMap(raw []byte) (pod, error) {
	whole, err := readObject(raw, configMap())
	if err != nil {
		return pod{}, err
	}
	spec := node{kind: object}
	for _, field := range []string{"binaryData", "data"} {
		if held := whole.get(field); held != nil {
			spec.nodes = append(spec.nodes, *held)
		}
	}
	binary := whole.members("binaryData")
	for i := range binary {
		binary[i].text = strings.ToValidUTF8(binary[i].text, "\uFFFD")
	}
	return pod{name: whole.name(), annotations: whole.members("metadata", "annotations"), how: byConfigMap, spec: &spec}, nil
}

var configMap = shapeOf[corev1.ConfigMap]()
