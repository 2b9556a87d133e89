package cluster

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/store"
)

// connector opens connections to data.db for database/sql.
type connector struct {
	source string
	driver driver.Driver
	log    proposer
}

func (c *connector) Connect(context.Context) (driver.Conn, error) {
	inner, err := c.driver.Open(c.source)
	if err != nil {
		return nil, err
	}
	conn, err := newConnection(inner, c.log)
	if err != nil {
		_ = inner.Close()
		return nil, err
	}
	return conn, nil
}

func (c *connector) Driver() driver.Driver { return c.driver }

// connect opens data.db so that its changes pass through the log.
func connect(path string, log proposer) *dbx.DB {
	db := sql.OpenDB(&connector{source: store.Source(path), driver: sqliteDriver(), log: log})
	return dbx.NewFromDB(db, "sqlite")
}
