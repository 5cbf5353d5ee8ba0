package modelfile

// operations of TensorFlow that reach out of the graph, and how. A graph that
// was trained and exported needs none of them.
var operations = map[string]string{
	"ReadFile": "reads files", "WriteFile": "writes files", "MatchingFiles": "lists files",
	"WholeFileReader": "reads files", "WholeFileReaderV2": "reads files", "TextLineReader": "reads files", "TextLineReaderV2": "reads files",
	"FixedLengthRecordReader": "reads files", "FixedLengthRecordReaderV2": "reads files", "TFRecordReader": "reads files", "TFRecordReaderV2": "reads files",
	"TextLineDataset": "reads files", "TFRecordDataset": "reads files", "FixedLengthRecordDataset": "reads files", "FixedLengthRecordDatasetV2": "reads files",
	"MatchingFilesDataset": "lists files", "SnapshotDataset": "writes files", "SnapshotDatasetV2": "writes files", "CacheDataset": "writes files", "CacheDatasetV2": "writes files",
	"Save": "writes files", "SaveSlices": "writes files", "PrintV2": "may write files", "WriteSummary": "writes files",
	"CreateSummaryFileWriter": "writes files", "LoadDataset": "reads files", "SaveDataset": "writes files", "SaveDatasetV2": "writes files",
	"DebugIdentity": "writes to a place of its choosing", "DebugIdentityV2": "writes to a place of its choosing",
	"DebugNumericSummary": "writes to a place of its choosing",
	"PyFunc":              "calls Python", "PyFuncStateless": "calls Python", "EagerPyFunc": "calls Python",
	"LoadLibrary": "loads machine code", "RemoteCall": "runs elsewhere", "RpcCall": "speaks to the network", "TryRpc": "speaks to the network", "Rpc": "speaks to the network",
	"CollectiveInitializeCommunicator": "speaks to the network", "DataServiceDataset": "speaks to the network", "DataServiceDatasetV2": "speaks to the network",
	"SqlDataset": "opens a database", "BigQueryReader": "speaks to the network",
}

// The messages of tensorflow/core/protobuf/{saved_model,meta_graph}.proto and
// tensorflow/core/framework/{graph,function,node_def}.proto that lead to nodes.
var (
	graphNodes    = messages{leaf: visitor.operation}
	graphFunction = messages{inner: map[uint64]*messages{3: &graphNodes}}
	graphLibrary  = messages{inner: map[uint64]*messages{1: &graphFunction}}
	graphDef      = messages{inner: map[uint64]*messages{1: &graphNodes, 2: &graphLibrary}}
	metaGraph     = messages{inner: map[uint64]*messages{2: &graphDef, 6: {leaf: visitor.asset}}}
	savedModel    = messages{inner: map[uint64]*messages{2: &metaGraph}}

	// What Keras keeps beside the graph: the config of each layer, as JSON
	// (keras/protobuf/saved_metadata.proto).
	kerasMetadata = messages{inner: map[uint64]*messages{1: {leaf: visitor.layer}}}
)

// lookSavedModel knows a SavedModel, a graph by itself, and Keras's metadata,
// each by what stands in its first part.
func lookSavedModel(i *inspector, s source, at place) (sight, bool) {
	root := s.message()
	schema, ok := graphSchema(root, i.step)
	if !ok {
		return sight{}, false
	}
	v := visitor{inspector: i, at: at}
	v.broke("a graph", v.walk(root, schema, 0))
	return seen(SavedModel), true
}

func graphSchema(root message, step func() bool) (messages, bool) {
	has := root.have(step)
	inner := root.first(1).have(step)
	switch {
	case only(has, varint(1), bytesOf(2)):
		meta := root.first(2).have(step)
		return savedModel, only(meta, bytesOf(1), bytesOf(2), bytesOf(3), bytesOf(4), bytesOf(5), bytesOf(6), bytesOf(7))
	case only(has, bytesOf(1)) && inner[bytesOf(5)] > 0 && only(inner, varint(2), bytesOf(3), bytesOf(4), bytesOf(5), bytesOf(6)):
		return kerasMetadata, true
	case only(has, bytesOf(1), bytesOf(2), varint(3), bytesOf(4)):
		named := inner[bytesOf(1)] == 1 && inner[bytesOf(2)] == 1
		return graphDef, named && only(inner, bytesOf(1), bytesOf(2), bytesOf(3), bytesOf(4), bytesOf(5), bytesOf(6), bytesOf(7))
	}
	return messages{}, false
}

func (v visitor) operation(m message) error {
	texts := m.texts()
	if does := operations[texts[2]]; does != "" {
		v.find(v.at, Calls, texts[2]+", which "+does, m.at)
	}
	return nil
}

// asset is a file that a graph reads when it is loaded, under assets/.
func (v visitor) asset(m message) error {
	if name := m.texts()[2]; leavesFolder(name) {
		v.find(v.at, Outside, "keeps an asset in "+shorten(name), m.at)
	}
	return nil
}

func (v visitor) layer(m message) error {
	return m.fields(func(f field) error {
		if f.number != 5 || f.wire != wireBytes {
			return nil
		}
		said, ok := v.read(m.source, f.at, f.size)
		document, err := parseJSON(said, v.step)
		if !ok || err != nil {
			v.find(v.at, Unread, "the config of a layer is no JSON that is read", f.at)
		}
		v.config(document, v.at)
		return nil
	})
}
