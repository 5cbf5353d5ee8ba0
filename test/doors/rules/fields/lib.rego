# What a pod reaches, of the models of one repository, by the fields where a
# reference usually stands. That is less than the door of Assay looks at: whoever
# writes one into a probe or a storage driver's attributes gets past these rules.
package lib.models

uses(pod, repository) := (mounted(pod) | imaged(pod, repository)) | named(pod, repository)

mounted(pod) := {use("image_volume", volume.image.reference) | some volume in pod.spec.volumes}

imaged(pod, repository) := {use("container_image", container.image) |
	some container in containers(pod)
	contains(container.image, repository)
}

named(pod, repository) := {use("environment", text) |
	some text in texts(pod)
	contains(lower(text), repository)
}

containers(pod) := [container |
	some field in ["initContainers", "containers", "ephemeralContainers"]
	some container in pod.spec[field]
]

texts(pod) := {variable.value | some container in containers(pod); some variable in container.env} | ({text |
	some container in containers(pod)
	some field in ["args", "command"]
	some text in container[field]
} | {text | some text in pod.metadata.annotations})

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
