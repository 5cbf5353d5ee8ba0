package modelfile

// harmless are the names that a pickle may import and call without being able
// to do more than make data, with the reason. Every other name is reported:
// a list of dangerous names would never be complete, since any function of any
// installed package will do (Slaviero, "Sour Pickles", Black Hat 2011).
//
// What looks as harmless and is not here: builtins.getattr and
// operator.attrgetter reach any attribute of anything; torch.storage.
// _load_from_bytes and numpy.load unpickle their argument; functools.partial
// keeps a call for later; builtins.type and types.CodeType make code.
var harmless = reasons(map[string][]string{
	"makes a container or a number": {
		"collections.OrderedDict", "collections.deque", "collections.Counter",
		"builtins.set", "builtins.frozenset", "builtins.list", "builtins.dict", "builtins.tuple", "builtins.slice",
		"builtins.int", "builtins.float", "builtins.complex", "builtins.bool", "builtins.str", "builtins.bytes",
		"builtins.bytearray", "builtins.range", "builtins.object",
		"__builtin__.set", "__builtin__.frozenset", "__builtin__.list", "__builtin__.dict", "__builtin__.tuple",
		"__builtin__.int", "__builtin__.long", "__builtin__.float", "__builtin__.complex", "__builtin__.bool",
		"__builtin__.str", "__builtin__.unicode", "__builtin__.bytearray", "__builtin__.xrange", "__builtin__.object",
		"datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.timezone",
		"decimal.Decimal", "fractions.Fraction", "uuid.UUID",
	},
	"turns text into bytes: how protocols before 3 write them": {"_codecs.encode"},
	"makes an object of a class that is itself imported":       {"copyreg._reconstructor", "copy_reg._reconstructor"},
	"makes an array, a number or a type of numpy": {
		"numpy.ndarray", "numpy.dtype",
		"numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
		"numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
		"numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
		"numpy.bool_", "numpy.int8", "numpy.int16", "numpy.int32", "numpy.int64", "numpy.uint8", "numpy.uint16",
		"numpy.uint32", "numpy.uint64", "numpy.float16", "numpy.float32", "numpy.float64", "numpy.complex64", "numpy.complex128",
	},
	"stands for an array that follows in the stream": {arrayWrapper},
	"makes a tensor of storages (torch.load allows it with weights_only=True)": {
		"torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter",
		"torch._utils._rebuild_parameter_with_state", "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_qtensor",
		"torch.Size", "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter",
	},
	"is a kind of tensor storage (torch.load allows it with weights_only=True)": {
		"torch.FloatStorage", "torch.DoubleStorage", "torch.HalfStorage", "torch.BFloat16Storage", "torch.LongStorage",
		"torch.IntStorage", "torch.ShortStorage", "torch.CharStorage", "torch.ByteStorage", "torch.BoolStorage",
		"torch.ComplexFloatStorage", "torch.ComplexDoubleStorage", "torch.storage.UntypedStorage", "torch.storage.TypedStorage",
		"torch.float32", "torch.float64", "torch.float16", "torch.bfloat16", "torch.int8", "torch.int16", "torch.int32",
		"torch.int64", "torch.uint8", "torch.bool", "torch.complex64", "torch.complex128",
	},
})

func reasons(byReason map[string][]string) map[string]string {
	byName := map[string]string{}
	for reason, names := range byReason {
		for _, name := range names {
			byName[name] = reason
		}
	}
	return byName
}
