package promotion

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Bounds on what is read of a folder that anybody may propose a change to.
const (
	waiverFiles   = "waivers/*.json"
	maxWaivers    = 256
	maxWaiverFile = 64 << 10 // bytes
)

// waivers are those in the repository that a trusted person has signed for this
// release in this environment. They travel with the evidence, and the rules say
// at every door anew whether they count. One that is not believed, or about
// something else, changes nothing.
func waivers(ctx context.Context, tools Tools, state *State) ([]evidence.Envelope, error) {
	names, err := fs.Glob(state.Request.Tree, waiverFiles)
	if err != nil {
		return nil, err
	}
	if len(names) > maxWaivers {
		return nil, fmt.Errorf("there are %d files in waivers, more than %d\nhint: remove those that have expired", len(names), maxWaivers)
	}
	var found []evidence.Envelope
	for _, name := range names {
		info, err := fs.Stat(state.Request.Tree, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if !info.Mode().IsRegular() || info.Size() > maxWaiverFile {
			return nil, fmt.Errorf("reading %s: it is not a file of at most %d bytes", name, maxWaiverFile)
		}
		text, err := fs.ReadFile(state.Request.Tree, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		statement, err := tools.Trust.Verify(ctx, text)
		if err == nil && statement.Waiver != nil && statement.Subject.Digest == state.Release.Digest &&
			statement.Waiver.Environment == state.Request.Environment {
			found = append(found, text)
		}
	}
	return found, nil
}
