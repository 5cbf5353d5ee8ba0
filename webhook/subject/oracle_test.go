package subject

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// The oracle reads an object as the API server does: into the types of Kubernetes,
// with its strict decoder, and from them into a tree. It took half of a review.

// witness is a kind as the oracle reads it: its type, and where its pod is.
type witness struct {
	typed func() any
	pod   func(any) (metav1.ObjectMeta, *corev1.PodTemplateSpec)
}

func witnessOf[T any](pod func(*T) (metav1.ObjectMeta, *corev1.PodTemplateSpec)) witness {
	return witness{func() any { return new(T) }, func(object any) (metav1.ObjectMeta, *corev1.PodTemplateSpec) { return pod(object.(*T)) }}
}

var witnesses = map[Resource]witness{
	{"", "pods", ""}: witnessOf(func(o *corev1.Pod) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}
	}),
	{"", "podtemplates", ""}: witnessOf(func(o *corev1.PodTemplate) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Template
	}),
	{"", "replicationcontrollers", ""}: witnessOf(func(o *corev1.ReplicationController) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, cmp.Or(o.Spec.Template, &corev1.PodTemplateSpec{})
	}),
	{"apps", "deployments", ""}: witnessOf(func(o *appsv1.Deployment) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Spec.Template
	}),
	{"apps", "statefulsets", ""}: witnessOf(func(o *appsv1.StatefulSet) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Spec.Template
	}),
	{"apps", "daemonsets", ""}: witnessOf(func(o *appsv1.DaemonSet) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Spec.Template
	}),
	{"apps", "replicasets", ""}: witnessOf(func(o *appsv1.ReplicaSet) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Spec.Template
	}),
	{"batch", "jobs", ""}: witnessOf(func(o *batchv1.Job) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Spec.Template
	}),
	{"batch", "cronjobs", ""}: witnessOf(func(o *batchv1.CronJob) (metav1.ObjectMeta, *corev1.PodTemplateSpec) {
		return o.ObjectMeta, &o.Spec.JobTemplate.Spec.Template
	}),
}

// read is the pod of an object as the oracle has it.
func (w witness) read(t *testing.T, raw []byte, at string) (pod, error) {
	t.Helper()
	typed := w.typed()
	if err := Decode(raw, typed); err != nil {
		return pod{}, err
	}
	metadata, template := w.pod(typed)
	read := pod{name: metadata.Name, at: at, spec: treeOf(t, &template.Spec)}
	if read.name == "" {
		read.name = metadata.GenerateName + "*"
	}
	for _, key := range slices.Sorted(maps.Keys(template.Annotations)) {
		read.annotations = append(read.annotations, node{kind: text, key: key, text: template.Annotations[key]})
	}
	if set, is := typed.(*appsv1.StatefulSet); is {
		read.beside = treeOf(t, &struct {
			VolumeClaimTemplates []corev1.PersistentVolumeClaim `json:"volumeClaimTemplates"`
		}{set.Spec.VolumeClaimTemplates})
	}
	return read, nil
}

func treeOf(t *testing.T, typed any) *node {
	t.Helper()
	tree, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		t.Fatal(err)
	}
	root := nodeOf("", tree)
	return &root
}

func nodeOf(key string, value any) node {
	switch value := value.(type) {
	case nil:
		return node{kind: null, key: key}
	case string:
		return node{kind: text, key: key, text: value}
	case []any:
		made := node{kind: list, key: key}
		for _, item := range value {
			made.nodes = append(made.nodes, nodeOf("", item))
		}
		return made
	case map[string]any:
		made := node{kind: object, key: key}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			made.nodes = append(made.nodes, nodeOf(name, value[name]))
		}
		return made
	}
	return node{kind: other, key: key}
}

// agree fails when the reader accepts what the oracle refuses, or has another
// projection of what both accept.
func agree(t *testing.T, of Resource, raw []byte) (accepted bool) {
	t.Helper()
	found, err := builtIn[of].read(raw)
	if err != nil {
		return false
	}
	wanted, err := witnesses[of].read(t, raw, found.at)
	if err != nil {
		t.Fatalf("%s is read, although %v", raw, err)
	}
	got, gotErr := project(found, exampleModels())
	want, wantErr := project(wanted, exampleModels())
	if !reflect.DeepEqual(got, want) || (gotErr == nil) != (wantErr == nil) || found.name != wanted.name {
		t.Errorf("%s %s: %+v %v, want %+v %v", of, raw, got, gotErr, want, wantErr)
	}
	return true
}

