package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(addContacts, dropContacts)
}

// contactFields are what establishments gain.
func contactFields() []core.Field {
	return []core.Field{
		&core.SelectField{Name: "contacts", MaxSelect: 1, Values: protocol.Contacts,
			Help: "rules : qui peut écrire à qui suit le tableau de contact_rules ; open : tout le monde peut écrire à tout le monde."},
		&core.TextField{Name: "guardians_join", Max: 5, Pattern: `^(never|[1-9][0-9]?)$`,
			Help: "never, ou un âge : quand un adulte commence une conversation avec un élève plus jeune, ses responsables légaux y participent."},
	}
}

// addContacts creates the rules of who may write to whom. Establishments that exist already stay
// open to everybody, as they were: the school turns the rules on when it has read them.
func addContacts(app core.App) error {
	if err := addFields(app, "establishments", contactFields()...); err != nil {
		return err
	}
	if err := execute(app, "open contacts", []string{`UPDATE establishments SET contacts = '` + protocol.ContactsOpen + `', guardians_join = 'never'`}); err != nil {
		return err
	}
	if err := addFields(app, "conversations", &core.SelectField{Name: "posting", MaxSelect: 1, Values: protocol.Postings,
		Help: "staff : seul le personnel du groupe y écrit, les autres lisent. Vide ou all : tout le monde écrit."}); err != nil {
		return err
	}
	if err := createContactRules(app); err != nil {
		return err
	}
	return createPauses(app)
}

func createContactRules(app core.App) error {
	establishment, err := establishmentOf(app)
	if err != nil {
		return err
	}
	c := newCollection("contact_rules")
	c.Fields.Add(
		establishment,
		&core.SelectField{Name: "from_role", Required: true, MaxSelect: 1, Values: protocol.Roles, Presentable: true, Help: "Qui écrit."},
		&core.SelectField{Name: "to_role", Required: true, MaxSelect: 1, Values: protocol.Roles, Presentable: true, Help: "À qui."},
		&core.SelectField{Name: "rule", Required: true, MaxSelect: 1, Values: protocol.ContactRules, Presentable: true,
			Help: "never : jamais dans la même conversation ; supervised : dans un groupe où le personnel participe ; reply : et répondre ; " +
				"class : et commencer, si une classe est commune ; always : commencer toujours. Sans ligne, la règle par défaut vaut."},
	)
	addTimes(c)
	c.AddIndex("idx_contact_rules_pair", true, "`establishment`, `from_role`, `to_role`", "")
	return app.Save(c)
}

func createPauses(app core.App) error {
	establishment, err := establishmentOf(app)
	if err != nil {
		return err
	}
	c := newCollection("pauses")
	c.Fields.Add(
		establishment,
		&core.SelectField{Name: "roles", Required: true, MaxSelect: len(protocol.Roles), Values: protocol.Roles, Presentable: true,
			Help: "Qui ne peut plus écrire tant que la pause dure."},
		&core.TextField{Name: "text", Max: 500, Help: "Ce que ces personnes lisent à la place de la zone de saisie."},
		&core.DateField{Name: "from", Help: "Début ; vide : tout de suite."},
		&core.DateField{Name: "until", Help: "Fin ; vide : jusqu'à ce que la ligne soit supprimée."},
	)
	addTimes(c)
	c.AddIndex("idx_pauses_establishment", false, "`establishment`", "")
	return app.Save(c)
}

// establishmentOf is the field of what belongs to an establishment, and goes with it.
func establishmentOf(app core.App) (*core.RelationField, error) {
	return relationTo(app, "establishments", core.RelationField{
		Name: "establishment", Required: true, CascadeDelete: true, Presentable: true, Help: "L'établissement."})
}

func dropContacts(app core.App) error {
	for _, name := range []string{"pauses", "contact_rules"} {
		if err := dropCollection(name)(app); err != nil {
			return err
		}
	}
	if err := dropFields(app, "conversations", "posting"); err != nil {
		return err
	}
	return dropFields(app, "establishments", "contacts", "guardians_join")
}

func addFields(app core.App, collection string, fields ...core.Field) error {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	c.Fields.Add(fields...)
	return app.Save(c)
}

func dropFields(app core.App, collection string, names ...string) error {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	for _, name := range names {
		c.Fields.RemoveByName(name)
	}
	return app.Save(c)
}
