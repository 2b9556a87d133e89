package store

import (
	"encoding/json"
	"maps"
	"runtime"
	"sync"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// queries keeps frequently used statements prepared: when everybody reconnected at
// once, SQLite spent a third of its time parsing the same texts. After a change of
// the schema in the dashboard, SQLite prepares them again by itself.
type queries struct {
	mu    sync.Mutex
	db    dbx.Builder // that the statements belong to
	texts map[string]chan *dbx.Query
}

// maxSameQueries is how many callers run the same query at once; others wait. More wouldn't be
// faster, and each takes a connection with its page cache.
var maxSameQueries = max(4, runtime.GOMAXPROCS(0))

// Query loads all rows of a query, outside of transactions, and keeps its statement prepared.
// Calls with the same text must have the same names in params.
func (s *Store) Query(text string, params dbx.Params, rows any) error {
	db := s.app.ConcurrentDB()
	idle := s.queries.of(db, text)
	query := <-idle
	defer func() { idle <- query }()
	if query == nil {
		query = prepare(db, text, params)
	}
	err := query.Bind(params).All(rows)
	if err != nil {
		_ = query.Close() // err says more
		query = nil
	}
	return err
}

// prepare prepares a query. dbx keeps the first params a query is given, and writes those of later
// calls into them: it gets its own, because a caller may give the same to several queries at once.
func prepare(db dbx.Builder, text string, params dbx.Params) *dbx.Query {
	return db.NewQuery(text).Prepare().Bind(maps.Clone(params))
}

// of returns the prepared queries of a text; those that aren't prepared yet are nil.
func (q *queries) of(db dbx.Builder, text string) chan *dbx.Query {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.db != db { // the database was reopened: the statements were closed with the old one
		q.db, q.texts = db, make(map[string]chan *dbx.Query)
	}
	idle := q.texts[text]
	if idle == nil {
		idle = make(chan *dbx.Query, maxSameQueries)
		for range maxSameQueries {
			idle <- nil
		}
		q.texts[text] = idle
	}
	return idle
}

// IDParams returns a list of record ids for json_each({:ids}).
func IDParams(ids []protocol.ID) (dbx.Params, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.RecordID()
	}
	list, err := json.Marshal(texts)
	return dbx.Params{"ids": string(list)}, err
}

// RecordIDs returns ids as stored, for dbx.In.
func RecordIDs(ids []protocol.ID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id.RecordID()
	}
	return out
}
