package demo

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// markerKey names the mark among PocketBase's own parameters, beside its settings.
// There it stays with the data: it is committed with them and is in their backups, and
// no stray file can be taken for it.
const markerKey = "messagerie_demo"

// ErrRealSchool refuses a directory that holds what the demo didn't write.
var ErrRealSchool = errors.New("this data directory holds a real school, and the demo would open it to everybody")

// ErrUnfinished refuses a directory whose filling was interrupted.
var ErrUnfinished = errors.New("filling this data directory was interrupted: remove it and start again")

// Prepare makes sure that the app's database holds a demo school: it fills an
// empty one with the small school, leaves one that the demo filled before as it is,
// and refuses any other with ErrRealSchool, unchanged. now is the time of the filling;
// it must not be in the future.
func Prepare(app core.App, now time.Time) error {
	found, err := readMark(app)
	if err != nil {
		return err
	}
	if found != nil {
		return found.finished()
	}
	// Before the migrations: a real school of an older version isn't ours to migrate.
	if err := refuseRealSchool(app); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	err = app.RunInTransaction(func(tx core.App) error {
		if err := fill(tx, now); err != nil {
			return err
		}
		return mark{Filled: true}.save(tx, now)
	})
	if err != nil {
		return fmt.Errorf("fill the demo school: %w", err)
	}
	return nil
}

// mark records what the demo has written. The small school has no size.
type mark struct {
	Filled bool  `json:"filled"`
	Size   *Size `json:"size,omitempty"`
}

// readMark returns nil when there is none.
func readMark(app core.App) (*mark, error) {
	var values []string
	err := app.ConcurrentDB().Select("value").From((&core.Param{}).TableName()).
		Where(dbx.HashExp{"id": markerKey}).Column(&values)
	if err != nil {
		return nil, fmt.Errorf("look for the demo's mark: %w", err)
	}
	if len(values) == 0 {
		return nil, nil
	}
	found := new(mark)
	if err := json.Unmarshal([]byte(values[0]), found); err != nil {
		return nil, fmt.Errorf("read the demo's mark: %w", err)
	}
	return found, nil
}

func (m mark) finished() error {
	if !m.Filled {
		return ErrUnfinished
	}
	return nil
}

// holds refuses what isn't the generated school of a size.
func (m mark) holds(size Size) error {
	if err := m.finished(); err != nil {
		return err
	}
	if m.Size == nil {
		return errors.New("this data directory holds the small demo school; choose an empty one with --dir")
	}
	if *m.Size != size {
		return fmt.Errorf("this data directory holds another generated school (%v); choose an empty one with --dir", *m.Size)
	}
	return nil
}

func (m mark) save(tx core.App, now time.Time) error {
	at, err := types.ParseDateTime(now)
	if err != nil {
		return err
	}
	value, err := json.Marshal(m)
	if err != nil {
		return err
	}
	var param core.Param
	err = tx.ModelQuery(&param).AndWhere(dbx.HashExp{"id": markerKey}).One(&param)
	if errors.Is(err, sql.ErrNoRows) {
		param.Id, param.Created, err = markerKey, at, nil
	}
	if err != nil {
		return err
	}
	param.Updated, param.Value = at, value
	if err := tx.Save(&param); err != nil {
		return fmt.Errorf("mark the demo's data: %w", err)
	}
	return nil
}

// schoolTables are the tables in which a real school has rows. A missing one belongs to
// a migration that hasn't run yet.
var schoolTables = []string{
	"establishments", "users", "conversations", "participants", "departures", "messages", "emails", "email_recipients",
	"classes", "enrollments", "guardianships", "access_codes",
}

func refuseRealSchool(app core.App) error {
	for _, table := range append(slices.Clone(schoolTables), core.CollectionNameSuperusers) {
		if !app.HasTable(table) {
			continue
		}
		query := app.ConcurrentDB().Select("count(*)").From(table)
		if table == core.CollectionNameSuperusers {
			// PocketBase's installer creates its own at the first `serve`.
			query.Where(dbx.Not(dbx.HashExp{"email": core.DefaultInstallerEmail}))
		}
		var count int
		if err := query.Row(&count); err != nil {
			return fmt.Errorf("look for a real school: %w", err)
		}
		if count > 0 {
			return fmt.Errorf("%w (%s holds %d %s); choose an empty directory with --dir",
				ErrRealSchool, app.DataDir(), count, strings.TrimPrefix(table, "_"))
		}
	}
	return nil
}
