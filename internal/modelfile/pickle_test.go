package modelfile_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

// look inspects one file of that content and name.
func look(t testing.TB, name, content string) modelfile.File {
	t.Helper()
	files, err := modelfile.Inspect(t.Context(), fstest.MapFS{name: {Data: []byte(content)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	return files[0]
}

// Every way in which a pickle can name what it imports, and call it. All of
// them were run in CPython 3.11, which imports os.system for each.
func TestEveryWayToNameAFunctionIsSeen(t *testing.T) {
	for way, pickle := range map[string]string{
		"GLOBAL":                           "cos\nsystem\n(S'id'\ntR.",
		"INST":                             "(S'id'\nios\nsystem\n.",
		"OBJ":                              "(cos\nsystem\nS'id'\no.",
		"NEWOBJ":                           "\x80\x02cos\nsystem\n(X\x02\x00\x00\x00idt\x81.",
		"NEWOBJ_EX":                        "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85}\x92.",
		"STACK_GLOBAL":                     "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.",
		"without a header":                 "\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.",
		"BINUNICODE8":                      "\x8d\x02\x00\x00\x00\x00\x00\x00\x00osX\x06\x00\x00\x00system\x93\x8c\x02id\x85R.",
		"strings of Python 2":              "U\x02osT\x06\x00\x00\x00system\x93U\x02id\x85R.",
		"a string with escapes":            "S'\\x6fs'\nS'sys\\164em'\n\x93S'id'\n\x85R.",
		"unicode with escapes":             "Vo\\u0073\nVsyste\\U0000006d\n\x93Vid\n\x85R.",
		"names from the memo":              "\x8c\x06system\x940\x8c\x02osh\x00\x93\x8c\x02id\x85R.",
		"names by PUT and GET":             "\x8c\x06systemp12\n0\x8c\x02osg1_2\n\x93\x8c\x02id\x85R.",
		"names by LONG_BINPUT":             "\x8c\x06systemr\x00\x00\x00\x010\x8c\x02osj\x00\x00\x00\x01\x93\x8c\x02id\x85R.",
		"names behind rubbish":             "(K\x01K\x021N0\x8c\x02os\x8c\x06system2020\x93\x8c\x02id\x85R.",
		"a mark that POP takes away":       "(0\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.",
		"a call whose value is not used":   "cos\nsystem\n(S'id'\ntR0N.",
		"a call before the pickle breaks":  "cos\nsystem\n(S'id'\ntRRRRR",
		"a call before an unknown opcode":  "cos\nsystem\n(S'id'\ntR\xff",
		"a call in the second pickle":      "N.cos\nsystem\n(S'id'\ntR.",
		"a line longer than a buffer":      "V" + strings.Repeat("x", 200_000) + "\n0cos\nsystem\n(S'id'\ntR.",
		"an integer without end":           "L" + strings.Repeat("9", 4200) + "L\n0cos\nsystem\n(S'id'\ntR.",
		"an integer in base 16":            "I0x1F\n0cos\nsystem\n(S'id'\ntR.",
		"a float that is infinite":         "F-inf\n0cos\nsystem\n(S'id'\ntR.",
		"bytes longer than a buffer":       "B\x00\x00\x02\x00" + strings.Repeat("x", 1<<17) + "0cos\nsystem\n(S'id'\ntR.",
		"inside what BUILD takes for data": "ccollections\nOrderedDict\n)Rcos\nsystem\n(S'id'\ntRb.",
	} {
		got := look(t, "model.json", pickle)
		if got.Format != modelfile.Pickle || got.Code != pickled || !slices.Contains(told(got), "imports os.system") || !slices.Contains(told(got), "calls os.system") {
			t.Errorf("%s: %s, %q", way, got.Format, told(got))
		}
	}
}

const torn = "malformed an opcode that lies across the end of a frame, which unpicklers read in different ways"

// What only running the pickle would tell is told to be so.
func TestWhatCannotBeResolvedIsAFinding(t *testing.T) {
	for pickle, want := range map[string]string{
		"\x80\x04cos\ngetcwd\n)R\x8c\x06system\x93.":                                 "imports a name that only running it would tell",
		"\x80\x04C\x02os\x8c\x06system\x93.":                                         "imports a name that only running it would tell",
		"\x80\x02\x82\x05.":                                                          "imports copyreg extension 5",
		"\x80\x02\x83\x05\x01.":                                                      "imports copyreg extension 261",
		"\x80\x02\x84\x05\x00\x00\x01.":                                              "imports copyreg extension 16777221",
		"\x80\x04Pweights of \"ward\"\n.":                                            `outside asks the loader for what it calls "weights of \"ward\""`,
		"\x80\x04\x8c\x07weightsQ.":                                                  "outside asks the loader for an object by a name of its own",
		"cbuiltins\ngetattr\n(cos\nsystem\ntR(tR.":                                   "calls what builtins.getattr gave",
		"\x80\x04c" + strings.Repeat("m", 5000) + "\nf\n.":                           "imports a name of more than a thousand letters",
		"ctorch.storage\n_load_from_bytes\n(S'x'\ntR.":                               "imports torch.storage._load_from_bytes",
		"\x80\x04\x95\xff\xff\x00\x00\x00\x00\x00\x00\x8c\x07":                       "malformed a pickle that breaks off: FRAME: unexpected EOF",
		"\x80\x04\x95\x06\x00\x00\x00\x00\x00\x00\x00N0cxxxos\nsystem\n.":            torn, // CPython imports os.system
		"\x95\x06\x00\x00\x00\x00\x00\x00\x00}\x95\x01\x00\x00\x00\x00\x00\x00\x00.": torn,
		"\x80\x02}q\x00.trailing":                                                    "malformed bytes follow the end of the pickle",
		"\x80\x02N\x80\x06N.":                                                        "malformed a pickle that breaks off: PROTO: there is no protocol 6",
	} {
		if got := look(t, "m.pkl", pickle); got.Format != modelfile.Pickle || !slices.Contains(told(got), want) {
			t.Errorf("%q: %s, %q, want %q", pickle[:min(len(pickle), 60)], got.Format, told(got), want)
		}
	}
}

// All 68 opcodes, in a pickle that does nothing.
func TestEveryOpcodeOfDataIsWalked(t *testing.T) {
	for name, pickle := range map[string]string{
		"numbers":     "(I1\nI01\nL5L\nJ\xff\xff\xff\xffK\x01M\x01\x02F1.5\nG\x00\x00\x00\x00\x00\x00\x00\x00N\x88\x89\x8a\x02\x01\xff\x8b\x01\x00\x00\x00\x01l.",
		"strings":     "(S\"a\"\nVb\nT\x01\x00\x00\x00cU\x01dX\x01\x00\x00\x00e\x8c\x01f\x8d\x01\x00\x00\x00\x00\x00\x00\x00gB\x01\x00\x00\x00hC\x01i\x8e\x01\x00\x00\x00\x00\x00\x00\x00j\x96\x01\x00\x00\x00\x00\x00\x00\x00kt.",
		"containers":  "](](K\x01e}K\x01K\x02s}(K\x01K\x02u(K\x01K\x02d)\x8f(K\x01\x90(K\x01\x91N\x85NN\x86NNN\x87]Nae.",
		"buffers":     "\x80\x05\x97\x98.",
		"stack":       "\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00N2(1NN00q\x00p1\nr\x02\x00\x00\x00\x94h\x00g1\nj\x02\x00\x00\x00\x87.",
		"harmless":    "ccollections\nOrderedDict\n)R}b.",
		"a hyperlink": "\x80\x02(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000tQ.",
	} {
		if got := look(t, "m.pkl", pickle); got.Format != modelfile.Pickle || len(got.Findings) > 0 {
			t.Errorf("%s: %s, %q", name, got.Format, told(got))
		}
	}
}

// An unpickler that takes more than is there stops; so a text is no pickle
// because its letters are opcodes.
func TestATextIsNoPickle(t *testing.T) {
	for _, text := range []string{
		"N. of patients\n", "I am a text\n", "class\nbenign\nmalignant\n", "cost\nage\n12\n", "Note.\n", "(a) one\n", "0.5\n1.5\n", "K.L.\n", "]\n", "}", "Fine.\n",
		"patients\n1\n2\n", ".", "..", "R.", "a.", "s.", "e.", "u.", "t.", "b.", "o.", "1.", "2.", "q\x20.", "S'a\n.", "Sa\n.", "x",
	} {
		if got := look(t, "README", text); got.Format != modelfile.Text || len(got.Findings) > 0 {
			t.Errorf("%q is %s: %q", text, got.Format, told(got))
		}
	}
}

// A pickle that only fills memory is cut off and said to be.
func TestAPickleWithoutEndIsCutOff(t *testing.T) {
	for what, pickle := range map[string]string{
		"steps": "N" + strings.Repeat("20", 3_000_000) + ".",
		"stack": strings.Repeat("N", 3_000_000),
		"marks": strings.Repeat("(", 3_000_000),
	} {
		got := look(t, "m.pkl", pickle)
		if got.Format != modelfile.Pickle || !slices.Contains(told(got), "unread a pickle with more steps, or a deeper stack, than is looked into") {
			t.Errorf("%s: %s %q", what, got.Format, told(got))
		}
	}
}

// joblib.load skips the arrays between the opcodes, pickle.load runs them: what
// either would do is told.
func TestAnArrayOfJoblibHidesNothing(t *testing.T) {
	wrapper := "\x80\x04cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(\x8c\x05dtypecnumpy\ndtype\n\x8c\x02i1\x85R\x8c\x05shapeK\x13\x85u"
	evil := "cos\nsystem\n(S'id'\ntR"
	for name, pickle := range map[string]string{
		"in the array": wrapper + "b" + evil + ".",
		"behind it":    wrapper + "b" + strings.Repeat("\x00", 0x13) + evil + ".",
	} {
		if got := look(t, "m.joblib", pickle); got.Format != modelfile.Joblib || !slices.Contains(told(got), "calls os.system") {
			t.Errorf("%s: %s %q", name, got.Format, told(got))
		}
	}
	for claim, shape := range map[string]string{"unknown": "N", "negative": "J\xff\xff\xff\xff\x85", "too large": "J\xff\xff\xff\x7f2\x86"} {
		pickle := strings.Replace(wrapper, "K\x13\x85", shape, 1) + "bN."
		if got := look(t, "m.joblib", pickle); got.Format != modelfile.Joblib || len(got.Findings) == 0 {
			t.Errorf("a size that is %s: %s %q", claim, got.Format, told(got))
		}
	}
}
