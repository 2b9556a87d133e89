package hooks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// derived are changes that each machine's own listeners tell, and no transaction announces.
var derived = map[string]bool{"AnswerAllowed": true, "AllAccessRevoked": true}

// In a cluster, what a transaction announces is told on the other machines by an encoding that knows the types which
// store.Carry was given. Every type that a listener knows or that is announced must be among them.
func TestChanges_areCarriedToOtherMachines(t *testing.T) {
	announced, carried := map[string]string{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSwitchStmt:
				if switched(n) == "change" {
					for _, clause := range n.Body.List {
						for _, kind := range clause.(*ast.CaseClause).List {
							announced[nameOf(kind)] = path
						}
					}
				}
			case *ast.CallExpr:
				for _, argument := range n.Args {
					literal, ok := argument.(*ast.CompositeLit)
					switch name := nameOf(n.Fun); {
					case ok && name == "Announce":
						announced[nameOf(literal.Type)] = path
					case ok && name == "Carry":
						carried[nameOf(literal.Type)] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(announced) < 15 || len(carried) < 15 {
		t.Fatalf("only %d and %d types were found", len(announced), len(carried))
	}
	for name, path := range announced {
		if !carried[name] && !derived[name] {
			t.Errorf("%s: %s isn't among what store.Carry was given", path, name)
		}
	}
}

// switched is the name of the variable whose type is switched on.
func switched(n *ast.TypeSwitchStmt) string {
	var of ast.Expr
	switch assign := n.Assign.(type) {
	case *ast.AssignStmt:
		of = assign.Rhs[0]
	case *ast.ExprStmt:
		of = assign.X
	}
	return nameOf(of.(*ast.TypeAssertExpr).X)
}

// nameOf is the last name of x or pkg.x.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
