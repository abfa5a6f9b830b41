package kv

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// TestEveryPrefixIsInTheTable: the compiler refuses two prefixes with one letter only where both are in
// the table, and what is not in it would not be verified.
func TestEveryPrefixIsInTheTable(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "key.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, decl := range file.Decls {
		consts, ok := decl.(*ast.GenDecl)
		if !ok || consts.Tok != token.CONST {
			continue
		}
		for _, spec := range consts.Specs {
			v := spec.(*ast.ValueSpec)
			if !strings.HasPrefix(v.Names[0].Name, "at") {
				continue
			}
			letter, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if n++; checks[letter[0]] == "" {
				t.Errorf("%s is not in the table", v.Names[0].Name)
			}
		}
	}
	if n < 40 || n != len(checks) {
		t.Errorf("%d prefixes, %d in the table", n, len(checks))
	}
}
