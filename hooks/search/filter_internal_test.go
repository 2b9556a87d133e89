package search

import "testing"

func TestFilter_neverDeniesABeginning(t *testing.T) {
	var f filter
	all := []string{"bonjour", "kerguelen", "éa", "le", "مدرسة", "214", "x"}
	for _, word := range all {
		f.add(word)
	}
	for _, word := range all {
		characters := []rune(word)
		for length := range len(characters) + 1 {
			if beginning := string(characters[:length]); !f.mayHave([]string{beginning}) {
				t.Errorf("it denies %q of %q", beginning, word)
			}
		}
	}
	if f.mayHave([]string{"zygote"}) || f.mayHave([]string{"bonjour", "zygote"}) || f.mayHave([]string{"bonsoir"}) {
		t.Error("it has words that nobody wrote")
	}
	if f.add("bonjour") {
		t.Error("a known word has changed it")
	}
}

// A conversation of a hundred messages with ten words each lets few others pass.
func TestFilter_isSelective(t *testing.T) {
	var f filter
	word := func(n int) string {
		return string([]rune{rune('a' + n%26), rune('a' + n/26%26), rune('a' + n/676%26), 'x', rune('a' + n%7), 'y'})
	}
	for n := range 600 {
		f.add(word(n))
	}
	passing := 0
	for n := range 1000 {
		if f.mayHave([]string{word(5000 + n)}) {
			passing++
		}
	}
	if passing > 50 {
		t.Errorf("%d of a thousand other words pass", passing)
	}
}
