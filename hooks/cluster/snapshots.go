package cluster

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/raft"
)

// liveMark is the content of a snapshot that this node has made of itself: its database is the content.
var liveMark = []byte("the database of this node")

// snapshots keeps what raft calls snapshots, which say up to where the log may be cut. Their content is the database
// itself: when another node needs it, it gets a copy of that moment. The copy may be newer than the snapshot says; the
// entries in between are known by their numbers and passed over.
type snapshots struct {
	raft.SnapshotStore
	dir  string
	copy func(path string) error
}

func (s *snapshots) Open(id string) (*raft.SnapshotMeta, io.ReadCloser, error) {
	meta, content, err := s.SnapshotStore.Open(id)
	if err != nil {
		return nil, nil, err
	}
	buffered := bufio.NewReader(content)
	if start, err := buffered.Peek(len(liveMark)); err != nil || !bytes.Equal(start, liveMark) {
		return meta, readCloser{buffered, content}, nil // came from another node
	}
	if err := content.Close(); err != nil {
		return nil, nil, err
	}
	file, err := copyOf(s.copy, s.dir)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	copied := *meta
	copied.Size = info.Size()
	return &copied, file, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// copyOf makes a copy of the database, which is removed when it is closed.
func copyOf(make func(path string) error, dir string) (*temporaryFile, error) {
	path, err := temporaryPath(dir)
	if err != nil {
		return nil, err
	}
	if err := make(path); err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &temporaryFile{file}, nil
}

type temporaryFile struct{ *os.File }

func (f *temporaryFile) Close() error {
	return errors.Join(f.File.Close(), os.Remove(f.Name()))
}

const temporaryPattern = "copy-*.db"

func temporaryPath(dir string) (string, error) {
	file, err := os.CreateTemp(dir, temporaryPattern)
	if err != nil {
		return "", err
	}
	return file.Name(), file.Close()
}

// removeTemporary removes what a process that was killed has left.
func removeTemporary(dir string) {
	paths, _ := filepath.Glob(filepath.Join(dir, temporaryPattern+"*"))
	for _, path := range paths {
		_ = os.Remove(path)
	}
}
