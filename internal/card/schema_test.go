package card_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	schemaFile = "../../docs/schemas/chai-applied-model-card-v0.2.xsd"
	namespace  = "https://mc.chai.org/v0.2/schema.xsd"
)

// schema is as much of XML Schema as a card needs: sequences of elements that
// hold sequences or text. TestTheCardIsValidForXmllint asks a whole validator.
type schema struct {
	Elements []element `xml:"element"`
	Types    []content `xml:"complexType"`
}

type element struct {
	Name string   `xml:"name,attr"`
	Type string   `xml:"type,attr"`
	Min  string   `xml:"minOccurs,attr"`
	Max  string   `xml:"maxOccurs,attr"`
	Own  *content `xml:"complexType"`
}

type content struct {
	Name     string    `xml:"name,attr"`
	Elements []element `xml:"sequence>element"`
}

// node is an element of a document.
type node struct {
	XMLName xml.Name
	Nodes   []node `xml:",any"`
	Text    string `xml:",chardata"`
}

func readSchema(t testing.TB) schema {
	t.Helper()
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var read schema
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// check answers with what is wrong with a document, or with nothing.
func (s schema) check(document string) error {
	var root node
	decoder := xml.NewDecoder(strings.NewReader(document))
	if err := decoder.Decode(&root); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF && err != nil {
		return err
	}
	return s.sequence([]element{s.Elements[0]}, []node{root}, "")
}

func (s schema) sequence(wanted []element, found []node, path string) error {
	for _, one := range wanted {
		times := 0
		for len(found) > 0 && found[0].XMLName == (xml.Name{Space: namespace, Local: one.Name}) && (times == 0 || one.Max == "unbounded") {
			if err := s.element(one, found[0], path+"/"+one.Name); err != nil {
				return err
			}
			found, times = found[1:], times+1
		}
		if times == 0 && one.Min != "0" {
			return fmt.Errorf("%s/%s is not there", path, one.Name)
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%s/%s is not expected", path, found[0].XMLName.Local)
	}
	return nil
}

func (s schema) element(wanted element, found node, path string) error {
	own := wanted.Own
	for i, named := range s.Types {
		if wanted.Type == "card:"+named.Name {
			own = &s.Types[i]
		}
	}
	if own != nil {
		return s.sequence(own.Elements, found.Nodes, path)
	}
	if len(found.Nodes) > 0 {
		return fmt.Errorf("%s holds more than text", path)
	}
	return nil
}

func TestTheCheckFindsWhatIsMissingOrMisplaced(t *testing.T) {
	good := chai(t, example())
	if err := readSchema(t).check(good); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"another namespace": strings.Replace(good, namespace, namespace+"x", 1),
		"an element less":   strings.Replace(good, "<ModelName>breast-malignancy</ModelName>", "", 1),
		"an element more":   strings.Replace(good, "<ModelName>", "<ModelName>a</ModelName><ModelName>", 1),
		"another order":     strings.Replace(good, "<BasicInfo>", "<Bibliography/><BasicInfo>", 1),
		"elements in text":  strings.Replace(good, "<ModelName>", "<ModelName><b/>", 1),
		"cut off":           good[:len(good)/2],
	} {
		if bad == good || readSchema(t).check(bad) == nil {
			t.Errorf("%s: found valid", name)
		}
	}
}

// TestTheCardIsValidForXmllint asks libxml2, for whom the schema is somebody
// else's. It runs with ASSAY_XMLLINT=1, because it needs Debian's package
// libxml2-utils.
func TestTheCardIsValidForXmllint(t *testing.T) {
	if os.Getenv("ASSAY_XMLLINT") != "1" {
		t.Skip("set ASSAY_XMLLINT=1 where xmllint is installed")
	}
	lint := func(document string) error {
		file := filepath.Join(t.TempDir(), "card.xml")
		if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.CommandContext(t.Context(), "xmllint", "--noout", "--nonet", "--schema", schemaFile, file).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, said)
		}
		return nil
	}
	good := chai(t, example())
	if err := lint(good); err != nil {
		t.Error(err)
	}
	if lint(strings.Replace(good, "<ReleaseStage>", "<Stage/><ReleaseStage>", 1)) == nil {
		t.Error("xmllint finds everything valid")
	}
}
