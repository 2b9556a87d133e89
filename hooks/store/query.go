package store

import (
	"encoding/json"
	"runtime"
	"sync"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/protocol"
)

// queries keeps the statements that are asked all day prepared: when everybody comes
// back at once, SQLite spent a third of its time parsing the same texts. A schema
// that is changed in the dashboard has SQLite prepare them anew by itself.
type queries struct {
	mu    sync.Mutex
	db    dbx.Builder // the one that texts belong to
	texts map[string]chan *dbx.Query
}

// maxSameQueries is how many run the same query at once; the others wait. More wouldn't be served
// faster, and each takes a connection with its page cache.
var maxSameQueries = max(4, runtime.GOMAXPROCS(0))

// Query loads every row of a query, outside of transactions, and keeps its statement prepared.
// Each call with the same text names the same params.
func (s *Store) Query(text string, params dbx.Params, rows any) error {
	db := s.app.ConcurrentDB()
	idle := s.queries.of(db, text)
	query := <-idle
	defer func() { idle <- query }()
	if query == nil {
		query = db.NewQuery(text).Prepare()
	}
	err := query.Bind(params).All(rows)
	if err != nil {
		_ = query.Close() // err says more
		query = nil
	}
	return err
}

// of are the prepared queries of a text, nil for those that aren't yet.
func (q *queries) of(db dbx.Builder, text string) chan *dbx.Query {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.db != db { // opened anew: the statements were closed with the old one
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

// IDParams is a list of record ids for json_each({:ids}).
func IDParams(ids []protocol.ID) (dbx.Params, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.RecordID()
	}
	list, err := json.Marshal(texts)
	return dbx.Params{"ids": string(list)}, err
}

// RecordIDs are ids as stored, for dbx.In.
func RecordIDs(ids []protocol.ID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id.RecordID()
	}
	return out
}
