package floor

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

var key = client.ObjectKey{Namespace: "assay-system", Name: Name}

func newFloor(t *testing.T, objects ...client.Object) *Floor {
	t.Helper()
	return &Floor{
		client:       fake.NewClientBuilder().WithObjects(objects...).Build(),
		key:          key,
		repositories: func() []string { return []string{"registry.example.org/models"} },
	}
}

func published(t *testing.T, floor *Floor) *corev1.ConfigMap {
	t.Helper()
	var found corev1.ConfigMap
	if err := floor.client.Get(t.Context(), key, &found); err != nil {
		t.Fatal(err)
	}
	return &found
}

func empty() *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: key.Namespace, Name: key.Name}}
}

func TestTheListIsWrittenWhenItDiffersAndOnlyThen(t *testing.T) {
	floor := newFloor(t, empty())
	admissible := map[string][]string{"staging": {digest("a")}}
	for range 2 {
		if err := floor.Publish(t.Context(), admissible); err != nil {
			t.Fatal(err)
		}
	}
	first := published(t, floor)
	if got := read(first.Data)["staging"]; len(got) != 1 || got[0] != digest("a") {
		t.Fatalf("published %v", first.Data)
	}
	if err := floor.Publish(t.Context(), admissible); err != nil || published(t, floor).ResourceVersion != first.ResourceVersion {
		t.Errorf("nothing changed, and it was written again: %v", err)
	}
	if err := floor.Publish(t.Context(), nil); err != nil || len(read(published(t, floor).Data)) != 0 {
		t.Errorf("what is admissible no more is still there: %v", err)
	}
}

func TestALineThatSomebodyAddedIsTakenAway(t *testing.T) {
	floor := newFloor(t, empty())
	if err := floor.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	edited := published(t, floor)
	edited.Data["staging.any"] = Any
	edited.BinaryData = map[string][]byte{"production.any": {1}}
	if err := floor.client.Update(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
	if err := floor.Publish(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if after := published(t, floor); len(read(after.Data)) != 0 || len(after.BinaryData) != 0 {
		t.Errorf("it is still there: %v %v", after.Data, after.BinaryData)
	}
}

func TestAClusterWithoutAFloorNeedsNoList(t *testing.T) {
	if err := newFloor(t).Publish(t.Context(), map[string][]string{"staging": {digest("a")}}); err != nil {
		t.Error(err)
	}
}
