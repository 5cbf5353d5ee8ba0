package oci

import "github.com/google/go-containerregistry/pkg/v1/types"

// Media types and annotations of CNCF ModelPack.
// https://github.com/modelpack/model-spec/blob/main/docs/spec.md
const (
	modelType       = "application/vnd.cncf.model.manifest.v1+json"
	modelConfigType = types.MediaType("application/vnd.cncf.model.config.v1+json")
	weightType      = types.MediaType("application/vnd.cncf.model.weight.v1.raw")
	filePath        = "org.cncf.model.filepath"
)

// emptyConfigType is what OCI calls the config of a manifest that needs none.
const emptyConfigType = types.MediaType("application/vnd.oci.empty.v1+json")

// Bounds on what is written, and so on what is believed when read.
const (
	maxManifest   = 8 << 20   // bytes of any manifest or list of referrers
	maxConfig     = 1 << 20   // bytes of a model's config
	maxFile       = 512 << 20 // bytes of one file of a model
	maxModel      = 1 << 30   // bytes of all its files
	maxFiles      = 1024
	maxEnvelope   = 8 << 20 // bytes
	maxReferrers  = 512     // envelopes about one subject: seven for each time that it was measured
	maxAnnotation = 256     // bytes of a value that people read
	emptyConfig   = "{}"    // evidence needs no config, but an image manifest does
)
