package load

import (
	"bufio"
	"encoding/pem"
	"fmt"
	"io"
	"net/http/httptest"
	"strconv"
	"strings"
)

// numberIn finds a metric without labels in Prometheus' text format.
func numberIn(text io.Reader, name string) (float64, error) {
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		if value, is := strings.CutPrefix(lines.Text(), name+" "); is {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("there is no metric %s", name)
}

func pemOf(server *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}
