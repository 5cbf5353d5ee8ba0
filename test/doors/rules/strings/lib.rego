# What a pod reaches, of the models of one repository and by a URI that a process
# could fetch, wherever it is written: what the door of Assay looks at, except for
# the keys of maps and for digests without a repository.
package lib.models

uses(pod, repository) := (mounted(pod) | imaged(pod, repository)) | named(pod, repository)

mounted(pod) := {use("image_volume", volume.image.reference) | some volume in pod.spec.volumes}

imaged(pod, repository) := {use("container_image", container.image) |
	some container in containers(pod)
	names(container.image, repository)
}

named(pod, repository) := {use("environment", text) |
	walk(pod, [path, text])
	is_string(text)
	names(text, repository)
	not elsewhere(path)
}

names(text, repository) if contains(lower(text), repository)

names(text, _) if regex.match(`(?i)(?:^|[^a-z0-9+.-])(?:s3[an]?|gs|hf|az|azure|abfss?|wasbs?|oci)://`, text)

# What is mounted and what runs is told by the other two.
elsewhere(["spec", "volumes", _, "image", "reference"])

elsewhere(["spec", _, _, "image"])

containers(pod) := [container |
	some field in ["initContainers", "containers", "ephemeralContainers"]
	some container in pod.spec[field]
]

use(how, reference) := {"how": how, "reference": reference, "digest": digest(reference)}

# A reference with a tag beside its digest is not pinned.
digest(reference) := text if {
	[name, text] := split(reference, "@")
	not contains(regex.replace(name, `^.*/`, ""), ":")
	pinned(text)
}

else := ""

pinned(digest) if regex.match(`^sha256:[0-9a-f]{64}$`, digest)

# Whatever reads the model runs the image that was scanned with it.
served(pod, image) if {
	all := containers(pod)
	count(all) > 0
	every container in all { digest(container.image) == image }
}
