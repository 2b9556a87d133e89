package attachments

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"
)

// daemon is a virus scanner that finds the word "eicar".
func daemon(t *testing.T) (at string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clamd")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	return "unix:" + path
}

func answer(conn net.Conn) {
	defer conn.Close()
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		return
	}
	var content []byte
	for {
		var length uint32
		if binary.Read(conn, binary.BigEndian, &length) != nil {
			return
		}
		if length == 0 {
			break
		}
		part := make([]byte, length)
		if _, err := io.ReadFull(conn, part); err != nil {
			return
		}
		content = append(content, part...)
	}
	reply := "stream: OK\x00"
	switch {
	case bytes.Contains(content, []byte("eicar")):
		reply = "stream: Eicar-Test-Signature FOUND\x00"
	case bytes.Contains(content, []byte("too large")):
		reply = "INSTREAM size limit exceeded. ERROR\x00"
	case bytes.Contains(content, []byte("hangs up")):
		return
	}
	_, _ = io.WriteString(conn, reply)
}

func TestScan_letsNothingThroughThatWasNotFoundClean(t *testing.T) {
	at := daemon(t)
	for content, c := range map[string]struct {
		virus     string
		failed    bool
		isTooLong bool
	}{
		"bonjour": {}, "eicar": {virus: "Eicar-Test-Signature"}, "too large": {failed: true, isTooLong: true}, "hangs up": {failed: true},
		string(bytes.Repeat([]byte("x"), 200_000)) + "eicar": {virus: "Eicar-Test-Signature"},
		string(bytes.Repeat([]byte("x"), 64<<10)):            {},
	} {
		virus, err := scanWith(context.Background(), at, saved(t, []byte(content)))
		if virus != c.virus || (err != nil) != c.failed || errors.Is(err, errStreamTooLong) != c.isTooLong {
			t.Errorf("%.20s: %q, %v", content, virus, err)
		}
	}
	if _, err := scanWith(context.Background(), "unix:"+filepath.Join(t.TempDir(), "nobody"), saved(t, []byte("bonjour"))); err == nil {
		t.Error("nobody was there, and the file got in")
	}
}
