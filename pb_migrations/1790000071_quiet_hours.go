package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(addQuietHours, dropQuietHours)
}

// timeOfDay is a time such as 20:00.
const timeOfDay = `^([01][0-9]|2[0-3]):[0-5][0-9]$`

var quietFields = []string{"quiet", "quiet_from", "quiet_to", "quiet_days", "quiet_roles", "urgent_roles"}

// addQuietHours creates when messages wait: of an establishment, with its holidays, and of a person.
func addQuietHours(app core.App) error {
	err := addFields(app, "establishments",
		&core.SelectField{Name: "quiet", MaxSelect: 1, Values: protocol.QuietModes,
			Help: "defer : les messages envoyés pendant les heures de calme sont remis à leur fin. Vide ou off : pas d'heures de calme."},
		&core.TextField{Name: "quiet_from", Max: 5, Pattern: timeOfDay, Help: "Début du calme, chaque soir ; vide : 20:00."},
		&core.TextField{Name: "quiet_to", Max: 5, Pattern: timeOfDay, Help: "Fin du calme, chaque matin ; vide : 07:00."},
		&core.SelectField{Name: "quiet_days", MaxSelect: len(protocol.Days), Values: protocol.Days, Help: "Jours calmes en entier."},
		&core.SelectField{Name: "quiet_roles", MaxSelect: len(protocol.Roles), Values: protocol.Roles, Help: "Qui est laissé au calme."},
		&core.SelectField{Name: "urgent_roles", MaxSelect: len(protocol.Roles), Values: protocol.Roles,
			Help: "Qui peut envoyer un message urgent, remis tout de suite."},
	)
	if err != nil {
		return err
	}
	if err := execute(app, "quiet hours", []string{defaultQuiet}); err != nil {
		return err
	}
	err = addFields(app, "users",
		&core.TextField{Name: "quiet_from", Max: 5, Pattern: timeOfDay, Help: "Heures de calme choisies par la personne : début ; vide : aucune."},
		&core.TextField{Name: "quiet_to", Max: 5, Pattern: timeOfDay, Help: "Fin."},
		&core.SelectField{Name: "quiet_days", MaxSelect: len(protocol.Days), Values: protocol.Days, Help: "Jours calmes en entier."},
	)
	if err != nil {
		return err
	}
	establishment, err := establishmentOf(app)
	if err != nil {
		return err
	}
	c := newCollection("closures")
	c.Fields.Add(
		establishment,
		&core.TextField{Name: "name", Required: true, Max: 200, Presentable: true, Help: "Vacances de la Toussaint, par exemple."},
		&core.TextField{Name: "first_day", Required: true, Max: 10, Pattern: `^\d{4}-\d{2}-\d{2}$`, Presentable: true, Help: "Premier jour, par exemple 2026-12-19."},
		&core.TextField{Name: "last_day", Required: true, Max: 10, Pattern: `^\d{4}-\d{2}-\d{2}$`, Presentable: true, Help: "Dernier jour, compris."},
	)
	addTimes(c)
	c.AddIndex("idx_closures_establishment", false, "`establishment`, `first_day`", "")
	return app.Save(c)
}

// defaultQuiet is what the French rules on the right to disconnect usually lead to; it is off.
const defaultQuiet = `UPDATE establishments SET quiet = 'off', quiet_from = '20:00', quiet_to = '07:00',
	quiet_days = '["saturday","sunday"]', quiet_roles = '["teacher","staff","parent","student"]', urgent_roles = '["admin"]'`

func dropQuietHours(app core.App) error {
	if err := dropCollection("closures")(app); err != nil {
		return err
	}
	if err := dropFields(app, "users", "quiet_from", "quiet_to", "quiet_days"); err != nil {
		return err
	}
	return dropFields(app, "establishments", quietFields...)
}
