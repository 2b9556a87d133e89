package pb_migrations

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/text"
)

func init() {
	migrations.Register(applyTextRules, func(core.App) error { return nil })
}

// applyTextRules applies the rules for names to what was stored before, and rewrites the
// words that people are searched by, as they are split now.
func applyTextRules(app core.App) error {
	for table, columns := range map[string][]string{
		"users": {"first_name", "last_name"}, "establishments": {"name"}, "conversations": {"title"},
	} {
		for _, column := range columns {
			if err := tidyNames(app, table, column); err != nil {
				return fmt.Errorf("%s.%s: %w", table, column, err)
			}
		}
	}
	return execute(app, "people words", []string{`DELETE FROM people_words`, allWords()})
}

func tidyNames(app core.App, table, column string) error {
	var rows []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	if err := app.DB().Select("id", column+" AS name").From(table).Where(dbx.NewExp(column + " != ''")).All(&rows); err != nil {
		return err
	}
	for _, row := range rows {
		if tidy := text.Line(row.Name); tidy != row.Name {
			if _, err := app.DB().Update(table, dbx.Params{column: tidy}, dbx.HashExp{"id": row.ID}).Execute(); err != nil {
				return err
			}
		}
	}
	return nil
}
