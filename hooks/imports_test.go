package hooks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowedImports lists the imports that are allowed among the packages of this module. One that
// isn't here goes the wrong way, or is new and belongs in doc.go and the README's code map
// first.
var allowedImports = map[string][]string{
	"messagerie":                          {"hooks", "hooks/backup", "hooks/closures", "hooks/cluster", "hooks/config", "hooks/demo", "hooks/ops", "hooks/ops/doctor", "hooks/privacy", "hooks/roster", "hooks/search", "hooks/store"},
	"messagerie/hooks":                    {"hooks/attachments", "hooks/auth", "hooks/backup", "hooks/chat", "hooks/closures", "hooks/cluster", "hooks/config", "hooks/email", "hooks/manual", "hooks/messagerie", "hooks/ops", "hooks/ops/logs", "hooks/ops/metrics", "hooks/privacy", "hooks/protocol", "hooks/rest", "hooks/roster", "hooks/school", "hooks/search", "hooks/store", "hooks/web", "pb_migrations", "ui"},
	"messagerie/hooks/chat":               {"hooks/auth", "hooks/config", "hooks/messagerie", "hooks/protocol", "hooks/ratelimit", "hooks/refusal", "hooks/school", "hooks/store"},
	"messagerie/hooks/rest":               {"hooks/attachments", "hooks/auth", "hooks/closures", "hooks/config", "hooks/email", "hooks/messagerie", "hooks/protocol", "hooks/ratelimit", "hooks/refusal", "hooks/roster", "hooks/school", "hooks/search"},
	"messagerie/hooks/roster":             {"hooks/protocol", "hooks/refusal", "hooks/school", "hooks/store", "hooks/text", "hooks/words"},
	"messagerie/hooks/closures":           {"hooks/protocol", "hooks/refusal", "hooks/school", "hooks/store", "hooks/text", "hooks/words"},
	"messagerie/hooks/search":             {"hooks/messagerie", "hooks/protocol", "hooks/refusal", "hooks/school", "hooks/store", "hooks/words"},
	"messagerie/hooks/demo":               {"hooks/config", "hooks/messagerie", "hooks/protocol", "hooks/school", "hooks/store", "hooks/words"},
	"messagerie/hooks/web":                {"hooks/config", "hooks/ops/logs"},
	"messagerie/hooks/manual":             {"hooks/protocol", "hooks/words"},
	"messagerie/hooks/backup":             {"hooks/config", "hooks/school", "hooks/store"},
	"messagerie/hooks/ops":                {"hooks/backup", "hooks/config", "hooks/protocol", "hooks/refusal", "hooks/store"},
	"messagerie/hooks/ops/doctor":         {"hooks/backup", "hooks/config", "hooks/email", "hooks/ops", "hooks/store"},
	"messagerie/hooks/ops/logs":           {"hooks/ratelimit"},
	"messagerie/hooks/ops/metrics":        {"hooks/backup", "hooks/config", "hooks/ops", "hooks/protocol", "hooks/store"},
	"messagerie/hooks/privacy":            {"hooks/config", "hooks/protocol", "hooks/school", "hooks/store"},
	"messagerie/hooks/email":              {"hooks/config", "hooks/protocol", "hooks/refusal", "hooks/school", "hooks/store", "hooks/text"},
	"messagerie/hooks/attachments":        {"hooks/config", "hooks/messagerie", "hooks/protocol", "hooks/refusal", "hooks/school", "hooks/store", "hooks/text"},
	"messagerie/hooks/auth":               {"hooks/config", "hooks/protocol", "hooks/ratelimit", "hooks/refusal", "hooks/school"},
	"messagerie/hooks/messagerie":         {"hooks/config", "hooks/emoji", "hooks/protocol", "hooks/refusal", "hooks/school", "hooks/store", "hooks/text"},
	"messagerie/hooks/school":             {"hooks/config", "hooks/passwords", "hooks/protocol", "hooks/ratelimit", "hooks/refusal", "hooks/store", "hooks/text", "hooks/totp", "hooks/words"},
	"messagerie/hooks/cluster":            {"hooks/config", "hooks/protocol", "hooks/refusal", "hooks/store"},
	"messagerie/hooks/store":              {"hooks/protocol", "hooks/refusal"},
	"messagerie/hooks/refusal":            {"hooks/protocol"},
	"messagerie/hooks/passwords":          {"hooks/words"},
	"messagerie/hooks/emoji":              {},
	"messagerie/hooks/text":               {},
	"messagerie/hooks/totp":               {},
	"messagerie/hooks/words":              {},
	"messagerie/hooks/bench":              {},
	"messagerie/hooks/protocol":           {},
	"messagerie/hooks/config":             {},
	"messagerie/hooks/ratelimit":          {},
	"messagerie/hooks/apptest":            {"hooks", "hooks/apptest/plainapp", "hooks/cluster", "hooks/config", "hooks/messagerie", "hooks/protocol", "hooks/school", "hooks/store"},
	"messagerie/hooks/apptest/oidcserver": {},
	"messagerie/hooks/apptest/plainapp":   {"pb_migrations"},
	"messagerie/hooks/apptest/s3test":     {},
	"messagerie/pb_migrations":            {"hooks/protocol", "hooks/text", "hooks/words"},
	"messagerie/ui":                       {},
}

func TestImports_pointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports ","}}`,
		"messagerie", "messagerie/hooks/...", "messagerie/pb_migrations", "messagerie/ui").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		from, imports, _ := strings.Cut(line, " ")
		allowed, known := allowedImports[from]
		if !known {
			t.Errorf("%s isn't in the list", from)
		}
		for _, to := range strings.Split(imports, ",") {
			inside, ok := strings.CutPrefix(to, "messagerie/")
			if ok && !slices.Contains(allowed, inside) {
				t.Errorf("%s imports %s", from, to)
			}
			if strings.HasPrefix(to, "github.com/spf13/viper") && from != "messagerie/hooks/config" {
				t.Errorf("%s imports viper, which only config may", from)
			}
			if strings.HasPrefix(to, "github.com/hashicorp/") && from != "messagerie/hooks/cluster" {
				t.Errorf("%s imports raft, which only cluster may", from)
			}
		}
	}
}

// needRaceDetector are packages whose use in a test makes goroutines of ours, or shares something among them.
var needRaceDetector = []string{"sync", "sync/atomic", "net/http/httptest", "messagerie/hooks/apptest"}

func TestRaceDetector_isWhereGoroutinesAre(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	unraced := regexp.MustCompile(`(?m)^GO_UNRACED := (.+)$`).FindSubmatch(makefile)
	if unraced == nil {
		t.Fatal("the Makefile has no GO_UNRACED")
	}
	for _, dir := range strings.Fields(string(unraced[1])) {
		files, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no Go files (%v)", dir, err)
		}
		for _, file := range files {
			for _, reason := range concurrency(t, file) {
				t.Errorf("%s %s: take %s out of GO_UNRACED in the Makefile", file, reason, dir)
			}
		}
	}
}

// concurrency returns what of a file needs the race detector.
func concurrency(t *testing.T, file string) (reasons []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); slices.Contains(needRaceDetector, path) {
			reasons = append(reasons, "imports "+path)
		}
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GoStmt:
			reasons = append(reasons, "starts a goroutine")
		case *ast.SelectorExpr:
			if n.Sel.Name == "Parallel" {
				reasons = append(reasons, "runs tests in parallel")
			}
		}
		return true
	})
	return reasons
}
