package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// widths are those of a desk, and of a phone.
var widths = []int{1280, 400}

// TestReportInABrowser opens the report of the demo in a real headless
// Chromium: nothing may be logged to its console, nothing may be wider than
// the window, and every figure must be seen. The screenshots are kept in
// .assay/screenshots for people to look at.
//
// It runs with ASSAY_BROWSER=1, because it needs Debian's package chromium,
// which a machine that only builds Assay does not have.
func TestReportInABrowser(t *testing.T) {
	if os.Getenv("ASSAY_BROWSER") != "1" {
		t.Skip("set ASSAY_BROWSER=1 where chromium is installed")
	}
	dir := t.TempDir()
	var page bytes.Buffer
	if err := demo(t).HTML(&page); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dir, "report.html")
	if err := os.WriteFile(report, page.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		seen := look(t, dir, page.String(), width)
		if seen.Content > seen.Window {
			t.Errorf("at %d pixels the page is %d pixels wide: %s", seen.Window, seen.Content, seen.Widest)
		}
		if seen.Figures == 0 || seen.Unseen > 0 {
			t.Errorf("at %d pixels %d of %d figures have no size", width, seen.Unseen, seen.Figures)
		}
		shoot(t, dir, report, width, seen.Height)
	}
}

// sight is what a script in the frame around the report sees of it. The report
// itself forbids scripts.
type sight struct {
	Window, Content, Height, Figures, Unseen int
	Widest                                   string
}

// look lays the page out in a frame of the given width: a headless window is
// never narrower than 500 pixels.
func look(t *testing.T, dir, page string, width int) sight {
	t.Helper()
	quoted, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	frame := filepath.Join(dir, fmt.Sprintf("frame-%d.html", width))
	content := fmt.Sprintf(`<!DOCTYPE html><meta charset="utf-8"><iframe id="report" width="%d" height="900" style="border:0"></iframe><pre id="sight"></pre><script>
const frame = document.getElementById("report");
frame.onload = () => {
  const page = frame.contentDocument, root = page.documentElement;
  for (const closed of page.querySelectorAll("details")) closed.open = true;
  const figures = [...page.querySelectorAll("svg")].map(svg => svg.getBoundingClientRect());
  const right = element => element.closest(".scroll") ? 0 : element.getBoundingClientRect().right;
  const widest = [...page.querySelectorAll("body *")].reduce((a, b) => right(b) > right(a) ? b : a);
  const seen = {Window: frame.clientWidth, Content: Math.ceil(Math.max(root.scrollWidth, right(widest))), Figures: figures.length,
    Unseen: figures.filter(box => box.width < 100 || box.height < 60).length, Widest: widest.tagName + " " + widest.className};
  for (const open of page.querySelectorAll("details")) open.open = false;
  seen.Height = root.scrollHeight;
  document.getElementById("sight").textContent = JSON.stringify(seen);
};
frame.srcdoc = %s;
</script>`, width, quoted)
	if err := os.WriteFile(frame, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	dom := chromium(t, dir, "--dump-dom", "--window-size=1400,1000", "--virtual-time-budget=5000", "file://"+frame)
	_, after, found := strings.Cut(dom, `<pre id="sight">`)
	text, _, _ := strings.Cut(after, "</pre>")
	var seen sight
	if err := json.Unmarshal([]byte(text), &seen); !found || err != nil {
		t.Fatalf("the frame says %.200q: %v", text, err)
	}
	return seen
}

// shoot keeps a picture of the whole page.
func shoot(t *testing.T, dir, report string, width, height int) {
	t.Helper()
	gallery, err := filepath.Abs(filepath.Join("..", "..", ".assay", "screenshots"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(gallery, 0o755); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(gallery, fmt.Sprintf("report-%d.png", width))
	chromium(t, dir, "--screenshot="+picture, "--hide-scrollbars", fmt.Sprintf("--window-size=%d,%d", width, min(height+40, 16000)), "file://"+report)
	if file, err := os.Stat(picture); err != nil || file.Size() < 10_000 {
		t.Errorf("no screenshot worth the name: %v", err)
	}
}

// chromium runs the browser without a network and demands a silent console.
func chromium(t *testing.T, dir string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	browser := exec.CommandContext(ctx, "chromium", append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9",
		"--enable-logging=stderr", "--v=0", "--user-data-dir=" + filepath.Join(dir, "profile"),
	}, arguments...)...)
	var out, log bytes.Buffer
	browser.Stdout, browser.Stderr = &out, &log
	if err := browser.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, log.String())
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the console says: %s", line)
		}
	}
	return out.String()
}
