package judge

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// fill gives every field of a value another one than zero, and every list two
// items, so that a field that is forgotten is missed.
func fill(value reflect.Value, words func() string) {
	switch value.Kind() {
	case reflect.String:
		value.SetString(words())
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 2, 2))
		for i := range value.Len() {
			fill(value.Index(i), words)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i), words)
		}
	}
}

func asJSON(t *testing.T, workload Workload) ast.Value {
	t.Helper()
	value, err := ast.InterfaceToValue(workload)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Rules see of a workload what its JSON says.
func TestAWorkloadIsStatedAsJSON(t *testing.T) {
	var full Workload
	count := 0
	fill(reflect.ValueOf(&full).Elem(), func() string { count++; return fmt.Sprint("word ", count) })
	if got, want := state(reflect.ValueOf(full)).Value, asJSON(t, full); ast.Compare(got, want) != 0 {
		t.Errorf("rules see\n%s\nwant\n%s", got, want)
	}
	empty := state(reflect.ValueOf(Workload{})).Value.(ast.Object)
	for name, value := range map[string]string{"images": "[]", "models": "[]", "volumes": "[]", "glass": "[]", "quarantines": "[]", "kind": `""`} {
		if got := empty.Get(ast.StringTerm(name)); got == nil || got.String() != value {
			t.Errorf("of an empty workload, %s is %v, want %s", name, got, value)
		}
	}
}

// FuzzState: whatever a workload says, rules see it as JSON says it.
func FuzzState(f *testing.F) {
	f.Add("sha256:ab", "registry/x@sha256:ab")
	f.Add("\xff\xfe", "</script>\u2028\x00")
	f.Fuzz(func(t *testing.T, first, second string) {
		said := []string{first, second}
		var workload Workload
		fill(reflect.ValueOf(&workload).Elem(), func() string { said[0], said[1] = said[1], said[0]; return said[0] })
		if got, want := state(reflect.ValueOf(workload)).Value, asJSON(t, workload); ast.Compare(got, want) != 0 {
			t.Errorf("rules see\n%s\nwant\n%s", got, want)
		}
	})
}
