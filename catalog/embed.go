// Package catalog is a promotion repository that people can copy, with three
// real cancer models and their data. `assay init` writes it out.
package catalog

import "embed"

// FS is the repository, without this file.
//
//go:embed README.md assay.yaml clusters datasets environments models policies qualification.json
var FS embed.FS
