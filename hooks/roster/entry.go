package roster

import (
	"strings"
	"unicode/utf8"
)

// entry is a row or an element about somebody. One with a problem is bad: only its first problem
// is told, and it is left out.
type entry struct {
	*reading
	at  Position
	bad bool
}

// fail marks an entry as bad.
func (e *entry) fail(at Position, code, format string, args ...any) {
	if !e.bad {
		e.bad = true
		e.problem(at, code, format, args...)
	}
}

// text checks a text that is called by its header or element in problems.
func (e *entry) text(at Position, name, value string, limit int) string {
	value = clean(value)
	switch {
	case strings.ContainsRune(value, utf8.RuneError):
		e.fail(at, ProblemUnreadableText, "« %s » contient des caractères illisibles.", name)
	case utf8.RuneCountInString(value) > limit:
		e.fail(at, ProblemTooLong, "« %s » dépasse %d caractères.", name, limit)
		return ""
	}
	return value
}

func (e *entry) day(at Position, value string) string {
	day, ok := parseDay(value)
	if !ok {
		e.fail(at, ProblemInvalidDate, "« %s » n'est pas une date.", value)
		return ""
	}
	return day
}

// left is the day on which somebody left, "" as long as it is to come.
func (e *entry) left(at Position, value string) string {
	if day := e.day(at, value); day <= e.today {
		return day
	}
	return ""
}

func (e *entry) ine(at Position, value string) string {
	ine, ok := parseINE(value)
	if !ok {
		e.fail(at, ProblemInvalidINE, "« %s » n'est pas un INE.", value)
		return ""
	}
	return ine
}

// email leaves out only the address if it can't be one.
func (e *entry) email(at Position, value string) string {
	address, ok := parseEmail(value)
	if ok {
		return address
	}
	if !e.bad {
		e.problem(at, ProblemInvalidEmail, "« %s » n'est pas une adresse électronique : elle est ignorée.", value)
	}
	return ""
}

// named checks that a person has both names and spells them.
func (e *entry) named(p *Person, last, first Position) {
	p.LastName, p.FirstName = addressed(p.LastName), addressed(p.FirstName)
	switch {
	case nameKey(p.LastName) == "":
		e.fail(last, ProblemMissingName, "Le nom manque.")
	case nameKey(p.FirstName) == "":
		e.fail(first, ProblemMissingName, "Le prénom manque.")
	}
}
