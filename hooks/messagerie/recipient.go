package messagerie

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

const (
	minQuery = 2 // characters: one letter finds everybody
	maxWords = 8 // of a query: nobody has more names
)

// Search finds people of an establishment by a prefix of any word of their names
// and address, without regard to case and accents, the caller excepted. Whole words
// of a name come first, then beginnings, then addresses. A query that is too short
// finds nobody.
func (s *Service) Search(caller Person, establishment protocol.ID, query string) ([]protocol.User, error) {
	if establishment == 0 || !caller.Belongs(establishment) {
		return nil, ErrNotInSchool
	}
	found := words.Of(query)
	if utf8.RuneCountInString(strings.TrimSpace(query)) < minQuery || len(found) == 0 {
		return []protocol.User{}, nil
	}
	search := peopleSearch{service: s, caller: caller, establishment: establishment}
	if err := search.order(found[:min(len(found), maxWords)]); err != nil {
		return nil, fmt.Errorf("search people: %w", err)
	}
	var rows []personRow
	if err := search.query().All(&rows); err != nil {
		return nil, fmt.Errorf("search people: %w", err)
	}
	users := make([]protocol.User, len(rows))
	for i, row := range rows {
		users[i] = row.person().For(caller)
	}
	return users, nil
}

// peopleSearch is one walk through people_words, which is sorted by establishment,
// source and word: a prefix is one stretch of it, whole words first. It looks at a
// bounded number of people however many there are.
type peopleSearch struct {
	service       *Service
	caller        Person
	establishment protocol.ID
	words         []string // the rarest first: it is walked along, the others are looked up
}

// maxCandidates is how many matches of each source are put in order; of more, those
// with the shortest words stand for all.
const maxCandidates = 200

// maxCounted is how far the matches of a word are counted, to find the rarest. To
// count 2 000 takes a third of a millisecond; to walk along a common word in vain
// took 21 (jerome lefevre ab, among 100 000 people).
const maxCounted = 2000

// sources are where a word may come from, for the caller. Who may not see an
// address may not find anybody by it either.
func (p *peopleSearch) sources() []string {
	if p.caller.IsStaff() {
		return []string{"name", "public_email", "email"}
	}
	return []string{"name", "public_email"}
}

// order puts the word first that the fewest people have, as far as it is worth
// counting (maxCounted).
func (p *peopleSearch) order(query []string) error {
	p.words = query
	if len(query) == 1 {
		return nil
	}
	rarest, fewest := 0, maxCounted+1
	for i := range query {
		var count int
		err := p.service.app.ConcurrentDB().NewQuery(fmt.Sprintf(
			`SELECT count(*) FROM (SELECT 1 FROM people_words d WHERE %s AND d.source IN ('name', 'public_email', 'email') LIMIT %d)`,
			stretch("d", 0), maxCounted)).Bind(p.params(query[i])).Row(&count)
		if err != nil {
			return err
		}
		if count < fewest {
			rarest, fewest = i, count
		}
	}
	query[0], query[rarest] = query[rarest], query[0]
	return nil
}

// stretch is the condition that a row of people_words has the nth word's prefix.
func stretch(alias string, n int) string {
	return fmt.Sprintf("%[1]s.establishment = {:establishment} AND %[1]s.word >= {:from%[2]d} AND %[1]s.word < {:to%[2]d}", alias, n)
}

func (p *peopleSearch) params(prefixes ...string) dbx.Params {
	params := dbx.Params{
		"establishment": p.establishment.RecordID(),
		"caller":        p.caller.ID.RecordID(),
		"limit":         p.service.limits.SearchResults,
	}
	for i, word := range prefixes {
		params[fmt.Sprint("from", i)] = word
		params[fmt.Sprint("to", i)] = word + string(utf8.MaxRune)
	}
	return params
}

func (p *peopleSearch) query() *dbx.Query {
	others := ""
	for i := range p.words[1:] {
		others += fmt.Sprintf(` AND EXISTS (SELECT 1 FROM people_words o INDEXED BY idx_people_words_user
			WHERE o.user = d.user AND %s AND o.source IN ('%s'))`, stretch("o", i+1), strings.Join(p.sources(), "','"))
	}
	var candidates []string
	for _, source := range p.sources() {
		rank := "2"
		if source == "name" {
			rank = "d.word != {:from0}"
		}
		candidates = append(candidates, fmt.Sprintf(`SELECT * FROM (SELECT d.user, %s AS rank FROM people_words d
			WHERE %s AND d.source = '%s' AND d.user != {:caller}%s ORDER BY d.word LIMIT %d)`,
			rank, stretch("d", 0), source, others, maxCandidates))
	}
	statement := fmt.Sprintf(`WITH found AS (SELECT user, min(rank) AS rank FROM (%s) GROUP BY user)
		SELECT %s FROM found JOIN users ON users.id = found.user
		ORDER BY found.rank, users.last_name, users.first_name, users.id LIMIT {:limit}`,
		strings.Join(candidates, " UNION ALL "), strings.Join(personColumns("users"), ", "))
	return p.service.app.ConcurrentDB().NewQuery(statement).Bind(p.params(p.words...))
}
