package assembly

import "strings"

const heads = "refs/heads/"

// Delivered are the tips of the environments' branches, by their names, as this
// workshop left them.
func (w *Workshop) Delivered() (map[string]string, error) {
	refs, err := w.Repository.Refs(heads + branchOf(""))
	if err != nil {
		return nil, err
	}
	tips := map[string]string{}
	for name, commit := range refs {
		tips[strings.TrimPrefix(name, heads)] = commit
	}
	return tips, nil
}
