package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A real API server takes the events by the rights that the manifests give: of a
// denial, of the same denial again, and of a glass that was broken.
func TestDenialsAreToldBesideTheObject(t *testing.T) {
	t.Parallel()
	o := newOrdered(t)
	o.eventually("what nobody promoted", "denied", auditedNamespace, stranger.String(), "workload.released")
	for range 3 {
		if err := o.pod("denied", auditedNamespace, stranger.String()); err == nil {
			t.Fatal("what nobody promoted is let in")
		}
	}
	o.create(o.glass(time.Minute))
	o.eventually("the same, by a break-glass", "broken", auditedNamespace, stranger.String(), "")
	told := func(reason, name string) (found eventsv1.Event) {
		var list eventsv1.EventList
		if err := o.Client.List(t.Context(), &list, client.InNamespace(auditedNamespace)); err != nil {
			t.Fatal(err)
		}
		for _, event := range list.Items {
			if event.Reason == reason && event.Regarding.Kind == "Pod" && event.Regarding.Name == name {
				found = event
			}
		}
		return found
	}
	why := func() string {
		return fmt.Sprintf("%+v, %+v", told("AdmissionDenied", "denied"), told("GlassBroken", "broken"))
	}
	o.until("an event of the denial", func() bool { return strings.Contains(told("AdmissionDenied", "denied").Note, "workload.released") }, why)
	o.until("an event of the broken glass", func() bool { return strings.Contains(told("GlassBroken", "broken").Note, "the registry burns") }, why)
	o.until("that it was denied again", func() bool {
		series := told("AdmissionDenied", "denied").Series
		return series != nil && series.Count >= 4
	}, why)
}
