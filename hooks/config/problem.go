package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Error lists everything that is wrong, so that one start shows it all. It holds no secret.
type Error struct {
	Problems []Problem
}

// Problem is one mistake in a configuration.
type Problem struct {
	Key   string // section.key; "" where the problem is the source itself
	Where string // the file, environment variable or flag; "" where a default is concerned
	What  string // completes the sentence "Key in Where …"
}

// Error describes each problem on a line of its own.
func (e *Error) Error() string {
	if len(e.Problems) == 1 {
		return "configuration: " + e.Problems[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "configuration: %d problems", len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n  - " + p.String())
	}
	return b.String()
}

func (p Problem) String() string {
	switch {
	case p.Key == "":
		return p.Where + " " + p.What
	case p.Where == "":
		return p.Key + " " + p.What
	}
	return fmt.Sprintf("%s (%s) %s", p.Key, p.Where, p.What)
}

func (l *loader) problem(name, where, what string) {
	l.faulty[name] = true
	l.problems = append(l.problems, Problem{Key: name, Where: where, What: what})
}

func (l *loader) warn(name, where, what string) {
	l.warnings = append(l.warnings, "configuration: "+Problem{Key: name, Where: where, What: what}.String())
}

// refuse reports a value that a key doesn't take.
func (l *loader) refuse(k key, raw any, where string, err error) {
	got := describe(raw)
	if k.secret {
		got = "the value"
	}
	l.problem(k.name, where, fmt.Sprintf("is refused: %s %s; allowed: %s", got, err, k.value.allowed()))
}

// describe shows a short value and names the kind of a long one.
func describe(raw any) string {
	switch v := raw.(type) {
	case nil:
		return "nothing"
	case string:
		return quote(v)
	case time.Time:
		return "a date"
	case []any:
		return "a list"
	case bool, int, int64, uint64, float64:
		return fmt.Sprint(v)
	}
	return "a section"
}

// quote shows a text, unless it is an address with a password in it.
func quote(s string) string {
	if strings.Contains(s, "://") && strings.Contains(s, "@") {
		return "the value"
	}
	if utf8.RuneCountInString(s) > 80 {
		s = string([]rune(s)[:80]) + "…"
	}
	return strconv.Quote(s)
}

// didYouMean suggests the nearest candidate, if one is near.
func didYouMean(name string, candidates []string) string {
	_, leaf := splitKey(name)
	if leaf == "" {
		leaf = name
	}
	var elsewhere []string
	best, distance := "", max(2, len(name)/3)+1
	for _, c := range candidates {
		if _, l := splitKey(c); l == leaf {
			elsewhere = append(elsewhere, c)
		}
		if d := editDistance(strings.ToLower(name), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	switch {
	case best != "" && distance <= 2:
		return ": did you mean " + best + "?"
	case len(elsewhere) > 0:
		return ": did you mean " + strings.Join(elsewhere, " or ") + "?"
	case best != "":
		return ": did you mean " + best + "?"
	}
	return "; allowed: the keys of config.example.yaml"
}

// editDistance is the Levenshtein distance: the letters to insert, remove or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

func sortedNames[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
