package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createEmailRecipients, dropCollection("email_recipients"))
}

// createEmailRecipients creates the state of each letter, one record per recipient.
func createEmailRecipients(app core.App) error {
	email, err := relationTo(app, "emails", core.RelationField{
		Name: "email", Required: true, CascadeDelete: true, Presentable: true})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Help: "Empty when the account was deleted."})
	if err != nil {
		return err
	}

	c := newCollection("email_recipients")
	c.Fields.Add(
		email,
		user,
		&core.EmailField{Name: "address", Required: true, Presentable: true},
		&core.SelectField{Name: "state", Required: true, MaxSelect: 1, Presentable: true,
			Values: protocol.EmailStates,
			Help:   "Set it back to queued, and attempts to 0, to send this letter again."},
		&core.NumberField{Name: "attempts", OnlyInt: true},
		&core.DateField{Name: "next_attempt", Help: "When a queued letter is tried next."},
		&core.DateField{Name: "sent_at"},
		&core.TextField{Name: "error", Max: 2000, Help: "What the mail server answered last."},
	)
	addTimes(c)
	c.AddIndex("idx_email_recipients_email", false, "`email`", "")
	c.AddIndex("idx_email_recipients_user", false, "`user`", "")
	c.AddIndex("idx_email_recipients_due", false, "`next_attempt`", "`state` = 'queued'")
	return app.Save(c)
}
