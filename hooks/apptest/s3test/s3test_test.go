package s3test_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/apptest/s3test"
)

func bucket(t *testing.T, s *s3test.Server, key string) *filesystem.System {
	t.Helper()
	c := s.Config()
	files, err := filesystem.NewS3(c.Bucket, c.Region, c.Endpoint, key, c.Secret, c.ForcePathStyle)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	return files
}

func TestServer_keepsWhatPocketBaseStores(t *testing.T) {
	s := s3test.Start(t)
	files := bucket(t, s, s.Config().AccessKey)
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MB go in three parts
	small := []byte("Bonjour à tous")
	for key, content := range map[string][]byte{"a/é à.txt": small, "a/large.bin": large} {
		if err := files.Upload(content, key); err != nil {
			t.Fatal(err)
		}
		if got, _ := s.Object(key); !bytes.Equal(got, content) || s.Unfinished() != 0 {
			t.Errorf("%s has %d bytes, want %d; %d uploads are unfinished", key, len(got), len(content), s.Unfinished())
		}
	}
	if err := files.Copy("a/é à.txt", "b/copy.txt"); err != nil {
		t.Fatal(err)
	}
	reader, err := files.GetReader("b/copy.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.Seek(-4, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(reader); err != nil || string(rest) != "tous" || reader.Size() != int64(len(small)) {
		t.Errorf("read %q of %d bytes: %v", rest, reader.Size(), err)
	}
	if err := files.Delete("b/copy.txt"); err != nil {
		t.Fatal(err)
	}
	if _, err := files.GetReader("b/copy.txt"); !errors.Is(err, filesystem.ErrNotFound) {
		t.Errorf("a deleted object: %v", err)
	}
}

func TestServer_listsByPages(t *testing.T) {
	s := s3test.Start(t)
	files := bucket(t, s, s.Config().AccessKey)
	const count = 101 // one more than in a page
	for i := range count {
		if err := files.Upload([]byte("x"), fmt.Sprintf("a/%03d/file", i)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := files.List("a/")
	if err != nil || len(all) != count || all[count-1].Key != "a/100/file" {
		t.Errorf("%d objects are listed: %v", len(all), err)
	}
	if none, err := files.List("b/"); err != nil || len(none) != 0 {
		t.Errorf("%d objects are in an empty folder: %v", len(none), err)
	}
	if files.IsEmptyDir("a/") || !files.IsEmptyDir("b/") {
		t.Error("an empty folder isn't told from a full one")
	}
	if failed := files.DeletePrefix("a/"); len(failed) > 0 || len(s.Keys()) != 0 {
		t.Errorf("%d objects are left: %v", len(s.Keys()), failed)
	}
}

func TestServer_refuses(t *testing.T) {
	s := s3test.Start(t)
	if err := bucket(t, s, "AKIAOTHER").Upload([]byte("x"), "a"); err == nil {
		t.Error("a wrong key was accepted")
	}
	files := bucket(t, s, s.Config().AccessKey)
	s.Fail(func(r *http.Request) bool { return r.Method == "PUT" })
	if err := files.Upload([]byte("x"), "a"); err == nil || len(s.Keys()) != 0 {
		t.Error("a failing server stored a file")
	}
	s.Fail(nil)
	if err := files.Upload([]byte("x"), "a"); err != nil {
		t.Error(err)
	}
}
