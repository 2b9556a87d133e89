package hooks

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// spreadsheet is what writes, or announces, a file that spreadsheets open.
var spreadsheet = regexp.MustCompile(`csv\.NewWriter|["'` + "`" + `]text/(csv|tab-separated-values)|spreadsheetml|\.(csv|tsv|xlsx|ods)["'` + "`" + `]`)

// readers name such files because they read them, or take them as attachments, which are passed on as they are.
var readers = map[string]string{
	"attachments/types.go":              "attachments",
	"ui/admin/import/ImportStart.tsx":   "imports",
	"ui/chat/composer/AttachButton.tsx": "attachments",
}

// In a spreadsheet a name such as =HYPERLINK(…) is a formula. Nothing here writes a file that one opens: the first that
// does has to put an apostrophe before texts that begin with one of = + - @, a tab or a line break.
func TestSpreadsheets_areOnlyRead(t *testing.T) {
	found := map[string]bool{}
	for root, prefix := range map[string]string{".": "", "../ui/src": "ui/"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			extension := filepath.Ext(path)
			if err != nil || entry.IsDir() || extension != ".go" && extension != ".ts" && extension != ".tsx" ||
				strings.Contains(path, "_test.go") || strings.Contains(path, ".test.") || strings.Contains(filepath.ToSlash(path), "src/testing/") || strings.Contains(filepath.ToSlash(path), "src/i18n/") {
				return err
			}
			data, err := os.ReadFile(path)
			if at := spreadsheet.Find(data); at != nil {
				inside, _ := filepath.Rel(root, path)
				name := prefix + filepath.ToSlash(inside)
				found[name] = true
				if readers[name] == "" {
					t.Errorf("%s may write a spreadsheet: %s", name, at)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range readers {
		if !found[name] {
			t.Errorf("%s no longer names one: remove it here", name)
		}
	}
}
