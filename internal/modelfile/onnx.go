package modelfile

import (
	"io/fs"
	"path"
)

// The numbers of fields in onnx/onnx.proto (1.23).
const (
	modelVersion   = 1 // ir_version
	modelGraph     = 7
	modelTraining  = 20
	modelFunctions = 25

	graphNode        = 1
	graphInitializer = 5
	graphSparse      = 15

	nodeOp         = 4
	nodeAttributes = 5
	nodeDomain     = 7

	functionNode   = 7
	functionDomain = 10

	tensorExternal = 13
)

// domains are those whose operators every runtime brings itself.
var domains = map[string]bool{
	"": true, "ai.onnx": true, "ai.onnx.ml": true, "ai.onnx.training": true, "ai.onnx.preview.training": true, "ai.onnx.preview": true,
}

// lookONNX knows a message of a version and a graph.
func lookONNX(i *inspector, s source, at place) (sight, bool) {
	root := s.message()
	has := root.have(i.step)
	if has[varint(modelVersion)] != 1 || has[bytesOf(modelVersion)] > 0 || has[bytesOf(modelGraph)] == 0 {
		return sight{}, false
	}
	v := visitor{i, at, map[string]bool{}}
	err := v.walk(root, functionMessages, 0)
	if err == nil {
		err = v.walk(root, modelMessages, 0)
	}
	v.broke("an ONNX model", err)
	return seen(ONNX), true
}

// What is walked of a model: the domains of the functions that it holds itself,
// then everything that holds a node or a tensor.
var (
	modelMessages, graphMessages, nodeMessages, attributeMessages messages

	functionMessages = messages{inner: map[uint64]*messages{modelFunctions: {leaf: visitor.function}}}
	tensorMessages   = messages{leaf: visitor.tensor}
	sparseMessages   = messages{inner: map[uint64]*messages{1: &tensorMessages, 2: &tensorMessages}}
)

func init() { // a graph holds nodes, which hold attributes, which hold graphs
	function := &messages{inner: map[uint64]*messages{functionNode: &nodeMessages, 11: &attributeMessages}}
	training := &messages{inner: map[uint64]*messages{1: &graphMessages, 2: &graphMessages}}
	modelMessages = messages{inner: map[uint64]*messages{modelGraph: &graphMessages, modelTraining: training, modelFunctions: function}}
	graphMessages = messages{inner: map[uint64]*messages{graphNode: &nodeMessages, graphInitializer: &tensorMessages, graphSparse: &sparseMessages}}
	nodeMessages = messages{leaf: visitor.node, inner: map[uint64]*messages{nodeAttributes: &attributeMessages}}
	attributeMessages = messages{inner: map[uint64]*messages{
		5: &tensorMessages, 10: &tensorMessages, 6: &graphMessages, 11: &graphMessages, 22: &sparseMessages, 23: &sparseMessages,
	}}
}

func (v visitor) function(m message) error {
	v.local[m.texts()[functionDomain]] = true
	return nil
}

// node reports an operator that the runtime has only where somebody has loaded
// a library of operators into it.
func (v visitor) node(m message) error {
	texts := m.texts()
	if domain := texts[nodeDomain]; !domains[domain] && !v.local[domain] {
		v.find(v.at, Imports, "operator "+shorten(domain+"."+texts[nodeOp])+", which is code beside the model", m.at)
	}
	return nil
}

// tensor follows the path under which a tensor keeps its numbers
// (https://github.com/onnx/onnx/blob/main/docs/ExternalData.md: relative to the
// model's folder).
func (v visitor) tensor(m message) error {
	return m.fields(func(f field) error {
		if f.number != tensorExternal || f.wire != wireBytes {
			return nil
		}
		if entry := m.inner(f).texts(); entry[1] == "location" {
			v.location(entry[2], f.at)
		}
		return nil
	})
}

func (v visitor) location(named string, offset int64) {
	if leavesFolder(named) {
		v.find(v.at, Outside, "keeps numbers in "+shorten(named), offset)
		return
	}
	if v.at.inside != "" {
		return // beside the archive, wherever that is unpacked
	}
	beside := path.Join(path.Dir(v.file.Path), named)
	if about, err := fs.Stat(v.model, beside); err != nil || !about.Mode().IsRegular() {
		v.find(v.at, Outside, "keeps numbers in "+shorten(named)+", which is no file of the model", offset)
	}
}
