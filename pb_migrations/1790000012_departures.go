package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(createDepartures, dropCollection("departures"))
}

// createDepartures creates the record of people who have left a group by themselves.
func createDepartures(app core.App) error {
	conversation, err := relationTo(app, "conversations", core.RelationField{
		Name: "conversation", Required: true, CascadeDelete: true, Presentable: true})
	if err != nil {
		return err
	}
	user, err := relationTo(app, "users", core.RelationField{
		Name: "user", Required: true, CascadeDelete: true, Presentable: true,
		Help: "Left this group by themselves. Only staff in it may add them again; without this record, whoever manages it."})
	if err != nil {
		return err
	}

	c := newCollection("departures")
	c.Fields.Add(conversation, user)
	addTimes(c)
	c.AddIndex("idx_departures_conversation_user", true, "`conversation`, `user`", "")
	c.AddIndex("idx_departures_user", false, "`user`", "")
	return app.Save(c)
}
