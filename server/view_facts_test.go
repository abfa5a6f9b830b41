package server

import "testing"

func TestFacts(t *testing.T) {
	tests := []struct {
		name string
		fact fact
		want string
	}{
		{"plain", fact{Label: "Sex", Value: "F"}, `<div><dt>Sex</dt><dd><span>F</span></dd></div>`},
		{"number", fact{Label: "Number", Value: "A1", Code: true}, `<div><dt>Number</dt><dd class="code"><span>A1</span></dd></div>`},
		{"two tones", fact{Label: "ID", Value: "real", Tone: "good", Second: "cut off", SecondTone: "bad"},
			`<div><dt>ID</dt><dd><span class="tone good">real</span> <span class="tone bad">cut off</span></dd></div>`},
		{"note and source", fact{Label: "Name", Value: "Ana", Note: "Ана", Source: "MRZ"},
			`<div><dt>Name</dt><dd><span>Ana</span> <span class="note">Ана</span> <span class="source" title="Where this was read">MRZ</span></dd></div>`},
		{"nothing was read", fact{Label: "Name", Value: "—", Source: "MRZ"}, `<div><dt>Name</dt><dd><span>—</span></dd></div>`},
		{"from outside", fact{Label: "<b>", Value: `"><script>`, Tone: "bad", Second: "<i>", SecondTone: "none", Note: "a&b", Source: "'"},
			`<div><dt>&lt;b&gt;</dt><dd><span class="tone bad">&#34;&gt;&lt;script&gt;</span> <span class="tone none">&lt;i&gt;</span> <span class="note">a&amp;b</span> <span class="source" title="Where this was read">&#39;</span></dd></div>`},
	}
	for _, tt := range tests {
		if got := string(facts([]fact{tt.fact})); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, got, tt.want)
		}
	}
}
