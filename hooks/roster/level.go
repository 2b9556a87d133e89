package roster

import (
	"regexp"
	"strings"
	"unicode"
)

// levels are the levels of French schools in their order.
var levels = []string{
	"TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "6e", "5e", "4e", "3e", "2de", "1re", "Tle",
}

// level is an index of levels.
type level int

const (
	levelGS level = iota + 3
	levelCP
)

const (
	levelCM2 level = iota + 8
	level6e
)

const (
	level3e level = iota + 12
	level2de
	level1re
	levelTle
)

// spellings are how the levels begin the name of a class. A digit is one only if a letter follows, or
// two digits: 6A and 601 are of 6e, 12 is the twelfth class.
var spellings = func() (all []*regexp.Regexp) {
	for _, pattern := range []string{
		`tps|toute petite section`, `ps|petite section`, `ms|moyenne section`, `gs|grande section`,
		`cp`, `ce ?1`, `ce ?2`, `cm ?1`, `cm ?2`,
		digit("6", `[eè]me|e`), digit("5", `[eè]me|e`), digit("4", `[eè]me|e`), digit("3", `[eè]me|e`),
		`seconde|` + digit("2", `nde|de|nd|e`), `premi[eè]re|` + digit("1", `[eè]re|re|er`),
		`terminale|term|tle|(t)(?:g|l|es|s|stmg|sti2d|st2s|stl|std2a)?[ -]?\d`,
	} {
		all = append(all, regexp.MustCompile(`^(?i:`+pattern+`)`))
	}
	return all
}()

func digit(digit, endings string) string {
	return digit + `(?:` + endings + `)|(` + digit + `)(?:[ -]?[a-z]|\d\d$|$)`
}

// leadingLevel returns the level that a name begins with, and how it is spelled there.
func leadingLevel(name string) (at level, spelled string, ok bool) {
	for i, spelling := range spellings {
		found := spelling.FindStringSubmatch(name)
		if found == nil {
			continue
		}
		spelled = found[0]
		for _, part := range found[1:] { // without what has to follow
			if part != "" {
				spelled = part
			}
		}
		rest := strings.TrimPrefix(name, spelled)
		if letters := []rune(spelled); unicode.IsLetter(letters[len(letters)-1]) && len(letters) > 1 &&
			rest != "" && unicode.IsLower([]rune(rest)[0]) {
			continue // a word that only begins like it, such as "Cpam"
		}
		return level(i), spelled, true
	}
	return 0, "", false
}

// levelsOf returns the levels that a text names at its beginning, such as CM1-CM2 or PS/MS.
func levelsOf(text string) (all []level) {
	for {
		at, spelled, ok := leadingLevel(text)
		if !ok || len(all) > 0 && at > levelCM2 { // the classes of collèges and lycées have one: 6A 3 is no 3e
			return all
		}
		all = append(all, at)
		text = strings.TrimLeft(strings.TrimPrefix(text, spelled), " -/+,&_")
	}
}

// levelsOfClass returns those of its level, else of its name.
func levelsOfClass(c *classRow) []level {
	if all := levelsOf(strings.TrimSpace(c.Level)); len(all) > 0 {
		return all
	}
	return levelsOf(c.Name)
}

// isLast reports whether the students of a level leave a school that hasn't got the next one.
func (at level) isLast(taught map[level]bool) bool {
	switch at {
	case levelGS, levelCM2, level3e:
		return !taught[at+1]
	}
	return at == levelTle
}

// mixes reports whether the students of a level are put into other classes for the next one, so
// that no class of theirs stays together.
func (at level) mixes() bool { return at == levelCM2 || at == level3e || at == level2de }

// promotedName returns the name of a class for the next level, as its name is spelled: "6A" is "5A", "CM1 B" is
// "CM2 B". It returns "" if the name doesn't begin with the level.
func promotedName(name string, at level) string {
	named, spelled, ok := leadingLevel(name)
	if !ok || named != at {
		return ""
	}
	next := levels[at+1]
	isDigit := unicode.IsDigit(rune(spelled[0]))
	switch {
	case isDigit && unicode.IsDigit(rune(next[0])) && (at >= level6e && at < level3e || len(spelled) == 1):
		next = next[:1] + spelled[1:]
	case isDigit && len(spelled) == 1:
		next = next[:1]
	case strings.ToLower(spelled) == spelled && !isDigit:
		next = strings.ToLower(next)
	}
	return next + strings.TrimPrefix(name, spelled)
}
