package modelfile

import (
	"errors"
	"fmt"
)

var errUnquoted = errors.New("a string is not quoted")

// Opcodes that reach for Python: what they would import, and what they would
// call.

func (m *machine) global(with argument) error {
	if with.long {
		return m.imported("a name of more than a thousand letters")
	}
	return m.imported(with.text + "." + with.second)
}

// stackGlobal takes its names from the stack. A name that a call made can be
// any name.
func (m *machine) stackGlobal(argument) error {
	names, err := m.pops(2)
	if err != nil {
		return err
	}
	if names[0].shape != text || names[1].shape != text {
		return m.imported("a name that only running it would tell")
	}
	return m.imported(names[0].text + "." + names[1].text)
}

// extension is a number that copyreg.add_extension gave to a name, in the
// program that loads the pickle.
func (m *machine) extension(code argument) error {
	return m.imported(fmt.Sprintf("copyreg extension %d", code.number))
}

func (m *machine) imported(name string) error {
	name = shorten(name)
	m.trace.imports++
	if harmless[name] == "" {
		m.trace.find(Imports, name, m.began)
	}
	return m.push(&value{shape: global, text: name})
}

// reduce calls the first of two values with the second. NEWOBJ calls __new__
// of the first: which class that is makes the difference, not the way.
func (m *machine) reduce(argument) error {
	both, err := m.pops(2)
	if err != nil {
		return err
	}
	return m.call(both[0], both[1].items)
}

func (m *machine) newObjectEx(argument) error {
	three, err := m.pops(3)
	if err != nil {
		return err
	}
	return m.call(three[0], three[1].items)
}

func (m *machine) inst(with argument) error {
	arguments, err := m.popMark()
	if err != nil {
		return err
	}
	if err := m.global(with); err != nil {
		return err
	}
	class, err := m.pop()
	if err != nil {
		return err
	}
	return m.call(class, arguments)
}

func (m *machine) obj(argument) error {
	all, err := m.popMark()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errUnderflow
	}
	return m.call(all[0], all[1:])
}

func (m *machine) call(callable *value, arguments []*value) error {
	if callable.shape != opaque { // which is what a text has, read as a pickle
		m.trace.calls++
	}
	name := callable.called()
	if callable.shape != global || harmless[name] == "" {
		m.trace.find(Calls, name, m.began)
	}
	return m.push(&value{shape: object, maker: callable, items: arguments})
}

// build gives an object its state, by its own __setstate__ where it has one:
// code of a class whose import has been told already.
func (m *machine) build(argument) error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	top, err := m.top()
	if err != nil {
		return err
	}
	if top.shape == object {
		top.state = state
	}
	if !top.madeBy(arrayWrapper) {
		return nil
	}
	m.trace.joblib = true
	if !m.arrays {
		return nil
	}
	return m.array(state)
}

// persistent asks the loader for an object by a name of its own. PyTorch means
// one of the storages beside the pickle, and writes so.
func (m *machine) persistent(with argument) error {
	m.trace.find(Outside, "asks the loader for what it calls "+shorten(fmt.Sprintf("%q", with.text)), m.began)
	return m.push(&value{shape: object})
}

func (m *machine) binaryPersistent(argument) error {
	name, err := m.pop()
	if err != nil {
		return err
	}
	if name.shape != tuple || name.item(0).text != "storage" {
		m.trace.find(Outside, "asks the loader for an object by a name of its own", m.began)
	}
	return m.push(&value{shape: object})
}
