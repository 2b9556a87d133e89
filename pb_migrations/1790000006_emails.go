package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createEmails, dropCollection("emails"))
}

// createEmails creates the letters of the mail queue, each as it was written.
func createEmails(app core.App) error {
	sender, err := relationTo(app, "users", core.RelationField{
		Name: "sender", Help: "Empty when the account was deleted."})
	if err != nil {
		return err
	}

	c := newCollection("emails")
	c.Fields.Add(
		&core.TextField{Name: "subject", Required: true, Max: 255, Presentable: true},
		sender,
		&core.EditorField{Name: "content", MaxSize: 5 << 20,
			Help: "The letter as it is sent, sanitised."},
	)
	addTimes(c)
	c.AddIndex("idx_emails_sender", false, "`sender`", "")
	return app.Save(c)
}
