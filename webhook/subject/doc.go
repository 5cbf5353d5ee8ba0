// Package subject says what of a Kubernetes object reaches a model.
//
// It is a model of reading somebody else's manifest with suspicion. An object is
// read once, in one way, and held against the types of its kind (reader.go, with
// shape.go for what may stand where), or refused; the part of it that becomes pods is
// found by its kind (objects.go), or all of it is taken for that part when the
// kind belongs to another controller (custom.go); and every string of that part is
// read as a kubelet, a shell, a client of the network or a registry would read it
// (variables.go, spelling.go, schemes.go, reference.go). What is left are images,
// storage and uses of models: a [judge.Workload], about which rules can be asked.
//
// Read [Project] first, then projection.go, which walks the strings. [Request] reads
// what an API server says around the object.
//
// The package promises that nothing which it reads is left out in silence: a kind,
// a version or a field that it does not know is an error, and so is an object with
// more uses of models, longer paths or larger variables than anybody needs. It
// errs on the side of finding a model where there is none.
//
// It cannot see a reference that a process puts together for itself; what it is
// given is text, and it runs none of it.
//
// It knows Kubernetes objects and text, and fills types of the judge. It must never
// import the door, a client or a cache: what an object says is in its bytes.
package subject
