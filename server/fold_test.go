package server

import (
	"html/template"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	const page = `{{define "part"}}<img src="{{asset "app.css"}}" alt="">{{icon "lock"}}{{end}}<a href="{{base}}/x/{{.}}">{{if .}}{{icon "lock"}}{{else}}{{base}}{{end}}</a>` +
		`{{with .}}{{range $i, $c := .}}{{asset "app.css"}}{{end}}{{$here := print base "/y"}}<a href="{{$here}}">{{icon $here}}</a>{{base | print}}{{template "part"}}{{end}}`
	s := &Server{base: "/a&b", assets: map[string]asset{"app.css": {sum: "1"}, "icons.svg": {sum: "2"}}}
	parse := func(text string) *template.Template {
		return template.Must(template.New("page").Funcs(s.funcs()).Parse(text))
	}
	render := func(page *template.Template) string {
		var out strings.Builder
		if err := page.Execute(&out, []string{"one"}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	folded := parse(page)
	if err := s.fold(folded); err != nil {
		t.Fatal(err)
	}
	if left := strings.Count(folded.Tree.Root.String()+folded.Lookup("part").Tree.Root.String(), "{{"); left != 13 {
		t.Errorf("%d actions are left, want 13:\n%s", left, folded.Tree.Root)
	}
	if got, want := render(folded), render(parse(page)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if err := s.fold(parse(`{{if .}}{{asset "gone.css"}}{{end}}`)); err == nil {
		t.Error("an asset that is not there should be found when the program starts")
	}
}
