package load

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Process is a process of this machine, as Linux tells of it.
type Process int

// Memory is what the process has in memory now, and the most that it ever had,
// in MiB.
func (p Process) Memory() (now, most float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p))
	if err != nil {
		return 0, 0, err
	}
	for line := range bytes.Lines(text) {
		fields := strings.Fields(string(line))
		if len(fields) < 2 {
			continue
		}
		kilobytes, err := strconv.ParseFloat(fields[1], 64)
		switch {
		case fields[0] == "VmRSS:" && err == nil:
			now = kilobytes / 1024
		case fields[0] == "VmHWM:" && err == nil:
			most = kilobytes / 1024
		}
	}
	return now, most, nil
}

// ticks is USER_HZ, in which Linux tells times, whatever the kernel's own is.
const ticks = 100

// Processor is the time that processors have worked for the process.
func (p Process) Processor() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
	if err != nil {
		return 0, err
	}
	// The name, in brackets, may hold anything; utime and stime are the 14th and 15th field.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("%q is no stat", text)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticks, err
}

// Sockets are the remote addresses to which the process has a connection, or
// tries to make one, by the hexadecimal text of /proc/net/tcp. Those that it
// accepted at a port that it listens on are not among them.
func (p Process) Sockets() ([]string, error) {
	own, err := p.inodes()
	if err != nil {
		return nil, err
	}
	var rows [][]string
	listening := map[string]bool{}
	for _, file := range []string{"tcp", "tcp6", "udp", "udp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", p, file))
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			fields := strings.Fields(string(line))
			if len(fields) < 10 || !own[fields[9]] {
				continue
			}
			if fields[3] == "0A" {
				listening[port(fields[1])] = true
			}
			rows = append(rows, fields)
		}
	}
	var remote []string
	for _, fields := range rows {
		if fields[3] != "0A" && !listening[port(fields[1])] {
			remote = append(remote, fields[2])
		}
	}
	return remote, nil
}

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// inodes are those of the sockets that the process has open.
func (p Process) inodes() (map[string]bool, error) {
	folder := fmt.Sprintf("/proc/%d/fd", p)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, entry := range entries {
		target, err := os.Readlink(folder + "/" + entry.Name())
		if err != nil {
			continue // closed in the meantime
		}
		if inode, is := strings.CutPrefix(target, "socket:["); is {
			open[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return open, nil
}

// LimitFiles lets the process write no file beyond so many bytes, as a full disk
// would; a negative number lifts it.
func (p Process) LimitFiles(bytes int64) error {
	var limit unix.Rlimit
	if err := unix.Prlimit(int(p), unix.RLIMIT_FSIZE, nil, &limit); err != nil {
		return err
	}
	if limit.Cur = limit.Max; bytes >= 0 { // only root may raise what a process may have at most
		limit.Cur = min(limit.Max, uint64(bytes))
	}
	return unix.Prlimit(int(p), unix.RLIMIT_FSIZE, &limit, nil)
}
