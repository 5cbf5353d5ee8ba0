# METADATA
# title: "A model is served by the image that was scanned with it"
# custom:
#   clause: "SOC 2 CC6.8"
#   remedy: "serve the model with the image of model.yaml, by digest, or promote a change of the image"
package workload.serving_image

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { served(use) }
}

# Every container that can read the model runs an image that was scanned.
served(use) if {
	count(input.workload.images) > 0
	every image in input.workload.images { scanned(image, use) }
}

served(use) if use.released == false

# A reference that is not pinned has no digest, and was not scanned.
scanned(image, use) if {
	image.digest == use.image
	image.digest != ""
}

message := sprintf("container %s runs %s, which was not scanned for this model", [image.container, image.reference]) if {
	image := [x |
		some use in input.workload.models
		not served(use)
		some x in input.workload.images
		not scanned(x, use)
	][0]
}
