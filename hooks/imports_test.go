package hooks

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows are the imports that are allowed among the packages of this module. An
// arrow that isn't here is one that was turned round, or a new one that belongs
// into doc.go and the README's map first.
var arrows = map[string][]string{
	"messagerie":                  {"hooks", "hooks/config", "hooks/demo"},
	"messagerie/hooks":            {"hooks/chat", "hooks/config", "hooks/email", "hooks/messagerie", "hooks/rest", "pb_migrations", "ui"},
	"messagerie/hooks/chat":       {"hooks/auth", "hooks/config", "hooks/messagerie", "hooks/protocol"},
	"messagerie/hooks/rest":       {"hooks/auth", "hooks/config", "hooks/email", "hooks/messagerie", "hooks/protocol"},
	"messagerie/hooks/demo":       {"hooks/config", "hooks/messagerie", "hooks/protocol", "hooks/words"},
	"messagerie/hooks/email":      {"hooks/config", "hooks/messagerie", "hooks/protocol"},
	"messagerie/hooks/auth":       {"hooks/config", "hooks/messagerie", "hooks/protocol"},
	"messagerie/hooks/messagerie": {"hooks/config", "hooks/protocol", "hooks/words"},
	"messagerie/hooks/words":      {},
	"messagerie/hooks/bench":      {},
	"messagerie/hooks/protocol":   {},
	"messagerie/hooks/config":     {},
	"messagerie/hooks/apptest":    {"hooks", "hooks/config", "hooks/messagerie", "hooks/protocol"},
	"messagerie/pb_migrations":    {"hooks/protocol", "hooks/words"},
	"messagerie/ui":               {},
}

func TestImports_pointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports ","}}`,
		"messagerie", "messagerie/hooks/...", "messagerie/pb_migrations", "messagerie/ui").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		from, imports, _ := strings.Cut(line, " ")
		allowed, known := arrows[from]
		if !known {
			t.Errorf("%s has no place in the picture", from)
		}
		for _, to := range strings.Split(imports, ",") {
			inside, ok := strings.CutPrefix(to, "messagerie/")
			if ok && !slices.Contains(allowed, inside) {
				t.Errorf("%s imports %s", from, to)
			}
			if strings.HasPrefix(to, "github.com/spf13/viper") && from != "messagerie/hooks/config" {
				t.Errorf("%s imports viper, which is config's alone", from)
			}
		}
	}
}
