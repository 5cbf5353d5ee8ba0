package subject

import (
	"fmt"
	"strings"
)

// variables are those that an object gives to one container as text. A kubelet
// puts them into commands, arguments and later variables before anything runs
// (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/),
// so a reference in two halves is one that the object itself puts together.
type variables map[string]string

// maxExpanded bounds what all variables of an object may grow to. An object of
// thirty variables, each naming the one before twice, would fill the memory.
const maxExpanded = MaxObject

// within notes the variables of a container.
func (p *projection) within(container *node) {
	env := container.get("env")
	if env == nil || env.kind != list {
		return
	}
	p.variables = make(variables, len(env.nodes))
	for i := range env.nodes {
		item := &env.nodes[i]
		name, value := item.says("name"), p.expand(item.says("value"))
		if from := item.says("valueFrom", "fieldRef", "fieldPath"); from != "" {
			value = p.annotated(from)
		}
		p.variables[name] = value
	}
}

// annotated is the annotation that a downward API reads by its field path.
func (p *projection) annotated(path string) string {
	for _, one := range p.annotations {
		if path == "metadata.annotations['"+one.key+"']" {
			return one.value
		}
	}
	return ""
}

// expand puts in the variables of the container, as $(A) for a kubelet, and as
// ${A} or $A for a shell. One of which the object does not tell the value is taken
// for empty, as a shell takes it; only the kubelet's own form stays where there is
// no such variable.
func (p *projection) expand(text string) string {
	if strings.IndexByte(text, '$') < 0 {
		return text
	}
	var read strings.Builder
	for rest := text; p.expanded <= maxExpanded; {
		before, after, found := strings.Cut(rest, "$")
		read.WriteString(before)
		if !found {
			return read.String()
		}
		name, written := reference(after)
		value, known := p.variables[name]
		switch {
		case written == 0:
			value = "$"
		case after[0] == '$':
			value = "$" // it was written twice
		case !known && after[0] == '(':
			value = "$" + after[:written]
		}
		read.WriteString(value)
		p.expanded += len(value)
		rest = after[written:]
	}
	return text
}

// reference reads the name of a variable that stands after a $, and says how long
// that is; nothing when there is none.
func reference(text string) (name string, written int) {
	if text == "" {
		return "", 0
	}
	closing, bracketed := map[byte]string{'(': ")", '{': "}"}[text[0]]
	switch {
	case text[0] == '$':
		return "", 1
	case bracketed:
		name, _, closed := strings.Cut(text[1:min(len(text), maxVariable)], closing)
		if !closed {
			return "", 0
		}
		return name, len(name) + 2
	}
	end := 0
	for end < len(text) && nameByte(text[end]) {
		end++
	}
	return text[:end], end
}

const maxVariable = 512 // more than the name of any variable

func nameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_'
}

// searchExpanded finds what stands in a text only once its variables are there.
func (p *projection) searchExpanded(how, text string) {
	expanded := p.expand(text)
	if expanded == text {
		return
	}
	for _, reference := range p.models.find(expanded, maxUses+1) {
		p.add(p.where(), how, reference)
	}
}

// bounded refuses an object that grows beyond what anybody looks through.
func (p *projection) bounded() error {
	switch {
	case p.deep:
		return fmt.Errorf("the object has a field whose path is longer than %d bytes", maxPath)
	case p.expanded > maxExpanded:
		return fmt.Errorf("the variables of the object expand to more than %d bytes", maxExpanded)
	case len(p.uses) > maxUses || len(p.images) > maxUses || len(p.volumes) > maxUses:
		return fmt.Errorf("the object has more than %d images, volumes or references to models", maxUses)
	}
	return nil
}
