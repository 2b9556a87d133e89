package school

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/words"
)

// Bounds of the parts of a username, in characters. The field holds 60.
const (
	longestPart   = 26
	shortestName  = 3
	longestName   = 60
	namelessLogin = "compte" // for names without a Latin letter
)

// DrawUsername returns a username that nobody has yet: "zoe.marchand" for Zoë Marchand, with a
// number for whoever comes later. It is only free until somebody is saved with it.
func DrawUsername(tx core.App, first, last string) (string, error) {
	return FreeUsername(tx, UsernameOf(first, last), map[string]bool{})
}

// FreeUsername returns a username that nobody has yet, with a number if it is taken. given has, in
// small letters, those of people who aren't stored yet; the one that is returned is added.
func FreeUsername(tx core.App, wanted string, given map[string]bool) (string, error) {
	for n := 1; ; n++ {
		number := ""
		if n > 1 || len(wanted) < shortestName {
			number = strconv.Itoa(n)
		}
		username := wanted[:min(len(wanted), longestName-len(number))] + number
		key := strings.ToLower(username)
		if len(username) < shortestName || given[key] {
			continue
		}
		id, err := findAccount(tx, "username", username)
		if err != nil {
			return "", err
		}
		if id == "" {
			given[key] = true
			return username, nil
		}
	}
}

// UsernameOf is the username that suits a name, which may be taken: the first and the last name in Latin letters without accents: "anne-sophie.legoff".
func UsernameOf(first, last string) string {
	var parts []string
	for _, name := range []string{loginPart(first, "-"), loginPart(last, "")} {
		if name != "" {
			parts = append(parts, name)
		}
	}
	if len(parts) == 0 {
		return namelessLogin
	}
	return strings.Join(parts, ".")
}

func loginPart(name, separator string) string {
	latin := func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}
	var kept []string
	for _, word := range words.Of(name) {
		if word = strings.Map(latin, word); word != "" {
			kept = append(kept, word)
		}
	}
	part := strings.Join(kept, separator)
	return strings.TrimRight(part[:min(len(part), longestPart)], "-")
}

// findAccount returns the id of the account with a username or an email, ignoring case, "" if
// there is none.
func findAccount(app core.App, field, value string) (id string, err error) {
	if value == "" {
		return "", nil
	}
	err = app.ConcurrentDB().Select("id").From("users").
		Where(dbx.NewExp("[["+field+"]] = {:value} COLLATE NOCASE", dbx.Params{"value": value})).Limit(1).Row(&id)
	if isNoRows(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find account: %w", err)
	}
	return id, nil
}
