package subject

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

// Models is how text is known to speak of a model.
type Models struct {
	Repositories []string          // host[:port]/path, in lower case
	Known        func(string) bool // whether a digest is that of a release
}

// Project reduces an object to its images, its storage and the ways in which it
// reaches a model. What is done with it, and where, only a request says.
func Project(asked metav1.GroupVersionResource, subresource string, raw []byte, configured []Workload, models Models) (judge.Workload, error) {
	read, err := formOf(asked, subresource, configured)
	if err != nil {
		return judge.Workload{}, err
	}
	return read.workload(raw, models)
}

// Mentions lists the models that an object of any kind names in any string.
func Mentions(raw []byte, models Models) ([]judge.ModelUse, error) {
	workload, err := form{read: readWhole}.workload(raw, models)
	return workload.Models, err
}

func (f form) workload(raw []byte, models Models) (judge.Workload, error) {
	object, err := f.read(raw)
	if err != nil {
		return judge.Workload{}, err
	}
	workload, err := project(object, models)
	workload.Kind, workload.Name = f.kind, object.name
	return workload, err
}
