package messagerie

import (
	"runtime"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// queries keeps the statements that are asked all day prepared: when everybody comes
// back at once, SQLite spent a third of its time parsing the same texts. A schema
// that is changed in the dashboard has SQLite prepare them anew by itself.
type queries struct {
	mu    sync.Mutex
	db    dbx.Builder // the one that texts belong to
	texts map[string]chan *dbx.Query
}

// askers is how many ask the same at once; the others wait. More wouldn't be served
// faster, and each takes a connection with its page cache.
var askers = max(4, runtime.GOMAXPROCS(0))

// all answers every row of a query outside of transactions. Each call with the same
// text names the same params.
func (q *queries) all(app core.App, text string, params dbx.Params, rows any) error {
	db := app.ConcurrentDB()
	idle := q.of(db, text)
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
		idle = make(chan *dbx.Query, askers)
		for range askers {
			idle <- nil
		}
		q.texts[text] = idle
	}
	return idle
}
