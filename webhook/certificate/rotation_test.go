package certificate

import (
	"maps"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func (f *fleet) secret() *corev1.Secret {
	f.t.Helper()
	var secret corev1.Secret
	if err := f.cluster.Get(f.t.Context(), client.ObjectKey{Namespace: "assay-system", Name: sharedAs}, &secret); err != nil {
		f.t.Fatal(err)
	}
	return &secret
}

// edit is what somebody with rights does to the Secret.
func (f *fleet) edit(how func(data map[string][]byte)) {
	f.t.Helper()
	secret := f.secret()
	how(secret.Data)
	if err := f.cluster.Update(f.t.Context(), secret); err != nil {
		f.t.Fatal(err)
	}
}

// Pass demands all the while that whatever is served is trusted.
func TestACertificateIsExchangedWhileAuthoritiesOverlap(t *testing.T) {
	fleet := newFleet(t)
	one, two := fleet.replica("one", 0), fleet.replica("two", 0)
	fleet.look(one, two)
	old := serves(one)
	fleet.now = noon.Add(certificateLife - renewBefore + time.Hour)
	fleet.pass(overlap-selfSignedEvery, one, two)
	if serves(one) != old || serves(two) != old || fleet.authorities() != 2 {
		t.Fatalf("within the overlap they serve another, or %d authorities are told", fleet.authorities())
	}
	fleet.pass(3*selfSignedEvery, one, two)
	if serves(one) == old || serves(one) != serves(two) || fleet.authorities() != 2 {
		t.Fatalf("after it they serve the old one, or %d authorities are told", fleet.authorities())
	}
	fleet.pass(2*overlap, one, two)
	if fleet.authorities() != 1 {
		t.Errorf("when all have changed over, %d authorities are told", fleet.authorities())
	}
	exchanged := serves(one)
	fleet.pass(time.Hour, one, two)
	if serves(one) != exchanged {
		t.Error("it does not stay with that")
	}
}

// A replica that was started before the exchange and has not looked since is
// waited for; one that said goodbye is not; one that was killed is, for an hour.
func TestAFormerAuthorityStaysUntilEveryReplicaHasChangedOver(t *testing.T) {
	for name, test := range map[string]struct {
		away func(*selfSigned)
		want int // authorities after the exchange
	}{
		"silent": {func(*selfSigned) {}, 2},
		"left":   {func(left *selfSigned) { left.leave(t.Context()) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			fleet := newFleet(t)
			one, two := fleet.replica("one", 0), fleet.replica("two", 0)
			fleet.look(one, two, one, two)
			fleet.now = noon.Add(certificateLife - renewBefore + time.Hour)
			test.away(two)
			fleet.pass(10*overlap, one)
			if fleet.authorities() != test.want {
				t.Fatalf("%d authorities are told, want %d", fleet.authorities(), test.want)
			}
			if name == "silent" {
				if err := fleet.trusted(two); err != nil {
					t.Errorf("the silent one: %v", err)
				}
			}
			fleet.pass(lapse, one)
			if fleet.authorities() != 1 {
				t.Errorf("an hour later %d authorities are told", fleet.authorities())
			}
			fleet.look(two) // it comes back, with what it has in memory
			fleet.pass(10*overlap, one, two)
			if serves(one) != serves(two) || fleet.authorities() != 1 {
				t.Error("it does not follow")
			}
		})
	}
}

// A replica that was down during the exchange starts with what is shared now.
func TestAReplicaStartsInTheMiddleOfAnExchange(t *testing.T) {
	for _, when := range []time.Duration{0, overlap / 2, overlap, overlap + 3*selfSignedEvery, 3 * overlap} {
		fleet := newFleet(t)
		one := fleet.replica("one", 0)
		fleet.look(one)
		fleet.now = noon.Add(certificateLife - renewBefore + time.Hour)
		fleet.pass(when, one)
		two := fleet.replica("two", 0)
		fleet.look(two)
		fleet.pass(3*overlap, one, two)
		if serves(one) != serves(two) || fleet.authorities() != 1 {
			t.Errorf("started after %v it serves another, or %d authorities are told", when, fleet.authorities())
		}
	}
}

// Whatever somebody does to the Secret, each replica stays trusted, and all serve
// one certificate in the end.
func TestASecretThatSomebodyTouchedIsMended(t *testing.T) {
	stranger, err := issue(hosts, noon)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := issue([]string{"elsewhere.example.org"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	put := func(other issued) func(map[string][]byte) {
		return func(data map[string][]byte) {
			data["tls.crt"], data["tls.key"], data["ca.crt"] = other.certificate, other.key, other.authority
		}
	}
	for name, touch := range map[string]func(data map[string][]byte){
		"emptied":              func(data map[string][]byte) { clear(data) },
		"garbled":              func(data map[string][]byte) { data["tls.crt"] = []byte("garbage"); data["serving.json"] = []byte("{") },
		"without its key":      func(data map[string][]byte) { delete(data, "tls.key") },
		"of another authority": func(data map[string][]byte) { data["ca.crt"] = stranger.authority },
		"for other hosts":      put(elsewhere),
		"a stranger's":         put(stranger),
		"nonsense as next":     func(data map[string][]byte) { data["next.crt"] = []byte("garbage") },
		"a next for other hosts": func(data map[string][]byte) {
			data["next.crt"], data["next.key"], data["next-ca.crt"] = elsewhere.certificate, elsewhere.key, elsewhere.authority
		},
		"a stranger's as next": func(data map[string][]byte) {
			data["next.crt"], data["next.key"], data["next-ca.crt"] = stranger.certificate, stranger.key, stranger.authority
		},
		"with a hundred replicas": func(data map[string][]byte) { data["serving.json"] = manyReplicas() },
	} {
		t.Run(name, func(t *testing.T) {
			fleet := newFleet(t)
			one, two := fleet.replica("one", 0), fleet.replica("two", 0)
			fleet.look(one, two, one)
			fleet.edit(touch)
			three := fleet.replica("three", 0) // it starts before the others notice, and holds nothing
			fleet.look(three)
			fleet.pass(3*overlap, two, one, three)
			if serves(one) != serves(two) || serves(two) != serves(three) {
				t.Error("they serve different certificates")
			}
			fleet.now = fleet.now.Add(lapse)
			fleet.pass(2*overlap, two, one, three)
			if fleet.authorities() != 1 {
				t.Errorf("%d authorities are told", fleet.authorities())
			}
		})
	}
}

func manyReplicas() []byte {
	text := []byte(`{"x": "y"`)
	for i := range 100 {
		text = append(text, `,"`+string(rune('a'+i%26))+string(rune('a'+i/26))+`": "dead"`...)
	}
	return append(text, '}')
}

// Deleting the Secret is how an operator asks for a new certificate: nobody is
// refused meanwhile.
func TestADeletedSecretIsAnExchange(t *testing.T) {
	fleet := newFleet(t)
	one, two := fleet.replica("one", 0), fleet.replica("two", 0)
	fleet.look(one, two)
	old := serves(one)
	if err := fleet.cluster.Delete(t.Context(), fleet.secret()); err != nil {
		t.Fatal(err)
	}
	three := fleet.replica("three", 0) // it starts before the others notice, and holds nothing
	fleet.look(three)
	fleet.pass(3*overlap, one, two)
	fleet.pass(3*overlap, one, two, three)
	if serves(one) == old || serves(one) != serves(two) || serves(two) != serves(three) || fleet.authorities() != 1 {
		t.Errorf("it is the old one still, or they differ, or %d authorities are told", fleet.authorities())
	}
}

func TestACaBundleThatSomebodyReplacedIsMendedAtTheNextLook(t *testing.T) {
	stranger, err := issue(hosts, noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, bundle := range map[string][]byte{"dropped": nil, "garbage": []byte("-----BEGIN"), "a stranger's": stranger.authority} {
		fleet := newFleet(t)
		one := fleet.replica("one", 0)
		fleet.look(one)
		configuration := fleet.told()
		configuration.Webhooks[1].ClientConfig.CABundle = bundle
		if err := fleet.cluster.Update(t.Context(), configuration); err != nil {
			t.Fatal(err)
		}
		if err := fleet.trusted(one); err == nil {
			t.Errorf("%s: ready, although nobody believes it", name)
		}
		fleet.look(one)
		if err := fleet.trusted(one); err != nil || fleet.authorities() != 1 {
			t.Errorf("%s: %v, %d authorities", name, err, fleet.authorities())
		}
	}
}

// A caBundle that is dropped in the middle of an exchange starts the overlap
// again: what API servers have forgotten they must be told for as long.
func TestAnOverlapThatWasCutShortBeginsAgain(t *testing.T) {
	fleet := newFleet(t)
	one := fleet.replica("one", 0)
	fleet.look(one)
	old := serves(one)
	fleet.now = noon.Add(certificateLife - renewBefore + time.Hour)
	fleet.pass(overlap-selfSignedEvery, one)
	configuration := fleet.told()
	for i := range configuration.Webhooks {
		configuration.Webhooks[i].ClientConfig.CABundle = nil
	}
	if err := fleet.cluster.Update(t.Context(), configuration); err != nil {
		t.Fatal(err)
	}
	fleet.pass(overlap, one)
	if serves(one) != old {
		t.Error("it serves what API servers have known for less than the overlap")
	}
	fleet.pass(overlap, one)
	if serves(one) == old {
		t.Error("it does not go on")
	}
}

// A replica whose clock jumps harms no other, and what it makes is valid for all.
func TestAClockThatJumpsHarmsNobody(t *testing.T) {
	for _, wrong := range []time.Duration{3 * certificateLife, 48 * time.Hour, -48 * time.Hour, -3 * certificateLife} {
		fleet := newFleet(t)
		one, two := fleet.replica("one", 0), fleet.replica("two", 0)
		fleet.look(one, two)
		two.clock = func() time.Time { return fleet.now.Add(wrong) }
		fleet.pass(5*overlap, one, two)
		if serves(one) != serves(two) {
			t.Errorf("%v: they serve different certificates", wrong)
		}
		two.clock = fleet.clock
		fleet.pass(5*overlap, one, two)
	}
}

// All doors were down for a year: nothing that is shared is valid any more.
func TestAnExpiredCertificateIsReplacedAsSoonAsTheNextIsTold(t *testing.T) {
	fleet := newFleet(t)
	fleet.look(fleet.replica("one", 0))
	fleet.now = noon.Add(certificateLife + time.Hour)
	one := fleet.replica("one", 0)
	fleet.look(one, one, one)
	if err := fleet.trusted(one); err != nil {
		t.Error(err)
	}
}

// However often it is looked at, nothing is written when nothing changes.
func TestLookingWritesNothing(t *testing.T) {
	fleet := newFleet(t)
	one, two := fleet.replica("one", 0), fleet.replica("two", 0)
	fleet.look(one, two, one, two)
	secret, told := fleet.secret().ResourceVersion, fleet.told().ResourceVersion
	fleet.pass(time.Hour, one, two)
	if fleet.secret().ResourceVersion != secret || fleet.told().ResourceVersion != told {
		t.Error("the Secret or the configuration was written again")
	}
	if names := slices.Sorted(maps.Keys(sharedBy(*fleet.secret()).serving)); !slices.Equal(names, []string{"one", "two"}) {
		t.Errorf("serving: %v", names)
	}
}

// Whatever stands in the Secret, reading and planning end, and what is wanted
// serves.
func FuzzWhateverIsSharedSomethingServes(f *testing.F) {
	good, err := issue(hosts, noon)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.certificate, good.key, good.authority, good.authority, []byte(`{"one":"x"}`))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), []byte{}, []byte("x"), []byte{0}, []byte(`[]`))
	f.Fuzz(func(t *testing.T, certificate, key, authority, former, serving []byte) {
		known := sharedBy(corev1.Secret{Data: map[string][]byte{
			"tls.crt": certificate, "tls.key": key, "ca.crt": authority, "former-ca.crt": former, "serving.json": serving,
			"next.crt": authority, "next.key": key, "next-ca.crt": certificate,
		}})
		own := rotation{replica: "one", hosts: hosts, overlap: overlap, held: good} // what is made anew is random, which a fuzzer takes for news
		wanted, err := own.plan(known, [][]byte{former}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if wanted.current.parse(hosts) == nil || own.choose(wanted, noon).parse(hosts) == nil {
			t.Error("what is wanted serves nothing")
		}
		if len(authorities(wanted.bundle())) > maxAuthorities || len(wanted.serving) > max(maxReplicas, len(known.serving)) {
			t.Error("it grows without end")
		}
	})
}
