"""Makes the files beside it. Run once, with Python 3.11 and

    numpy 2.4.6, joblib 1.6.0, h5py 3.16.0, safetensors 0.8.0, onnx 1.23.2, gguf 0.19.0

No file does more than `echo` when it is loaded. The PyTorch files are written
without PyTorch, byte for byte as torch.save lays them out.
"""
import io, json, os, pickle, struct, sys, types, zipfile

import gguf, h5py, joblib, numpy as np, onnx, safetensors.numpy
from onnx import TensorProto, helper


class Evil:
    def __reduce__(self):
        return (os.system, ("echo loaded",))


weights = {"name": "wdbc", "weights": [0.25, -1.5], "classes": {1, 2}, "shape": (1, 2, 3, 4), "big": 2**70, "raw": b"x" * 300}
for protocol in range(6):
    pickle.dump(weights, open(f"plain{protocol}.pkl", "wb"), protocol=protocol)
    pickle.dump({"weights": [0.25], "model": Evil()}, open(f"evil{protocol}.pkl", "wb"), protocol=protocol)

arrays = {"a": np.arange(10.0), "text": np.array(["x", "yy"]), "objects": np.array([{}, "o"], dtype=object), "last": np.arange(3.0)}
joblib.dump(arrays, "arrays.joblib")
joblib.dump(arrays, "packed.joblib", compress=3)
joblib.dump({"a": np.arange(10.0), "objects": np.array([Evil()], dtype=object), "last": np.arange(3.0)}, "evil.joblib")
joblib.dump({"a": np.arange(3.0)}, "lzma.joblib", compress=("lzma", 3))

np.save("matrix.npy", np.arange(6).reshape(2, 3))
np.save("text.npy", np.array(["a", "bb"]))
np.save("dates.npy", np.array(["2020-01-01"], dtype="M8[s]"))
np.save("objects.npy", np.array([{}, Evil()], dtype=object), allow_pickle=True)
np.save("record.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i2")]))
np.savez("arrays.npz", a=np.arange(3), b=np.ones((2, 2)))
np.savez_compressed("objects.npz", a=np.array([Evil()], dtype=object), b=np.arange(4))

safetensors.numpy.save_file({"w": np.ones((2, 3), "f4"), "b": np.zeros(3, "i8")}, "model.safetensors", metadata={"by": "make.py"})


def network(location="", domain=""):
    x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 3]) for n in "XY")
    w = helper.make_tensor("w", TensorProto.FLOAT, [3], [1.0, 2.0, 3.0])
    if location:
        w = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3], data_location=TensorProto.EXTERNAL)
        w.external_data.add(key="location", value=location)
    graph = helper.make_graph([helper.make_node("Add", ["X", "w"], ["Y"], domain=domain)], "g", [x, y][:1], [y], [w])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


for name, model in {"plain": network(), "absolute": network("/etc/passwd"), "custom": network(domain="clinic.ops")}.items():
    open(name + ".onnx", "wb").write(model.SerializeToString())

writer = gguf.GGUFWriter("model.gguf", "llama")
writer.add_chat_template("{{ messages }}")
writer.add_array("tokenizer.ggml.tokens", ["a", "b"])
writer.add_tensor("t", np.ones((4, 8), "f4"))
writer.add_tensor("u", np.ones((3,), "f4"))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()


def keras(path, layer, **options):
    with h5py.File(path, "w", **options) as f:
        f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": layer, "config": {}}]}}).encode()
        f.create_dataset("model_weights/a/kernel:0", data=np.ones((3, 2), "f4"))


keras("dense.h5", "Dense")
keras("lambda.h5", "Lambda")
keras("lambda-latest.h5", "Lambda", libver="latest")
keras("lambda-userblock.h5", "Lambda", userblock_size=512)
with h5py.File("fixed.h5", "w") as f:
    f.attrs["model_config"] = np.bytes_(b'{"class_name": "Lambda"}')
with h5py.File("outside.h5", "w") as f:
    f["link"] = h5py.ExternalLink("/etc/passwd", "/x")
    f["soft"] = h5py.SoftLink("/link")
    f.create_dataset("group/raw", (10,), dtype="u1", external=[("/etc/passwd", 0, 10)])
    layout = h5py.VirtualLayout((4,), dtype="u1")
    layout[:] = h5py.VirtualSource("/etc/hosts", "x", shape=(4,))
    f.create_virtual_dataset("virtual", layout)
with h5py.File("heap.h5", "w", libver="latest") as f:
    for n in range(12):
        f.attrs[f"a{n}"] = 1

# PyTorch: the names that its pickles import, without PyTorch.
torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
def _rebuild_tensor_v2(*args): return args
_rebuild_tensor_v2.__module__ = "torch._utils"
_rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
torch.FloatStorage, utils._rebuild_tensor_v2, torch._utils = FloatStorage, _rebuild_tensor_v2, utils
sys.modules.update({"torch": torch, "torch._utils": utils})


class Storage:
    key = "0"


class Tensor:
    def __reduce__(self):
        from collections import OrderedDict
        return (_rebuild_tensor_v2, (Storage(), 0, (3,), (1,), False, OrderedDict()))


class Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        return ("storage", FloatStorage, thing.key, "cpu", 3) if isinstance(thing, Storage) else None


def pickled(thing):
    into = io.BytesIO()
    Pickler(into, protocol=2).dump(thing)
    return into.getvalue()


numbers = struct.pack("<3f", 1, 2, 3)
for name, thing in {"plain.pt": {"w": Tensor()}, "evil.pt": {"w": Tensor(), "x": Evil()}}.items():
    with zipfile.ZipFile(name, "w") as z:
        for member, content in {"data.pkl": pickled(thing), "byteorder": b"little", "data/0": numbers, "version": b"3\n"}.items():
            z.writestr(zipfile.ZipInfo("archive/" + member, (1980, 1, 1, 0, 0, 0)), content)
with open("legacy.pt", "wb") as f:
    for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
        f.write(pickle.dumps(part, protocol=2))
    f.write(pickled({"w": Tensor()}) + pickle.dumps(["0"], protocol=2) + struct.pack("<q", 3) + numbers)
