package render

import (
	"fmt"
	"testing"
)

// fleet is 100 models in 3 environments on 3 clouds.
func fleet() []Release {
	var releases []Release
	for model := range 100 {
		for _, environment := range []string{"development", "staging", "production"} {
			for cloud := range identities {
				r := full(cloud)
				r.Model, r.Environment, r.Namespace = fmt.Sprintf("model-%03d-%s", model, cloud), environment, "models-"+environment
				releases = append(releases, r)
			}
		}
	}
	return releases
}

// BenchmarkFleet renders 900 overlays that nobody has rendered, and then again.
func BenchmarkFleet(b *testing.B) {
	releases := fleet()
	for name, prepare := range map[string]func(*Cache) *Cache{
		"cold": func(*Cache) *Cache { return new(Cache) }, "warm": func(c *Cache) *Cache { return c },
	} {
		b.Run(name, func(b *testing.B) {
			cache := new(Cache)
			for b.Loop() {
				cache = prepare(cache)
				for _, release := range releases {
					if _, err := cache.Render(b.Context(), release); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(releases)), "µs/overlay")
		})
	}
}
