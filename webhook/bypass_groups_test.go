package webhook

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// waysAround is one class of ways around admission: those of Kubernetes, of policy
// engines and of verifiers of images that were published as advisories, or found
// in their code.
type waysAround struct {
	attempt, stopped string
	shown            []string // folder: function or subtest; beside the stories of the group's number
}

// groups is the whole list, from B01.
var groups = []waysAround{
	{"a model only in an init container, a sidecar or the last of 200", "every container of every list is read; more than 256 is refused", nil},
	{"an ephemeral container", "`pods/ephemeralcontainers` is registered and read", []string{"test/e2e: an ephemeral container", "webhook: TestAnEphemeralContainerIsAnUpdateOfAPod"}},
	{"an image volume", "each is a model, whatever its registry", nil},
	{"a template, or a kind of another controller", "templates are read down to their pod, other kinds are searched whole; KServe's fields that name a model are one whatever they hold", []string{"webhook/subject: FuzzWrapped", "webhook/subject: TestAKindIsReadAtTheVersionThatIsRegistered"}},
	{"a scale from nothing", "what grows is read from the API server and judged", []string{"test/e2e: a scale from nothing", "webhook: TestWhatGrowsIsJudged"}},
	{"fewer replicas and another image in one update", "an update is judged unless images, models and volumes are the same", nil},
	{"an update while the object is being deleted", "a deletionTimestamp exempts nothing", []string{"test/e2e: an object that is dying", "webhook: TestUpdates"}},
	{"an update that calls itself one of the status", "nothing is passed over for its subresource; what is not registered cannot write a spec", []string{"test/e2e: the status", "test/e2e: another version of a kind"}},
	{"an update of what is inadmissible already", "allowed only if nothing that a rule sees has changed", []string{"test/e2e: an object that is dying", "webhook: TestWhatCannotBeReadLosesItsFinalizers"}},
	{"resize, exec, attach, port forwarding", "resize is judged like an update; connections are denied where the component `sealed` is applied", []string{"test/e2e: a resize", "webhook: TestASealedPod"}},
	{"a reference in a variable, an argument, a hook, storage, or in halves", "every string is searched, and once more with the variables of its container; storage is denied unless the operator names it", []string{"webhook/subject: FuzzProject", "webhook: TestStorageIsDeniedUnlessItIsNamed"}},
	{"a ConfigMap that changes after admission", "ConfigMaps are judged when they are written", []string{"webhook: TestAConfigMapThatNamesAModelIsDenied"}},
	{"a tag, two names in one reference, another digest", "only repository@sha256:… in small letters is pinned", []string{"webhook/subject: FuzzAPinnedReferenceNamesOneContent", "webhook/floor: TestThePatternIsTheDoors"}},
	{"another spelling of the same place", "ports, dots, slashes, percent signs, letters of other alphabets and the registry's own API are read as clients read them", []string{"webhook: FuzzBypass"}},
	{"a registry that lies, never ends, or leads elsewhere", "nothing is asked of a registry in a review; where it is asked, all is bounded and compared with its digest", []string{"internal/oci: TestARegistryThatLiesIsCaught", "internal/oci: TestAnAnswerWithoutEndIsRefusedWithinBounds", "internal/oci: TestAListThatLeadsInACircleOrAwayIsRefused", "webhook: TestARegistryThatMisbehavesShutsTheDoor"}},
	{"good evidence of another model", "digest, environment and role are compared with what was signed", []string{"evidence: TestNothingIsReplayed", "webhook: TestHostileEvidenceKeepsTheDoorShut"}},
	{"another type of payload or statement", "one form is read, strictly", []string{"webhook: TestHostileEvidenceKeepsTheDoorShut", "evidence: FuzzAStatementSaysOneThing"}},
	{"the right key in the wrong role", "a key counts for its predicates and environments", []string{"evidence: TestOnlyTheRightKeySignsTheRightPredicate", "evidence: TestAKeyVouchesForItsEnvironmentsOnly"}},
	{"evidence that is stale, early, or of a key that was withdrawn", "keys and waivers have a span, data and paperwork an age; a key that ends closes the door at once", []string{"webhook: TestAKeyThatEndsClosesTheDoorAtOnce", "webhook: TestAWaiverOfTomorrowCountsTomorrow", "gates/judge: TestEvidenceOfOtherDataIsToldApart"}},
	{"an identity that is almost the right one", "issuer and subject are compared whole; there are no patterns", []string{"webhook: TestADoorBelievesANameThatItWasTold", "evidence: TestStatementsOfOtherNamesArePassedOver"}},
	{"text that two programs read differently", "keys twice or in another case, numbers that are none, and what goes on after the end are refused", []string{"evidence: FuzzVerifyBelievesOnlyWhatWasSigned", "evidence: TestEveryByteCounts", "gates/judge: FuzzARuleReadsTheNumbersThatGoReads"}},
	{"a good statement beside a bad one, or none at all", "each must be good, and each gate must have spoken; absence satisfies nothing", []string{"gates/judge: TestNoRuleIsSatisfiedByAbsence", "gates/judge: TestAGateThatMeasuredNothingHasNotSpoken", "webhook: TestAModelIsAdmittedOnlyIfEachReleaseOfItIs"}},
	{"a memory that skips a rule, or forgets an input", "a workload's verdict is never kept; a model's ends with its evidence, trust, policy and a minute", []string{"webhook: TestAModelIsJudgedOnceAMinuteForEachProfile", "webhook: TestWithdrawnTrustShutsTheDoorAndTellsWhy", "webhook: TestTheMemoForgetsNoInput", "webhook: TestTheIndexIsWhatEveryReleaseSays"}},
	{"an annotation that says what we would", "nothing in an object is believed", nil},
	{"a namespace without its label, or with another", "the selector exempts by name alone; who may take the label off is asked about (`enrolment.yaml`)", []string{"webhook: TestNoObjectAndNoTenantCanOptOut", "test/e2e: a namespace made anew"}},
	{"our own service account, a group, a namespace of the system", "who asks is no part of the question", nil},
	{"a namespace that cannot be looked up", "an error, and so no admission", []string{"webhook: TestTheEnvironmentIsALabelOfTheNamespace", "webhook: TestIgnoranceKeepsTheDoorShut"}},
	{"an exception of another place, or of too long", "waivers and broken glass name digest, environment and end, and some rules know none", []string{"gates/judge: TestAWaiverThatDoesNotFitOpensNothing", "gates/judge: TestMissingEvidenceAndForbiddenRulesAreNotWaived", "webhook: TestGlassIsNotReplayed", "webhook: TestNoModeSoftensIgnorance"}},
	{"an old version, a list, a generated name, bytes by hand", "the API server converts (`matchPolicy: Equivalent`); what cannot be read is refused", []string{"test/e2e: another version of a kind", "test/e2e: bytes by hand", "test/e2e: a generated name", "test/e2e: server-side apply"}},
	{"a pod that says it is a mirror", "it is judged; a static pod itself is a matter of the node", nil},
	{"a flood, a huge object, a panic, a registry that is down", "bounds, a deadline that is shorter than the API server's, `failurePolicy: Fail`", []string{"webhook: TestIgnoranceKeepsTheDoorShut", "webhook/subject: TestAnObjectWithTooManyReferencesIsRefusedNotCutShort", "webhook: TestNoObjectTakesLong", "webhook: TestTheReasonIsTheDeadline", "webhook: TestAThunderingHerdAsksOnce", "webhook: TestADoorAnswersWithoutACluster"}},
	{"a rule that is undefined, misspelt or replaced", "rules say what must be true; a verdict must list each of them; shipped packages cannot be extended", []string{"gates/judge: TestDoubtDenies", "gates/judge: TestNothingShippedCanBeExtended", "policies: TestTheTestsNoticeARuleThatAlwaysGivesOneAnswer"}},
	{"a rehearsal (dry run)", "judged alike, and entered nowhere", []string{"test/e2e: a rehearsal", "webhook: TestEveryDecisionIsEntered"}},
	{"an answer that tells too much, or is not to the question", "uid, lines and lengths are bounded; no value of an object but what reaches a model", []string{"webhook: TestAnAnswerIsBoundedAndPrintable", "webhook: TestAReviewOverHTTP"}},
	{"a review from nobody, another authority, a changed registration", "an answer to nobody admits nothing; a door that the API server does not trust denies", []string{"test/e2e: a review from nobody", "test/e2e: another authority", "webhook/certificate: TestACertificateOfAnotherAuthorityIsNotReady"}},
	{"an older policy, or one with a rule too few", "the digest of the policy can be pinned; a new one must answer a canned question, and the last good one stays", []string{"webhook: TestADoorDoesNotStartByAnotherPolicy", "webhook: TestAPolicyThatAdmitsEverythingDoesNotSit", "webhook: TestThePinAndTheFolderChangeAtDifferentMoments"}},
	{"a tenant who writes what the door believes", "no shipped role writes it, none is aggregated; what is written needs a trusted signature, or can only deny", []string{"webhook: TestNoShippedRoleWritesWhatTheDoorBelieves", "webhook: TestMemoryBelievesOnlySignatures"}},
}

