package school

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
	"messagerie/hooks/words"
)

const (
	minQuery = 2 // characters: one letter would find everybody
	maxWords = 8 // of a query: nobody has more names
)

// Search finds people in an establishment, other than the caller, by a prefix of any
// word of their names and address, ignoring case and accents. Matches of whole words
// of a name come first, then those of beginnings, then those of addresses. A query
// that is too short finds nobody. Only people with whom the caller may begin a conversation are found.
func (s *Service) Search(caller Person, establishment protocol.ID, query string) ([]protocol.User, error) {
	found, err := s.Find(caller, establishment, Wanted{Query: query})
	return found.Users, err
}

func (s *Service) search(caller Person, establishment protocol.ID, wanted Wanted) ([]protocol.User, error) {
	query := wordsOf(wanted.Query)
	if len(query) == 0 {
		return []protocol.User{}, nil
	}
	if err := s.budgets.Searches.Spend(caller, 1); err != nil {
		return nil, err
	}
	search := peopleSearch{service: s, caller: caller, establishment: establishment, wanted: wanted}
	if err := search.order(query); err != nil {
		return nil, fmt.Errorf("search people: %w", err)
	}
	found, err := search.find()
	if err != nil {
		return nil, fmt.Errorf("search people: %w", err)
	}
	return s.usersOf(caller, found, wanted.reach)
}

// wordsOf returns the words to search for, none if the query is too short.
func wordsOf(query string) []string {
	if utf8.RuneCountInString(strings.TrimSpace(query)) < minQuery {
		return nil
	}
	found := words.Of(query)
	return found[:min(len(found), maxWords)]
}

// peopleSearch is one search in people_words, which is sorted by establishment, source
// and word: a prefix is a range of it, with whole words first. It reads a bounded
// number of rows however many people there are.
type peopleSearch struct {
	service       *Service
	caller        Person
	establishment protocol.ID
	wanted        Wanted
	words         []string // the rarest first: its range is scanned, the others are looked up
	common        []bool   // which of the words have more matches than are counted
}

// minCandidates is how many matches of each source are sorted at least; if there are more,
// only those with the first words. Each takes a read of a person anywhere on the disk.
const minCandidates = 50

// candidates is more than the results, because a person may match by several words.
func (p *peopleSearch) candidates() int {
	return max(minCandidates, 5*p.service.limits.SearchResults/2)
}

// maxCounted is how far the matches of a word are counted, to find the rarest. Counting
// 2 000 takes a third of a millisecond; scanning a common word in vain took 21 (jerome
// lefevre ab, among 100 000 people).
const maxCounted = 4000

// addresses are the sources besides names that the caller may search: nobody can be found
// by an address that the caller may not see.
func (p *peopleSearch) addresses() []string {
	if p.caller.IsStaff() {
		return []string{"public_email", "email"}
	}
	return []string{"public_email"}
}

func (p *peopleSearch) sources() []string { return append([]string{"name"}, p.addresses()...) }

// order puts the word with the fewest matches first, as far as they are counted
// (maxCounted); of several common ones the longest, which is likely to have fewer: among
// 100 000 people "le" begins three times as many names as "goff".
func (p *peopleSearch) order(query []string) error {
	p.words, p.common = query, make([]bool, len(query))
	if len(query) == 1 {
		return nil
	}
	rarest, fewest := 0, maxCounted+1
	for i := range query {
		count, err := p.count(query[i])
		if err != nil {
			return err
		}
		p.common[i] = count == maxCounted
		if count < fewest || (count == fewest && len(query[i]) > len(query[rarest])) {
			rarest, fewest = i, count
		}
	}
	query[0], query[rarest] = query[rarest], query[0]
	p.common[0], p.common[rarest] = p.common[rarest], p.common[0]
	return nil
}

// count returns how many rows match a word, at most maxCounted.
func (p *peopleSearch) count(word string) (int, error) {
	var counted []struct {
		Rows int `db:"rows"`
	}
	err := p.service.store.Query(fmt.Sprintf(`SELECT count(*) AS rows FROM (SELECT 1 FROM people_words d
		WHERE %s AND d.source IN ('name', 'public_email', 'email') LIMIT %d)`, matches("d", 0), maxCounted), p.params(word), &counted)
	if err != nil {
		return 0, err
	}
	return counted[0].Rows, nil
}

