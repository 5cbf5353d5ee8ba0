# METADATA
# title: "The image that trains the model has no more known vulnerabilities than agreed"
# custom:
#   clause: "NIST SP 800-190 4.1; NIST SP 800-218 PO.5.1"
#   remedy: "rebuild the training image with the fixed packages and put its new digest into model.yaml; run a command in an image, by digest"
package model.security.training_image

import data.lib

satisfied if {
	none
	images.method != ""
}

satisfied if {
	lib.value(images) == 1
	lib.value(lib.overall("security", "training_packages_scanned")) > 0
	lib.value(lib.overall("security", "training_operating_system_supported")) == 1
	critical <= lib.limits.security.training_critical_max
	high <= lib.limits.security.training_high_max
}

images := lib.overall("security", "training_images")

# That there was no image to look at has to be said, and why.
none if lib.value(images) == 0

critical := lib.value(lib.one("security", "training_vulnerabilities", "critical"))

high := lib.value(lib.one("security", "training_vulnerabilities", "high"))

message := sprintf("there is no training image: %s", [images.method]) if {
	none
	images.method != ""
}

message := "the model was trained by a command, in no image that could be looked at" if {
	none
	images.method == ""
}

message := sprintf("the training image has %v critical (limit %v) and %v high (limit %v) vulnerabilities in %s packages; advisories for its operating system: %s%s", [
	critical, lib.limits.security.training_critical_max, high, lib.limits.security.training_high_max,
	lib.overall("security", "training_packages_scanned").value, system, named,
]) if {
	not none
}

system := "yes" if lib.value(lib.overall("security", "training_operating_system_supported")) == 1

system := "none" if lib.value(lib.overall("security", "training_operating_system_supported")) == 0

named := concat("", [sprintf("; %s, %s", [m.group, m.method]) | some i, m in lib.named("security", "training_vulnerability"); i < 5])