// TestEveryFieldOfEveryKindIsRead writes a reference into every text that an
// object of each kind can hold, and a number into every number.
func TestEveryFieldOfEveryKindIsRead(t *testing.T) {
	for of, witness := range witnesses {
		full := witness.typed()
		fill(reflect.ValueOf(full).Elem(), nil)
		raw, err := json.Marshal(full)
		if err != nil {
			t.Fatal(err)
		}
		if !agree(t, of, raw) {
			_, err := builtIn[of].read(raw)
			t.Errorf("%s: %v", of, err)
		}
		empty, err := json.Marshal(witness.typed())
		if err != nil {
			t.Fatal(err)
		}
		if !agree(t, of, empty) {
			t.Errorf("%s is not read: %s", of, empty)
		}
	}
}

// fill puts something into every field, but for those that say themselves how
// they are written.
func fill(value reflect.Value, within []reflect.Type) {
	if value.CanAddr() && value.Addr().Type().Implements(readsItself) || slices.Contains(within, value.Type()) {
		return
	}
	within = append(slices.Clip(within), value.Type())
	switch value.Kind() {
	case reflect.String:
		value.SetString("s3://bucket")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int32, reflect.Int64:
		value.SetInt(7)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem(), within)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0), within)
	case reflect.Map:
		item := reflect.New(value.Type().Elem()).Elem()
		fill(item, within)
		value.Set(reflect.MakeMap(value.Type()))
		value.SetMapIndex(reflect.ValueOf("key").Convert(value.Type().Key()), item)
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i), within)
		}
	}
}

// FuzzTheOracleAgrees: what the API server's decoder refuses is refused, and what
// both read has one projection.
func FuzzTheOracleAgrees(f *testing.F) {
	for _, seed := range []string{
		`{"metadata":{"name":"a","creationTimestamp":null,"annotations":{"x":"s3://y","z":null}},"spec":{"containers":null,"volumes":[null,{"name":"","image":{"reference":""}}]}}`,
		`{"metadata":{"generateName":"a-","managedFields":[{"fieldsV1":{"f:spec":{"f:a":{}}}}]},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":1,"memory":"1Gi"}},"ports":[{"containerPort":80}],"livenessProbe":{"httpGet":{"port":"http"}}}]}}`,
		`{"spec":{"priority":1e2}}`, `{"spec":{"priority":2147483648}}`, `{"spec":{"hostNetwork":1}}`, `{"spec":{"hostNetwork":true,"nodeSelector":{"a":"b","a":"c"}}}`,
		`{"spec":{"containers":[{"name":"\ud800","env":[{"name":"A","value":"s3:\/\/b"},null],"args":["$(A)",null]}]}}`, "{\"spec\":{\"hostname\":\"\xff\"}} ", `{"spec":{"activeDeadlineSeconds":null}}x`,
		`{"spec":{"template":{"metadata":{"annotations":{}},"spec":{"containers":[]}}}}`, `{"spec":{"volumeClaimTemplates":[{"metadata":{"name":"v","annotations":{"a":"s3://b"}},"spec":{"dataSource":{"kind":"K","name":"n"}}}]}}`,
		`{"spec":{"volumes":[{"name":"a","ephemeral":{"volumeClaimTemplate":{"metadata":{"creationTimestamp":"2026-11-24T00:00:00Z"},"spec":{"resources":{"requests":{"storage":"1Gi"}}}}}}]}}`,
		`{"spec":{"overhead":{"cpu":"1m"},"tolerations":[{"tolerationSeconds":0}],"containers":[{"command":[],"name":"x","name":"y"}]}}`, `{"spec":{"hostname":"a` + "\n" + `"}}`, `{"spec":{},}`, `{"spec":{"containers":[,]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for of := range witnesses {
			agree(t, of, raw)
		}
	})
}

// FuzzTheScannerReadsJSON: it accepts no text that the standard library refuses,
// and of whatever it reads it has every text.
func FuzzTheScannerReadsJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0.5e+3,true,false,null,"x\ny"],"b":{}}`, `{"a":01}`, `{"a":1.}`, `{"a":-}`, `{"a":"\u12"}`, `{"a":tru}`, `{"a":1e999}`, ` {"":""} `, "{\"a\":\"\xc3\x28\"}", "{}\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		found, err := readObject(raw, anything)
		if err != nil {
			return
		}
		var wanted map[string]any
		if err := Decode(raw, &wanted); err != nil {
			t.Fatalf("%q is read, although %v", raw, err)
		}
		if got, want := retelling(found), retelling(nodeOf("", wanted)); got != want {
			t.Errorf("%q: %s, want %s", raw, got, want)
		}
	})
}

// retelling writes down a tree, less what is neither text nor holds any.
func retelling(n node) string {
	var written strings.Builder
	json.NewEncoder(&written).Encode([]any{n.kind, n.key})
	if n.kind == text {
		json.NewEncoder(&written).Encode(n.text)
	}
	for _, inner := range n.nodes {
		written.WriteString(retelling(inner))
	}
	return written.String() + "."
}
