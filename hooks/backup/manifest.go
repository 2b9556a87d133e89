package backup

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

const (
	manifestFile = "manifest.json"
	program      = "messagerie"
	format       = 1
)

// contents is what an archive has.
type contents string

const (
	withFiles      contents = "database and files"
	filesElsewhere contents = "database; the files are in S3"
	databaseOnly   contents = "database" // a restore point
)

// manifest describes an archive; it is its last entry.
type manifest struct {
	Program    string           `json:"program"`
	Format     int              `json:"format"`  // of the archive
	Version    string           `json:"version"` // of the program
	Created    time.Time        `json:"created"`
	Contents   contents         `json:"contents"`
	Migrations []string         `json:"migrations"`
	Rows       map[string]int64 `json:"rows"` // of each table
	Entries    map[string]entry `json:"entries"`
}

// entry is a file in an archive.
type entry struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // hexadecimal
}

func newManifest(now time.Time, contents contents) manifest {
	return manifest{Program: program, Format: format, Version: pocketbase.Version, Created: now.UTC().Truncate(time.Second),
		Contents: contents, Entries: map[string]entry{}}
}

// total is the number of all rows.
func (m manifest) total() (sum int64) {
	for _, count := range m.Rows {
		sum += count
	}
	return sum
}

// check refuses an archive that this program doesn't understand.
func (m manifest) check() error {
	switch {
	case m.Program != program || m.Entries[databaseFile].SHA256 == "":
		return ErrForeign
	case m.Format != format:
		return fmt.Errorf("%w: its format is %d, this version reads %d", ErrNewer, m.Format, format)
	}
	known := knownMigrations()
	for _, migration := range m.Migrations {
		if !slices.Contains(known, migration) {
			return fmt.Errorf("%w (%s): restore it with version %s of the program", ErrNewer, migration, m.Version)
		}
	}
	return nil
}

// knownMigrations are those of this program, PocketBase's included.
func knownMigrations() (known []string) {
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, migration := range list.Items() {
			known = append(known, migration.File)
		}
	}
	return known
}

// describe reads migrations and rows of a copied database, and checks that it is intact.
func (m *manifest) describe(ctx context.Context, path string) (err error) {
	db, err := openCopy(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only read
	if err := checkIntegrity(ctx, db, "quick_check"); err != nil {
		return err
	}
	if m.Migrations, err = appliedMigrations(ctx, db); err != nil {
		return err
	}
	m.Rows, err = countRows(ctx, db)
	return err
}

// openCopy opens a database that nobody changes, without making files beside it.
func openCopy(path string) (*sql.DB, error) {
	return sql.Open("sqlite", fileURI(path, "mode=ro&immutable=1"))
}

// checkIntegrity runs integrity_check, which compares indexes with their tables, or the faster quick_check.
func checkIntegrity(ctx context.Context, db *sql.DB, check string) error {
	found, err := column(ctx, db, "PRAGMA "+check+"(3)")
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if !slices.Equal(found, []string{"ok"}) {
		return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(found, "; "))
	}
	return nil
}

func appliedMigrations(ctx context.Context, db *sql.DB) ([]string, error) {
	applied, err := column(ctx, db, "SELECT file FROM _migrations ORDER BY file")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return applied, nil
}

func countRows(ctx context.Context, db *sql.DB) (map[string]int64, error) {
	tables, err := column(ctx, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'")
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	rows := map[string]int64{}
	for _, table := range tables {
		var count int64
		quoted := `"` + strings.ReplaceAll(table, `"`, `""`) + `"`
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM "+quoted).Scan(&count); err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", table, err)
		}
		rows[table] = count
	}
	return rows, nil
}

func column(ctx context.Context, db *sql.DB, query string) (values []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}
