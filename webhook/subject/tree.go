package subject

import "strings"

// node is a value within an object. The text of all nodes is that of the object,
// as long as nothing in it is written with escapes: whoever keeps a piece of it
// clones it, or keeps the object.
type node struct {
	kind  kind
	key   string // of a member: how it is called
	text  string // of a text what it says, of what is no text how it is written
	nodes []node // the members of an object in the order of their names, or the items of a list
}

// kind is what a value is in JSON.
type kind byte

const (
	absent kind = iota // as if it were not written
	null
	other // a number or a truth
	text
	list
	object
)

// get is the member of that name, if this is an object that has one.
func (n *node) get(name string) *node {
	if n == nil || n.kind != object {
		return nil
	}
	for i := range n.nodes {
		if n.nodes[i].key == name {
			return &n.nodes[i]
		}
	}
	return nil
}

// at is what stands at the end of a way through objects.
func (n *node) at(way ...string) *node {
	for _, name := range way {
		n = n.get(name)
	}
	return n
}

// says is the text at the end of a way through objects, or empty.
func (n *node) says(way ...string) string {
	if found := n.at(way...); found != nil && found.kind == text {
		return found.text
	}
	return ""
}

// members are those of the object at the end of a way.
func (n *node) members(way ...string) []node {
	if found := n.at(way...); found != nil && found.kind == object {
		return found.nodes
	}
	return nil
}

// items are those of the list that a member is.
func (n *node) items(name string) []node {
	if member := n.get(name); member != nil && member.kind == list {
		return member.nodes
	}
	return nil
}

// name is how people call an object; one that has no name yet gets one that begins
// so.
func (n *node) name() string {
	if name := n.says("metadata", "name"); name != "" {
		return name
	}
	return n.says("metadata", "generateName") + "*"
}

// compare puts members in the order of their names.
func compare(a, b node) int { return strings.Compare(a.key, b.key) }
