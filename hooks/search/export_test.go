package search

import (
	"errors"
	"path/filepath"
)

// MergeIndex merges the segments of an index that no server uses.
func MergeIndex(dir string) error {
	index, _, err := openIndex(filepath.Join(dir, indexFile))
	if err != nil {
		return err
	}
	more, err := index.mergeSome(beginsMerging)
	for more && err == nil {
		more, err = index.mergeSome(continuesMerging)
	}
	return errors.Join(err, index.checkpoint(), index.close())
}
