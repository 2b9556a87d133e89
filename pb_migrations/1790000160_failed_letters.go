package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(indexFailedLetters, unindexFailedLetters)
}

const failedLettersIndex = "idx_email_recipients_failed"

// indexFailedLetters lets the server look twice a minute whether letters were given up lately.
func indexFailedLetters(app core.App) error {
	c, err := app.FindCollectionByNameOrId("email_recipients")
	if err != nil {
		return err
	}
	c.AddIndex(failedLettersIndex, false, "`updated`", "`state` = 'failed'")
	return app.Save(c)
}

func unindexFailedLetters(app core.App) error {
	c, err := app.FindCollectionByNameOrId("email_recipients")
	if err != nil {
		return err
	}
	c.RemoveIndex(failedLettersIndex)
	return app.Save(c)
}
