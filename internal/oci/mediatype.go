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

// evidenceType is the artifact type of evidence and the media type of each
// envelope in it (https://github.com/secure-systems-lab/dsse).
const evidenceType = "application/vnd.dsse.envelope.v1+json"

// Bounds on what is written, and so on what is believed when read.
const (
	maxManifest   = 8 << 20   // bytes of any manifest or list of referrers
	maxConfig     = 1 << 20   // bytes of a model's config
	maxFile       = 512 << 20 // bytes of one file of a model
	maxModel      = 1 << 30   // bytes of all its files
	maxFiles      = 1024
	maxEnvelope   = 8 << 20 // bytes
	maxReferrers  = 64
	maxEnvelopes  = 64   // about one subject
	maxAnnotation = 256  // bytes of a value that people read
	emptyConfig   = "{}" // evidence needs no config, but an image manifest does
)