// TestEveryGroupIsShownSomewhere holds the list together: it has 37 groups, each
// has a story or a test, and what is named is there.
func TestEveryGroupIsShownSomewhere(t *testing.T) {
	if len(groups) != 37 {
		t.Errorf("there are %d groups", len(groups))
	}
	numbers := map[string]int{}
	for _, file := range bypasses(t) {
		numbers[filepath.Base(file)[:3]]++
	}
	for i, group := range groups {
		number := fmt.Sprintf("B%02d", i+1)
		if len(group.shown) == 0 && numbers[number] == 0 {
			t.Errorf("%s: nothing shows that %s is stopped", number, group.attempt)
		}
		for _, place := range group.shown {
			if !isThere(t, place) {
				t.Errorf("%s: there is no %s", number, place)
			}
		}
		delete(numbers, number)
	}
	if len(numbers) > 0 {
		t.Errorf("stories of no group: %v", numbers)
	}
}

// isThere looks for a test function, or for a subtest by its name.
func isThere(t *testing.T, place string) bool {
	t.Helper()
	folder, name, _ := strings.Cut(place, ": ")
	wanted := "func " + name + "("
	if strings.Contains(name, " ") {
		wanted = fmt.Sprintf("t.Run(%q, ", name)
	}
	files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		content, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(content), wanted)
	})
}

