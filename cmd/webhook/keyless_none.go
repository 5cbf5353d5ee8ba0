//go:build !keyless

package main

import "github.com/mlops-clinical-trials/assay/webhook"

// readRoot is nil: a door whose signers all have keys links nothing to verify
// certificates with.
var readRoot webhook.ReadRoot
