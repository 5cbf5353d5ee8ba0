package security

import (
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"path"
	"slices"
	"strings"

	adapter "github.com/aquasecurity/trivy/pkg/iac/adapters/terraform"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/terraform/parser"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/tools/txtar"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// answer evaluates a folder without network and without the disk. It notes
// whatever Trivy gives up on, since that would be left out of the checks in
// silence: it is told in lines of the log, or not at all.
func (e evaluation) answer(ctx context.Context) (evaluated, error) {
	notes := &notebook{unread: map[string]bool{}, unset: map[string]bool{}}
	logger := slog.New(notes)
	slog.SetDefault(logger)
	tree, err := e.tree(notes)
	if err != nil {
		return evaluated{}, err
	}
	read := parser.New(tree, "",
		parser.OptionWithDownloads(false), parser.OptionWithSkipCachedModules(true), parser.OptionStopOnHCLError(true),
		parser.OptionWithWorkingDirectoryPath("/"), parser.OptionWithTFVarsPaths(e.Variables...), parser.OptionWithLogger(logger))
	if err := read.ParseFS(ctx, e.Folder); err != nil {
		return evaluated{}, err
	}
	for name, file := range read.Files() {
		notes.calls(name, file)
	}
	modules, err := read.EvaluateAll(ctx)
	if err != nil {
		return evaluated{}, err
	}
	return evaluated{
		State:  adapter.Adapt(modules).ToRego(),
		Unread: slices.Sorted(maps.Keys(notes.unread)), Unset: slices.Sorted(maps.Keys(notes.unset)),
	}, nil
}

// maxNotes bounds what one folder may have told about it.
const maxNotes = 50

// notebook keeps what was not followed. It is a handler of the log.
type notebook struct{ unread, unset map[string]bool }

func (n *notebook) note(text string) {
	if len(n.unread) < maxNotes {
		n.unread[evidence.Line(text)] = true
	}
}

// calls notes functions that the evaluator does not have, such as those of
// providers: what they would give is taken for unknown, and unknown passes. Of
// fileset it has another one, that sees only the sources.
func (n *notebook) calls(name string, file *hcl.File) {
	body, native := file.Body.(*hclsyntax.Body)
	if !native {
		return
	}
	known := parser.Functions(nil, "")
	delete(known, "fileset")
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		if call, is := node.(*hclsyntax.FunctionCallExpr); is {
			if _, has := known[call.Name]; !has {
				n.note(name + " calls " + call.Name)
			}
		}
		return nil
	})
}

// Enabled is for all lines: a block that cannot be expanded is one of debug.
func (*notebook) Enabled(context.Context, slog.Level) bool { return true }

// Handle reads what Trivy tells.
func (n *notebook) Handle(_ context.Context, record slog.Record) error {
	if record.Level >= slog.LevelError || strings.HasPrefix(record.Message, "Failed to expand") {
		text := strings.TrimSuffix(record.Message, ".")
		record.Attrs(func(attribute slog.Attr) bool {
			if attribute.Key != "value" { // may be a secret
				text += ", " + attribute.String()
			}
			return true
		})
		n.note(text)
	}
	record.Attrs(func(attribute slog.Attr) bool {
		if attribute.Key == "variables" && record.Level == slog.LevelWarn {
			for name := range strings.SplitSeq(attribute.Value.String(), ", ") {
				n.unset[name] = true
			}
		}
		return true
	})
	return nil
}

// WithAttrs and WithGroup change nothing: who tells it does not matter.
func (n *notebook) WithAttrs([]slog.Attr) slog.Handler { return n }
func (n *notebook) WithGroup(string) slog.Handler      { return n }

// tree is the files that may be read. A file that is asked for and not there is
// noted: only sources are, and what another file says may matter.
func (e evaluation) tree(notes *notebook) (fs.FS, error) {
	archive := &txtar.Archive{}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: e.Files[name]})
	}
	files, err := txtar.FS(archive)
	return noted{files, notes}, err
}

type noted struct {
	fs.FS
	notes *notebook
}

func (t noted) Open(name string) (fs.File, error) {
	file, err := t.FS.Open(name)
	if err != nil && path.Base(name) != path.Base(parser.ManifestSnapshotFile) {
		t.notes.note("it reads " + name + ", which is not among the sources")
	}
	return file, err
}
