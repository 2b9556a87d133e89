package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// rowsATransaction bounds the log. Several rows in a statement aren't faster than one.
const rowsATransaction = 100_000

// bulk writes rows into an empty database past PocketBase, which would take ten
// times as long. Triggers run; rules don't: the rows must be as the rules leave them.
type bulk struct {
	conn     *sql.Conn
	progress *progress
}

// withBulk calls use with the connection that writes. Nothing else can write until it returns.
func withBulk(app core.App, shown *progress, use func(b *bulk) error) (err error) {
	db, ok := app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return errors.New("a bulk filling can't be part of a transaction")
	}
	ctx := context.Background()
	conn, err := db.DB().Conn(ctx)
	if err != nil {
		return err
	}
	b := &bulk{conn: conn, progress: shown}
	// 256 MB of pages, and files for sorting: the connection has a server's settings.
	if err := b.execute("PRAGMA cache_size = -262144", "PRAGMA temp_store = FILE"); err != nil {
		return errors.Join(err, conn.Close())
	}
	err = use(b)
	return errors.Join(err, b.execute("PRAGMA cache_size = -2000", "PRAGMA temp_store = MEMORY"), conn.Close())
}

func (b *bulk) execute(statements ...string) error {
	for _, s := range statements {
		if _, err := b.conn.ExecContext(context.Background(), s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// insert writes rows that have a value for each column. It doesn't keep them: the
// next one may reuse the slice. The progress is a share of total.
func (b *bulk) insert(table string, columns []string, total int, rows iter.Seq[[]any]) error {
	b.progress.begin(table, total)
	defer b.progress.end()
	next, stop := iter.Pull(rows)
	defer stop()
	for more := true; more; {
		var err error
		if more, err = b.transaction(table, columns, next); err != nil {
			return fmt.Errorf("fill %s: %w", table, err)
		}
	}
	return nil
}

// transaction writes the rows of one transaction and reports whether there may be more.
func (b *bulk) transaction(table string, columns []string, next func() ([]any, bool)) (more bool, err error) {
	ctx := context.Background()
	tx, err := b.conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	statement, err := tx.PrepareContext(ctx, insertSQL(table, columns))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	for range rowsATransaction {
		row, ok := next()
		if !ok {
			return false, tx.Commit()
		}
		if _, err := statement.ExecContext(ctx, row...); err != nil {
			return false, err
		}
		b.progress.add(1)
	}
	return true, tx.Commit()
}

func insertSQL(table string, columns []string) string {
	return fmt.Sprintf("INSERT INTO `%s` (`%s`) VALUES (?%s)",
		table, strings.Join(columns, "`, `"), strings.Repeat(", ?", len(columns)-1))
}

// withoutIndexes drops the indexes of a table while its rows are written and creates
// them afterwards: sorting once is several times faster than inserting each row.
func (b *bulk) withoutIndexes(table string, write func() error) error {
	indexes, err := b.indexes(table)
	if err != nil {
		return fmt.Errorf("indexes of %s: %w", table, err)
	}
	for _, i := range indexes {
		if err := b.execute("DROP INDEX `" + i.name + "`"); err != nil {
			return err
		}
	}
	if err := write(); err != nil {
		return err
	}
	b.progress.begin("indexes", 0)
	defer b.progress.end()
	for _, i := range indexes {
		if err := b.execute(i.statement); err != nil {
			return err
		}
		b.progress.add(1)
	}
	return nil
}

// index is an index of a table, and the statement that creates it.
type index struct{ name, statement string }

// indexes returns those of a table, except for the ones that SQLite creates by itself.
func (b *bulk) indexes(table string) (indexes []index, err error) {
	rows, err := b.conn.QueryContext(context.Background(),
		"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name", table)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var i index
		if err := rows.Scan(&i.name, &i.statement); err != nil {
			return nil, err
		}
		indexes = append(indexes, i)
	}
	return indexes, rows.Err()
}
