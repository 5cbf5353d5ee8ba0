package security

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aquasecurity/trivy/pkg/iac/rego"
	"github.com/aquasecurity/trivy/pkg/iac/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Bounds on what describes images and infrastructure.
const (
	maxSourceFile = 1 << 20
	maxFolders    = 32 // with Terraform, each with its sets of variables
	sourcesTime   = 3 * time.Minute
)

// The kinds of sources, in the order in which they are told.
const (
	dockerfiles = "dockerfile"
	terraform   = "terraform"
)

// fault is one check that one source does not pass.
type fault struct {
	kind, check, place, severity, title string
}

// examination is what was looked at, and what was found. What could not be
// looked at is in unread: nothing is wrong with what nobody has seen.
type examination struct {
	files     map[string]int // by kind
	evaluated map[string]int // checks, by kind
	faults    map[fault]bool
	unread    map[string]string // path to reason
	unset     map[string]bool   // variables of Terraform without a value
	patience  time.Duration     // with one folder of Terraform
}

func newExamination() *examination {
	return &examination{map[string]int{}, map[string]int{}, map[fault]bool{}, map[string]string{}, map[string]bool{}, evaluationTime}
}

// measureSources checks the Dockerfiles and the Terraform of the repository with
// the checks that are embedded in Trivy. Comments that ask Trivy to ignore a
// finding are ignored: what a rule need not hold for is said in a waiver.
func measureSources(ctx context.Context, tree fs.FS) ([]evidence.Measurement, error) {
	if tree == nil {
		return nil, nil // nothing is known of it, and rules deny that
	}
	ctx, cancel := context.WithTimeout(ctx, sourcesTime)
	defer cancel()
	examined := newExamination()
	files, err := examined.read(ctx, tree)
	if err != nil {
		return nil, err
	}
	infrastructure := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if isTerraform(name) {
			examined.files[terraform]++
			infrastructure[name] = files[name]
			continue
		}
		examined.files[dockerfiles]++
		if err := examined.dockerfile(ctx, name, files[name]); err != nil {
			return nil, fmt.Errorf("checking %s: %w", name, err)
		}
	}
	if err := examined.terraform(ctx, infrastructure); err != nil {
		return nil, err
	}
	return examined.tell(), nil
}

func (e *examination) read(ctx context.Context, tree fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	_, err := eachFile(ctx, tree, func(name string, content io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(content, maxSourceFile+1))
		if len(text) > maxSourceFile {
			e.unread[name] = fmt.Sprintf("it is larger than %d bytes", maxSourceFile)
			return err
		}
		files[name] = text
		return err
	})
	return files, err
}

func isTerraform(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, end := range []string{".tf", ".tofu", ".tfvars"} {
		if strings.HasSuffix(base, end) || strings.HasSuffix(base, end+".json") {
			return true
		}
	}
	return false
}

// check evaluates the embedded checks of one kind over one input.
func (e *examination) check(ctx context.Context, kind string, source types.Source, input rego.Input) error {
	scanner, err := checks()
	if err != nil {
		return err
	}
	results, err := scanner.ScanInput(ctx, source, input)
	if err != nil {
		return err
	}
	if ctx.Err() != nil { // Trivy logs it for a check, and goes on
		return ctx.Err()
	}
	e.evaluated[kind] += len(results)
	for _, result := range results.GetFailed() {
		rule, at := result.Rule(), result.Range()
		place := at.GetFilename()
		if place == "" {
			place = input.Path
		}
		if line := at.GetStartLine(); line > 0 {
			place = fmt.Sprintf("%s:%d", place, line)
		}
		e.faults[fault{kind, strings.TrimPrefix(rule.AVDID, "AVD-"), place, rated(string(result.Severity())), rule.Summary}] = true
	}
	return nil
}

func (e *examination) tell() []evidence.Measurement {
	found := slices.SortedFunc(maps.Keys(e.faults), func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.check, b.check), cmp.Compare(a.place, b.place), cmp.Compare(a.title, b.title))
	})
	total := map[string]int{}
	var named []evidence.Measurement
	for _, one := range found {
		total[one.kind+" "+one.severity]++
		if severe(one.severity) && len(named) < maxListed {
			named = append(named, item("source_misconfiguration", one.check+" "+one.place, one.severity+": "+one.title))
		}
	}
	var measured []evidence.Measurement
	for _, kind := range []string{dockerfiles, terraform} {
		looked := count("source_files", e.files[kind], e.files[kind])
		looked.Group = kind
		measured = append(measured, looked)
		for _, severity := range severities {
			counted := count("source_misconfigurations", total[kind+" "+severity], e.evaluated[kind])
			counted.Group = kind + " " + severity
			measured = append(measured, counted)
		}
	}
	measured = append(measured,
		count("sources_not_examined", len(e.unread), e.files[dockerfiles]+e.files[terraform]),
		count("source_variables_unset", len(e.unset), e.files[terraform]))
	for _, name := range slices.Sorted(maps.Keys(e.unread)) {
		if len(named) < 2*maxListed {
			named = append(named, item("source_not_examined", name, e.unread[name]))
		}
	}
	return append(measured, named...)
}
