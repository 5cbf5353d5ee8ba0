# METADATA
# title: "No package of the serving image has a licence that is forbidden"
# custom:
#   clause: "ISO/IEC 5230 3.3.2"
#   remedy: "replace the named packages by others, or obtain another licence and have it waived; keep the packages' copyright files in the image"
package model.security.licences

import data.lib

# An image that names no licence at all was stripped of them.
satisfied if {
	lib.value(known) > 0
	forbidden <= lib.limits.security.licences_forbidden_max
	unknown >= 0
}

known := lib.overall("security", "packages_with_licence")

forbidden := lib.value(lib.one("security", "licences", "forbidden"))

# How many are of no known class is told and not limited: no number has a source.
unknown := lib.value(lib.one("security", "licences", "unknown"))

message := sprintf("%s of %d packages of the serving image name a licence; %v licences are forbidden (limit %v)%s, %v of no known class", [
	known.value, known.n, forbidden, lib.limits.security.licences_forbidden_max, named, unknown,
])

default named := ""

named := sprintf(" (%s)", [concat(", ", first)]) if count(first) > 0

first := [m.group | some i, m in lib.named("security", "licence"); i < 5; m.method == "forbidden"]
