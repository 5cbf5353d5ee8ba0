# METADATA
# title: "Every envelope that came with the release is believed"
# custom:
#   clause: "21 CFR 11.70; DSSE"
#   remedy: "deliver the release again from the promotion repository; if a key was rotated, add the new one to the trusted signers first"
package model.evidence.verified

satisfied if input.model.problems == []

message := input.model.problems[0]
