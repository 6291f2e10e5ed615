// Checks a proof of the format tlog-proof@v1 with Go's public sumdb/note and sumdb/tlog, and nothing of staffdesk.
// Usage: checker PROOF VKEY CORE
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "not proved:", err)
		os.Exit(1)
	}
}

func read(name string) string {
	data, err := os.ReadFile(name)
	must(err)
	return string(data)
}

func main() {
	if len(os.Args) != 4 {
		must(fmt.Errorf("usage: checker PROOF VKEY CORE"))
	}
	head, signed, found := strings.Cut(read(os.Args[1]), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		must(fmt.Errorf("this is no proof of the format"))
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	must(err)
	var path tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		path = append(path, hash)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(read(os.Args[2])))
	must(err)
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	must(err)
	text := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(text[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(text[2])
	must(err)
	must(tlog.CheckRecord(path, size, root, index, tlog.RecordHash([]byte(read(os.Args[3])))))
	fmt.Printf("proved: entry %d of %d\n", index+1, size)
}
