package search

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
)

// A query of FTS5 takes a tenth of a millisecond for each conversation and word, whether the conversation has the word
// or not. So each conversation has a filter, which says of most words that none of its messages has them: a Bloom
// filter of the beginnings of its words. Somebody with hundreds of conversations is searched for in those few that may
// have all words. It grows with each message and edit, and never says no by mistake.

const filterBits = 8192

// filter is a set of beginnings.
type filter [filterBits / 8]byte

// beginnings are how many characters of a word are looked at: a query has the beginning of a word.
var beginnings = []int{3, 5, 8}

// bitsOf returns the bits of a word's beginnings: of a word of a message those that are set, of one in a query those that
// have to be. A word that is shorter than any has none.
func bitsOf(word string) (bits []uint32) {
	characters := []rune(word)
	for _, length := range beginnings {
		if length > len(characters) {
			break
		}
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(string(characters[:length]))) // never fails
		bits = append(bits, hash.Sum32()%filterBits)
	}
	return bits
}

// add adds a word, and reports whether the filter has changed.
func (f *filter) add(word string) (changed bool) {
	for _, bit := range bitsOf(word) {
		if before := f[bit/8]; before|1<<(bit%8) != before {
			f[bit/8], changed = before|1<<(bit%8), true
		}
	}
	return changed
}

// mayHave reports whether the conversation may have a word that begins with each of the query's.
func (f *filter) mayHave(query []string) bool {
	for _, word := range query {
		for _, bit := range bitsOf(word) {
			if f[bit/8]&(1<<(bit%8)) == 0 {
				return false
			}
		}
	}
	return true
}

const filterSQL = "SELECT conversation, words FROM filters WHERE conversation IN (SELECT value FROM json_each(?))"

// mayHave returns those conversations that may have all words of a query, in their order.
func (i *index) mayHave(ctx context.Context, conversations []messagerie.Activity, query []string) ([]messagerie.Activity, error) {
	ids := make([]protocol.ID, len(conversations))
	for n, c := range conversations {
		ids[n] = c.Conversation
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := i.db.QueryContext(ctx, filterSQL, string(list))
	if err != nil {
		return nil, fmt.Errorf("load filters: %w", err)
	}
	defer func() { _ = rows.Close() }() // Err says whether all were read
	may := make(map[protocol.ID]bool, len(conversations))
	for _, id := range ids { // one without a row has no word that is long enough for a filter
		may[id] = new(filter).mayHave(query)
	}
	var words sql.RawBytes
	for rows.Next() {
		var id protocol.ID
		if err := rows.Scan(&id, &words); err != nil {
			return nil, fmt.Errorf("load filters: %w", err)
		}
		var f filter
		copy(f[:], words)
		may[id] = f.mayHave(query)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("load filters: %w", err)
	}
	return slices.DeleteFunc(conversations, func(c messagerie.Activity) bool { return !may[c.Conversation] }), nil
}

// widen adds the words of messages to the filters of their conversations.
func (b batch) widen(tx *sql.Tx) error {
	filters := map[protocol.ID]*filter{}
	changed := map[protocol.ID]bool{}
	for _, list := range [][]messagerie.StoredMessage{b.added, b.changed} {
		for _, m := range list {
			if m.Deleted {
				continue
			}
			f, err := filterIn(tx, filters, m.Conversation)
			if err != nil {
				return err
			}
			for _, word := range wordsOf(m) {
				if f.add(word) {
					changed[m.Conversation] = true
				}
			}
		}
	}
	for conversation := range changed {
		_, err := tx.ExecContext(always, "INSERT INTO filters (conversation, words) VALUES (?, ?) ON CONFLICT (conversation) DO UPDATE SET words = excluded.words",
			conversation, filters[conversation][:])
		if err != nil {
			return err
		}
	}
	return nil
}

// filterIn returns the filter of a conversation, which is loaded once.
func filterIn(tx *sql.Tx, known map[protocol.ID]*filter, conversation protocol.ID) (*filter, error) {
	if f := known[conversation]; f != nil {
		return f, nil
	}
	f := new(filter)
	known[conversation] = f
	var words []byte
	err := tx.QueryRowContext(always, "SELECT words FROM filters WHERE conversation = ?", conversation).Scan(&words)
	if errors.Is(err, sql.ErrNoRows) {
		return f, nil
	}
	copy(f[:], words)
	return f, err
}
