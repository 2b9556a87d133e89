package messagerie

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// minQuery is the shortest search, in characters: one letter finds everybody.
const minQuery = 2

// Search finds people of an establishment by a prefix of any word of their names
// and address, without regard to case and accents, best match first, the caller
// excepted. A query that is too short finds nobody.
func (s *Service) Search(caller Person, establishment protocol.ID, query string) ([]protocol.User, error) {
	if establishment == 0 || !caller.Belongs(establishment) {
		return nil, ErrNotInSchool
	}
	words := searchWords(query)
	if len(words) == 0 {
		return []protocol.User{}, nil
	}
	// Who may not see an address may not find anybody by it either.
	columns := "{first_name last_name public_email}"
	if caller.IsStaff() {
		columns = "{first_name last_name email}"
	}
	match := fmt.Sprintf(`establishments : "%s"`, establishment.RecordID())
	for _, word := range words {
		// Found as a whole word of a name it counts twice: Martin comes before Martineau.
		match += fmt.Sprintf(` AND ({first_name last_name} : %s OR %s : %s*)`, word, columns, word)
	}

	var rows []personRow
	err := s.app.ConcurrentDB().NewQuery(searchSQL).Bind(dbx.Params{
		"match": match, "caller": int64(caller.ID), "limit": s.limits.SearchResults,
	}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("search people: %w", err)
	}
	users := make([]protocol.User, len(rows))
	for i, row := range rows {
		users[i] = row.person().For(caller)
	}
	return users, nil
}

// searchSQL weighs a name above an address and leaves the establishment, which is
// the same for all, without weight.
var searchSQL = `SELECT ` + strings.Join(personColumns("users"), ", ") + `
	FROM people_search
	JOIN users ON users.id = printf('%016d', people_search.rowid)
	WHERE people_search MATCH {:match} AND people_search.rowid != {:caller}
	ORDER BY bm25(people_search, 10, 10, 3, 3, 0), users.last_name, users.first_name
	LIMIT {:limit}`

// searchWords makes each word of a query a quoted phrase of the FTS5 language.
// Words without a letter or digit would match nothing and are left out.
func searchWords(query string) []string {
	query = strings.TrimSpace(strings.ReplaceAll(query, "\x00", ""))
	if utf8.RuneCountInString(query) < minQuery {
		return nil
	}
	// As the index is written: see unligated in pb_migrations.
	query = strings.NewReplacer("œ", "oe", "Œ", "Oe", "æ", "ae", "Æ", "Ae").Replace(query)
	var words []string
	for _, word := range strings.Fields(query) {
		if strings.ContainsFunc(word, isWordRune) {
			words = append(words, `"`+strings.ReplaceAll(word, `"`, `""`)+`"`)
		}
	}
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	return words
}

// maxWords bounds the work of one search; nobody has more names.
const maxWords = 8

// isWordRune says whether the index's tokenizer (unicode61) sees a word in r.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
