package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// emptyDir makes an empty directory that its owner alone may read.
func emptyDir(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.MkdirAll(path, 0o700)
}

// removeAll removes what is no longer needed. What it can't remove, the next run does.
func removeAll(path string) { _ = os.RemoveAll(path) }

// resolved is the absolute path without symbolic links, as far as it exists.
func resolved(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return path
}

// isInside reports whether a path is a directory or below it.
func isInside(path, dir string) bool {
	inside, err := filepath.Rel(resolved(dir), resolved(path))
	return err == nil && filepath.IsLocal(inside)
}

// treeBytes is the size of all files in a directory and below it, 0 if there is none.
func treeBytes(root string) (sum int64, err error) {
	err = filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				sum += info.Size()
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // deleted since the directory was read
			return nil
		}
		return err
	})
	return sum, err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// writeJSON replaces a file as a whole: after a power cut it is the old one or the new one.
func writeJSON(path string, value any) (err error) {
	data, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	temporary := path + partial
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(data, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncTree makes sure that the names in a directory and below it survive a power cut.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncDir(path)
	})
}

func syncDir(path string) error {
	if runtime.GOOS == "windows" { // can't
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