// matches is the condition that a row of people_words begins with the nth word.
func matches(alias string, n int) string {
	return fmt.Sprintf("%[1]s.establishment = {:establishment} AND %[1]s.word >= {:from%[2]d} AND %[1]s.word < {:to%[2]d}", alias, n)
}

func (p *peopleSearch) params(prefixes ...string) dbx.Params {
	params := dbx.Params{
		"establishment": p.establishment.RecordID(),
		"caller":        p.caller.ID.RecordID(),
	}
	for i, word := range prefixes {
		params[fmt.Sprint("from", i)] = word
		params[fmt.Sprint("to", i)] = word + string(utf8.MaxRune)
	}
	return p.wanted.params(params)
}

// find returns the best matches. Addresses come after all names, so they are only searched
// if there are too few of those. If all of several words are rare, names and addresses are
// searched at once, because each scan collects the people of the other words again.
func (p *peopleSearch) find() ([]foundRow, error) {
	limit := p.service.limits.SearchResults
	if len(p.words) > 1 && !slices.Contains(p.common, true) {
		return p.query(limit, p.sources())
	}
	found, err := p.query(limit, []string{"name"})
	if err != nil || len(found) == limit {
		return found, err
	}
	var each [][]string
	for _, source := range p.addresses() {
		each = append(each, []string{source})
	}
	byAddress, err := p.query(limit+len(found), each...)
	for _, row := range byAddress {
		isNew := !slices.ContainsFunc(found, func(r foundRow) bool { return r.ID == row.ID })
		if isNew && len(found) < limit {
			found = append(found, row)
		}
	}
	return found, err
}

// query keeps only the statements for one word prepared: there are few, and they are the
// ones used while a name is typed.
func (p *peopleSearch) query(limit int, scans ...[]string) (rows []foundRow, err error) {
	statement := p.statement(scans)
	params, err := p.wanted.reach.params(p.params(p.words...))
	if err != nil {
		return nil, err
	}
	params["limit"] = limit
	if len(p.words) == 1 {
		err = p.service.store.Query(statement, params, &rows)
	} else {
		err = p.service.app.ConcurrentDB().NewQuery(statement).Bind(params).All(&rows)
	}
	return rows, err
}

// statement scans each of several lists of sources.
func (p *peopleSearch) statement(scans [][]string) string {
	others := p.wanted.condition("d.user", "d.role")
	for i := range p.words[1:] {
		others += " AND " + p.has(i+1)
	}
	var candidates []string
	for _, sources := range scans {
		order := "d.word"
		if len(sources) > 1 { // else addresses would take the places of names
			order = "rank, d.word"
		}
		candidates = append(candidates, fmt.Sprintf(`SELECT * FROM (
			SELECT d.user, CASE d.source WHEN 'name' THEN d.word != {:from0} ELSE 2 END AS rank FROM people_words d
			WHERE %s AND d.source IN ('%s') AND d.user != {:caller}%s ORDER BY %s LIMIT %d)`,
			matches("d", 0), strings.Join(sources, "','"), others, order, p.candidates()*len(sources)))
	}
	return fmt.Sprintf(`WITH found AS (SELECT user, min(rank) AS rank FROM (%s) GROUP BY user)
		SELECT u.id FROM found JOIN users u ON u.id = found.user
		ORDER BY found.rank, u.last_name, u.first_name, u.id LIMIT {:limit}`, strings.Join(candidates, " UNION ALL "))
}

// has is the condition that a candidate also has the nth word. The people of a rare one are
// collected once (the plus keeps SQLite from scanning them first); for a common one, each
// candidate is looked up.
func (p *peopleSearch) has(n int) string {
	condition := fmt.Sprintf("%s AND o.source IN ('%s')", matches("o", n), strings.Join(p.sources(), "','"))
	if p.common[n] {
		return "EXISTS (SELECT 1 FROM people_words o INDEXED BY idx_people_words_user WHERE o.user = d.user AND " + condition + ")"
	}
	return "+d.user IN (SELECT o.user FROM people_words o WHERE " + condition + ")"
}
