package hooks

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pastRecords are the only files that write to the database otherwise than by saving
// records. What memory holds of it is kept true by the hooks of records: another such
// file has to say how memory hears of what it writes.
var pastRecords = map[string]string{
	"store/record_writer.go": "triggers the hooks of records itself",
	"demo/bulk.go":           "fills an empty directory before anything is asked of it",
	"ops/logs/size.go":       "removes lines of the log, of which memory holds nothing",
}

var write = regexp.MustCompile("INSERT (OR [A-Z]+ )?INTO|REPLACE INTO|DELETE FROM|UPDATE [^ ]+ SET" +
	`|\.Execute\(\)|\.Exec(Context)?\(|\.DB\(\)\.(Insert|Upsert|Update|Delete)\(|NonconcurrentDB`)

func TestRecords_areTheOnlyWayToWrite(t *testing.T) {
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "bench"+string(filepath.Separator)) {
			return err
		}
		data, err := os.ReadFile(path)
		if at := write.Find(data); at != nil {
			found[filepath.ToSlash(path)] = true
			if pastRecords[filepath.ToSlash(path)] == "" {
				t.Errorf("%s writes past the records: %s", path, at)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range pastRecords {
		if !found[path] {
			t.Errorf("%s doesn't write any more", path)
		}
	}
}
