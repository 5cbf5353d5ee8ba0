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
	var object corev1.ConfigMap
	if err := Decode(raw, &object); err != nil {
		return pod{}, err
	}
	data, binary := map[string]any{}, map[string]any{}
	for key, text := range object.Data {
		data[key] = text
	}
	for key, content := range object.BinaryData {
		binary[key] = strings.ToValidUTF8(string(content), "\uFFFD")
	}
	return pod{
		name: nameOf(object.Name, object.GenerateName), annotations: object.Annotations, how: byConfigMap,
		spec: map[string]any{"data": data, "binaryData": binary},
	}, nil
}
