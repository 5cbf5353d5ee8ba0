// Package modelfile looks into the files of a model and says what in them can
// run code, or reach out, when somebody loads them. It executes nothing.
//
// A model is often a program. A pickle is opcodes for a machine that imports
// any name and calls it; PyTorch and joblib files are pickles with arrays
// around them; a Keras file names classes to import and may hold functions as
// bytecode; a TensorFlow graph may have nodes that write files; an ONNX model
// may keep its numbers under a path of its choosing. Scanners for packages do
// not see any of this.
//
// Start at [Inspect]. What it promises:
//
//   - What a file is, its bytes say: [File.Format] does not depend on its name.
//     What the name claims stands beside it ([File.Named]), and where the two
//     disagree that is a finding.
//   - A file may be two things at once, since a pickle ends where it says so
//     and a zip is read from its end. Both are looked into.
//   - Names that a pickle imports are reported unless they are known to be
//     harmless (imports.go); there is no list of dangerous ones to get around.
//   - Whatever a file holds, memory and time are bounded (inspector.go). What
//     was not looked into for that reason, or because it is encrypted, packed
//     by xz or zstd, or kept in a fractal heap of HDF5, is a finding of the
//     kind [Unread], never silence.
//   - The same files give the same answer, in the same order.
//
// What it does not do: it does not follow what a harmless function makes of
// its arguments; it does not disassemble bytecode, TorchScript or machine code;
// it does not look for pickles in the middle of other data, where no loader
// would look. It judges nothing: a finding is no verdict.
//
// The package knows bytes. It imports the standard library and must never
// import anything of this project, or anything that could load a model.
package modelfile
