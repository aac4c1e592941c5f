package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"
)

// TestOneExit: whoever shows figures asks report for them; nobody else reads
// counters from the store (invariant I9).
func TestOneExit(t *testing.T) {
	forbidden := []string{"TableQuery", "SeriesQuery", "TableResult", "Point", "MinuteRow", "HourRow", "DayRow", "Minutes"}
	files := 0
	for _, p := range house(t) {
		if name, _ := short(p.ImportPath); !within(name, "web", "internal/app") {
			continue
		}
		for _, file := range p.GoFiles {
			files++
			fset := token.NewFileSet()
			tree, err := parser.ParseFile(fset, filepath.Join(p.Dir, file), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				from, _ := sel.X.(*ast.SelectorExpr)
				of, _ := sel.X.(*ast.Ident)
				ofStorage := of != nil && of.Name == "storage" && slices.Contains(forbidden, sel.Sel.Name)
				ofStore := from != nil && from.Sel.Name == "Store"
				if ofStorage || ofStore {
					t.Errorf("%s: %s is not for pages: ask report", fset.Position(sel.Pos()), sel.Sel.Name)
				}
				return true
			})
		}
	}
	if files < 20 {
		t.Errorf("only %d files were looked at", files)
	}
}
