package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(createConversations, dropCollection("conversations"))
}

func createConversations(app core.App) error {
	establishment, err := relationTo(app, "establishments", core.RelationField{
		Name: "establishment", Required: true})
	if err != nil {
		return err
	}
	createdBy, err := relationTo(app, "users", core.RelationField{
		Name: "created_by", Help: "Who opened it; empty when the account was deleted."})
	if err != nil {
		return err
	}

	c := newCollection("conversations")
	c.Fields.Add(
		&core.TextField{Name: "title", Max: 200, Presentable: true,
			Help: "A group's name. Direct conversations have none."},
		&core.TextField{Name: "people", Max: 500, Presentable: true,
			Help: "The two people of a direct conversation, so that it has a name here. Written by the server."},
		&core.SelectField{Name: "kind", Required: true, MaxSelect: 1, Presentable: true,
			Values: []string{protocol.KindDirect, protocol.KindGroup}},
		establishment,
		createdBy,
		&core.TextField{Name: "direct_key", Max: 2*idDigits + 1,
			Help: "The two people of a direct conversation, so that a pair has only one. Written by the server."},
	)
	addTimes(c)
	c.AddIndex("idx_conversations_direct_key", true, "`direct_key`", "`direct_key` != ''")
	c.AddIndex("idx_conversations_establishment", false, "`establishment`", "")
	c.AddIndex("idx_conversations_created_by", false, "`created_by`", "")
	return app.Save(c)
}
