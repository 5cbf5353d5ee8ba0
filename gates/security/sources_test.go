package security

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// sourcesOf measures a repository of these files.
func sourcesOf(t *testing.T, files map[string]string) []evidence.Measurement {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var measured []evidence.Measurement
	err := alone(t.Context(), func() (err error) {
		measured, err = measureSources(t.Context(), tree)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range measured {
		if err := one.Validate(); err != nil {
			t.Error(err)
		}
	}
	return measured
}

// summary is what was measured, one "name group: value (method)" a line.
func summary(measured []evidence.Measurement) string {
	var text strings.Builder
	for _, one := range measured {
		text.WriteString(one.Name + " " + one.Group + ": " + string(one.Value) + " (" + one.Method + ")\n")
	}
	return text.String()
}

func tells(t *testing.T, measured []evidence.Measurement, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(summary(measured), line) {
			t.Errorf("%q is not told in\n%s", line, summary(measured))
		}
	}
}

const safeDockerfile = `# syntax=docker/dockerfile:1
FROM registry.example/python@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS build
COPY train.py /train.py
USER 65532:65532
ENTRYPOINT ["python", "/train.py"]
`

func TestARepositoryWithoutSourcesHasNoFaults(t *testing.T) {
	measured := sourcesOf(t, nil)
	tells(t, measured, "source_files dockerfile: 0", "source_files terraform: 0", "source_misconfigurations dockerfile high: 0",
		"source_misconfigurations terraform critical: 0", "sources_not_examined : 0")
	if unknown, err := measureSources(t.Context(), nil); err != nil || unknown != nil {
		t.Errorf("of no repository: %v, %v", unknown, err)
	}
}

func TestAnImageThatRunsAsRootIsNamed(t *testing.T) {
	measured := sourcesOf(t, map[string]string{
		"models/breast/Dockerfile":   strings.Replace(safeDockerfile, "USER 65532:65532\n", "", 1),
		"models/breast/b.Dockerfile": safeDockerfile,
		"Containerfile":              "FROM scratch\n#trivy:ignore:DS-0002\nUSER root\n",
	})
	tells(t, measured, "source_files dockerfile: 3", "source_misconfigurations dockerfile high: 2", "source_misconfigurations dockerfile critical: 0",
		"source_misconfiguration DS-0002 models/breast/Dockerfile", "source_misconfiguration DS-0002 Containerfile:3: 1 (high: Image user should not be 'root')")
	if strings.Contains(summary(measured), "b.Dockerfile") {
		t.Errorf("the safe one is named in\n%s", summary(measured))
	}
}

func TestADockerfileThatIsNotUnderstoodIsToldAndNotPassed(t *testing.T) {
	for name, text := range map[string]string{
		"no instruction":        "# nothing\n",
		"empty":                 "",
		"another language":      "#syntax=registry.example/frontend:1\nFROM scratch\nUSER 1\n",
		"an unknown word":       "FROM scratch\nUSERS 1\n",
		"no end":                "FROM scratch\nRUN <<EOF\n",
		"very many":             "FROM scratch\n" + strings.Repeat("RUN true\n", maxInstructions),
		"very large":            "FROM scratch\n#" + strings.Repeat("x", maxSourceFile),
		"a heredoc of a script": "FROM scratch\nRUN <<a <<b\n1\na\n2\n",
	} {
		measured := sourcesOf(t, map[string]string{"Dockerfile": text})
		if !strings.Contains(summary(measured), "sources_not_examined : 1") || !strings.Contains(summary(measured), "source_not_examined Dockerfile: 1 (") {
			t.Errorf("%s:\n%s", name, summary(measured))
		}
	}
}

const bucket = `resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = var.closed
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket" "data" { bucket = "rows" }
variable "closed" { default = false }
`

func TestTerraformIsCheckedAsItWouldBeApplied(t *testing.T) {
	const open = "source_misconfiguration AWS-0086 "
	for name, story := range map[string]struct {
		files map[string]string
		want  string // place; empty when nothing is wrong with it
	}{
		"as written":            {map[string]string{"infrastructure/main.tf": bucket}, "infrastructure/main.tf:3"},
		"by its defaults":       {map[string]string{"a.tf": strings.Replace(bucket, "false", "true", 1)}, ""},
		"by its own variables":  {map[string]string{"a.tf": bucket, "terraform.tfvars": "closed = true"}, ""},
		"by automatic ones":     {map[string]string{"a.tf": bucket, "x.auto.tfvars.json": `{"closed": true}`}, ""},
		"by one of two choices": {map[string]string{"a.tf": strings.Replace(bucket, "false", "true", 1), "test.tfvars": "closed = false", "live.tfvars": "closed = true"}, "a.tf:3"},
		"in a module": {map[string]string{
			"infrastructure/main.tf": "module \"b\" {\n source = \"../parts/b\"\n closed = false\n}\n", "parts/b/a.tf": strings.Replace(bucket, "false", "true", 1),
		}, "parts/b/a.tf:3"},
		"in JSON":         {map[string]string{"a.tf.json": `{"resource":{"aws_s3_bucket_public_access_block":{"data":{"bucket":"${aws_s3_bucket.data.id}","block_public_acls":false}},"aws_s3_bucket":{"data":{"bucket":"rows"}}}}`}, "a.tf.json:1"},
		"told to ignore":  {map[string]string{"a.tf": "#trivy:ignore:*\n" + bucket}, "a.tf:4"},
		"for each of two": {map[string]string{"a.tf": strings.Replace(bucket, "{\n", "{\n for_each = toset([\"a\",\"b\"])\n", 1)}, "a.tf:4"},
	} {
		measured := sourcesOf(t, story.files)
		tells(t, measured, "sources_not_examined : 0")
		if text := summary(measured); strings.Contains(text, open) != (story.want != "") || !strings.Contains(text, open+story.want) && story.want != "" {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

// What would be left out of the checks in silence is told instead.
func TestTerraformThatIsNotFollowedIsTold(t *testing.T) {
	for name, text := range map[string]string{
		"not HCL":                  "resource {",
		"an unknown block":         "resources \"a\" \"b\" {}",
		"a module of a registry":   "module \"x\" {\n source = \"terraform-aws-modules/s3-bucket/aws\"\n}",
		"a module of a repository": "module \"x\" {\n source = \"git::https://example.org/x.git\"\n}",
		"a module out of the tree": "module \"x\" {\n source = \"../../../etc\"\n}",
		"a module by a variable":   "variable \"v\" {}\nmodule \"x\" {\n source = var.v\n}",
		"a file of the host":       "locals { a = file(\"/etc/passwd\") }\noutput \"a\" { value = local.a }",
		"a file beside it":         "resource \"aws_iam_policy\" \"p\" {\n policy = file(\"policy.json\")\n}",
		"a template":               "locals { a = templatefile(\"x.tpl\", {}) }",
		"files by their names":     "locals { a = fileset(\".\", \"*\") }",
		"a provider's function":    "locals { a = provider::x::y(1) }",
		"each of what is unknown":  "variable \"v\" {}\nresource \"aws_s3_bucket\" \"b\" {\n for_each = var.v\n bucket = each.key\n}",
	} {
		measured := sourcesOf(t, map[string]string{"infrastructure/main.tf": text})
		if !strings.Contains(summary(measured), "source_not_examined infrastructure") || strings.Contains(summary(measured), "sources_not_examined : 0") {
			t.Errorf("%s:\n%s", name, summary(measured))
		}
	}
	measured := sourcesOf(t, map[string]string{"a.tf": "variable \"region\" {}\nvariable \"zone\" {}\n"})
	tells(t, measured, "source_variables_unset : 2", "sources_not_examined : 0")
}

// A few lines that ask for more than there is end in time, and are not passed.
func TestTerraformWithoutBoundsEndsInTime(t *testing.T) {
	for name, text := range map[string]string{
		"a huge count":       "resource \"aws_s3_bucket\" \"b\" {\n count = 2000000000\n bucket = \"b\"\n}",
		"a module of itself": "module \"x\" {\n source = \"./\"\n}",
		"products":           "locals {\n r = range(1024)\n p = setproduct(local.r, local.r, local.r)\n}",
		"laughs":             laughs(40),
		"an expensive hash":  "locals { a = bcrypt(\"x\", 31) }",
		"very deep":          "locals { a = " + strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000) + " }",
	} {
		started, examined := time.Now(), newExamination()
		examined.patience = 2 * time.Second
		if err := examined.terraform(t.Context(), map[string][]byte{"main.tf": []byte(text)}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); len(examined.unread) == 0 || took > evaluationTime {
			t.Errorf("%s: after %s: %v", name, took, examined.unread)
		}
		t.Logf("%s: %v", name, examined.unread)
	}
}

// laughs is a text that doubles so many times.
func laughs(times int) string {
	var text strings.Builder
	fmt.Fprintf(&text, "locals {\n a0 = %q\n", strings.Repeat("x", 1000))
	for i := range times {
		fmt.Fprintf(&text, " a%d = \"${local.a%d}${local.a%d}\"\n", i+1, i, i)
	}
	return text.String() + "}\n"
}

// Locals that need each other are an error to Terraform; here they are unknown.
func TestLocalsInACircleEnd(t *testing.T) {
	started := time.Now()
	sourcesOf(t, map[string]string{"main.tf": "locals {\n a = local.b\n b = local.a\n}\nresource \"aws_s3_bucket\" \"b\" {\n bucket = local.a\n}\n"})
	if took := time.Since(started); took > evaluationTime {
		t.Errorf("it took %s", took)
	}
}

func TestCheckingSourcesEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tree := fstest.MapFS{"main.tf": {Data: []byte(bucket)}, "Dockerfile": {Data: []byte(safeDockerfile)}}
	if measured, err := measureSources(ctx, tree); err == nil {
		t.Errorf("measured %s", summary(measured))
	}
}

func TestTooManyFoldersAreAnError(t *testing.T) {
	files := map[string][]byte{}
	for i := range maxFolders + 1 {
		files[strings.Repeat("a", i+1)+"/main.tf"] = nil
	}
	examined := newExamination()
	if err := examined.terraform(t.Context(), files); err == nil {
		t.Error("they are examined")
	}
}

// The evaluator answers whatever it is asked, in one process of its own.
func TestTheEvaluatorNeedsNoEnvironment(t *testing.T) {
	t.Setenv("TF_VAR_closed", "true") // of whoever runs the reconciler
	answer, err := evaluation{Files: map[string][]byte{"a.tf": []byte(bucket)}, Folder: "."}.evaluate(t.Context(), evaluationTime)
	if err != nil {
		t.Fatal(err)
	}
	state, err := json.Marshal(answer.State)
	// Unset is the greatest integer, which no float holds; and closed is false.
	greatest, isOpen := `"value":9223372036854775807}`, regexp.MustCompile(`"blockpublicacls":\{.*?"unresolvable":false,"value":false\}`)
	if err != nil || len(answer.Unread) != 0 || !strings.Contains(string(state), greatest) || !isOpen.Match(state) {
		t.Errorf("%s, %v, %v", state, answer.Unread, err)
	}
}
