package privacy

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/protocol"
)

// WriteFiles writes the files that a person has uploaded into a folder, which it makes if there are any, and returns
// how many they are. Each name begins with the number that the dossier has.
func WriteFiles(app core.App, person protocol.ID, folder string) (count int, err error) {
	records, err := app.FindAllRecords("attachments", dbx.HashExp{"uploader": person.RecordID()})
	if err != nil || len(records) == 0 {
		return 0, err
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return 0, err
	}
	defer func() { _ = files.Close() }()
	if err := os.Mkdir(folder, 0o700); err != nil {
		return 0, err
	}
	for _, record := range records {
		name := protocol.ParseID(record.Id).String() + " " + filepath.Base(record.GetString("name"))
		err := copyFile(files, record.BaseFilesPath()+"/"+record.GetString("file"), filepath.Join(folder, name))
		if errors.Is(err, filesystem.ErrNotFound) { // lost, or deleted meanwhile
			continue
		}
		if err != nil {
			return count, fmt.Errorf("copy file %s: %w", record.Id, err)
		}
		count++
	}
	return count, nil
}

func copyFile(files *filesystem.System, key, path string) error {
	reader, err := files.GetReader(key)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	return writeFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, reader)
		return err
	})
}