// knownWays is the part of the threat model that the list writes.
var knownWays = regexp.MustCompile(`(?s)(\n## Known ways around admission\n.*?\n\|---\|---\|---\|---\|\n)((?:\|[^\n]*\n)*)`)

// TestTheThreatModelListsEveryGroup: what people read is what is tested.
func TestTheThreatModelListsEveryGroup(t *testing.T) {
	const file = "../docs/threat-model.md"
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := knownWays.FindSubmatchIndex(content)
	if found == nil {
		t.Fatal("the threat model has no list of the known ways around admission")
	}
	want := waysListed(t)
	if string(content[found[4]:found[5]]) == want {
		return
	}
	if !*update {
		t.Fatal("the threat model lists other ways than are tested\nhint: go test ./webhook -run TestTheThreatModel -update")
	}
	if err := os.WriteFile(file, []byte(string(content[:found[4]])+want+string(content[found[5]:])), 0o644); err != nil {
		t.Fatal(err)
	}
}

func waysListed(t *testing.T) string {
	t.Helper()
	var rows strings.Builder
	for i, group := range groups {
		number := fmt.Sprintf("B%02d", i+1)
		stories, err := filepath.Glob("testdata/bypass/" + number + "-*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		if len(stories) > 0 {
			shown = append(shown, "stories")
		}
		for _, place := range group.shown {
			folder, name, _ := strings.Cut(place, ": ")
			shown = append(shown, fmt.Sprintf("`%s`: %s", folder, name))
		}
		fmt.Fprintf(&rows, "| %s | %s | %s | %s |\n", number, group.attempt, group.stopped, strings.Join(shown, "; "))
	}
	return rows.String()
}
