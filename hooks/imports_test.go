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
	"messagerie/hooks/bench":              {"hooks/apptest/freeport", "hooks/bench/wallclock"},
	"messagerie/hooks/bench/wallclock":    {},
	"messagerie/hooks/protocol":           {},
	"messagerie/hooks/config":             {},
	"messagerie/hooks/ratelimit":          {},
	"messagerie/hooks/apptest":            {"hooks", "hooks/apptest/plainapp", "hooks/cluster", "hooks/config", "hooks/messagerie", "hooks/protocol", "hooks/school", "hooks/store"},
	"messagerie/hooks/apptest/freeport":   {},
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
	for _, dir := range inMakefile(t, "GO_UNRACED") {
		for path, file := range goFiles(t, dir) {
			for _, spec := range file.Imports {
				if imported, _ := strconv.Unquote(spec.Path.Value); slices.Contains(needRaceDetector, imported) {
					t.Errorf("%s imports %s: take %s out of GO_UNRACED in the Makefile", path, imported, dir)
				}
			}
			if runsAtOnce(file) {
				t.Errorf("%s starts goroutines: take %s out of GO_UNRACED in the Makefile", path, dir)
			}
		}
	}
}

// In the packages that are tested with the race detector only where something runs at once, it isn't forgotten there.
func TestRaceDetector_isInTestsOfWhatRunsAtOnce(t *testing.T) {
	for _, dir := range inMakefile(t, "GO_AT_ONCE") {
		functions, calls := map[string]bool{}, map[string]map[string]bool{} // whether something runs at once, and what each calls
		tests := 0
		for path, file := range goFiles(t, dir) {
			if !strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, declaration := range file.Decls {
				if f, ok := declaration.(*ast.FuncDecl); ok {
					functions[f.Name.Name] = functions[f.Name.Name] || runsAtOnce(f)
					calls[f.Name.Name] = called(f)
				}
			}
		}
		for changed := true; changed; {
			changed = false
			for name, of := range calls {
				for callee := range of {
					if functions[callee] && !functions[name] {
						functions[name], changed = true, true
					}
				}
			}
		}
		for name, atOnce := range functions {
			named := regexp.MustCompile("^Test.*[aA]tOnce").MatchString(name)
			if named {
				tests++
			}
			if strings.HasPrefix(name, "Test") && atOnce && !named {
				t.Errorf("%s of %s runs something at once and doesn't say so in its name: it isn't run with the race detector", name, dir)
			}
		}
		if tests == 0 {
			t.Errorf("%s has no test with AtOnce in its name", dir)
		}
	}
}

// inMakefile is the list of directories in a variable.
func inMakefile(t *testing.T, variable string) []string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?m)^` + variable + ` := (.+)$`).FindSubmatch(makefile)
	if list == nil {
		t.Fatalf("the Makefile has no %s", variable)
	}
	return strings.Fields(string(list[1]))
}

// goFiles are the parsed files of a directory by their path.
func goFiles(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no Go files (%v)", dir, err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// runsAtOnce reports whether goroutines are started there, with `go`, by a WaitGroup, by apptest or as parallel tests.
func runsAtOnce(node ast.Node) (found bool) {
	ast.Inspect(node, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.SelectorExpr:
			found = found || slices.Contains([]string{"Go", "Parallel", "AtOnce", "FireAndForget"}, n.Sel.Name)
		}
		return true
	})
	return found
}

// called are the names of the functions that one calls.
func called(f *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(f, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				names[fun.Name] = true
			case *ast.SelectorExpr:
				names[fun.Sel.Name] = true
			}
		}
		return true
	})
	return names
}
