package hooks

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pastRecords are the only files that write to the database other than by saving records.
// Caches are kept up to date by record hooks: another such file has to state how the caches
// learn of what it writes.
var pastRecords = map[string]string{
	"store/record_writer.go":    "triggers the hooks of records itself",
	"store/health.go":           "tries to write, without changing anything",
	"store/fast_path.go":        "its callers announce what it writes; closed while somebody else has bound a handler",
	"roster/insert.go":          "creates people, whom no cache holds; closed while somebody else has bound a handler",
	"school/invitation_code.go": "notes the first log-in, which no cache holds",
	"demo/bulk.go":              "fills an empty directory before the first request",
	"search/index.go":           "writes a database of its own, which has no records",
	"search/merge.go":           "likewise",
	"search/filter.go":          "likewise",
	"cluster/conn.go":           "runs what others write, and notes it for the other machines",
	"cluster/file.go":           "writes what was committed on another machine, with what the listeners are told of it",
	"cluster/tables.go":         "likewise",
	"ops/logs/size.go":          "removes lines of the log, which isn't cached",
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
				t.Errorf("%s bypasses the records: %s", path, at)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range pastRecords {
		if !found[path] {
			t.Errorf("%s no longer writes", path)
		}
	}
}
