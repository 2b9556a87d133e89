package pb_migrations

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(addInvitations, dropInvitations)
}

const invitationsIndex = "idx_emails_invites_to" // the worker sends other letters first

// The query of courriels_en_echec, without the invitations that needn't be sent any more.
const (
	failedLetters = `SELECT r.id, r.address AS adresse, e.subject AS objet, r.error AS reponse_du_serveur,
		r.attempts AS essais, r.updated AS dernier_essai, r.user AS personne
		FROM email_recipients r JOIN emails e ON e.id = r.email WHERE r.state = 'failed'`
	notSuperseded = ` AND r.error != 'not sent: the person has come, has a newer code or another address, is disabled, has left, or is an administrator'`
)

const notJoinedAt = " && @request.body.joined_at:isset = false"

// addInvitations lets the mail queue bring access codes, and notes who has been here: whoever hasn't can be invited again.
func addInvitations(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.Fields.Add(&core.DateField{Name: "joined_at",
		Help: "La première connexion de la personne. Vide : elle n'est pas encore venue. Écrit par le serveur."})
	users.UpdateRule = rule(*users.UpdateRule + notJoinedAt)
	if err := app.Save(users); err != nil {
		return err
	}
	codes, err := app.FindCollectionByNameOrId("access_codes")
	if err != nil {
		return err
	}
	codes.Fields.Add(&core.TextField{Name: "mailed_to", Max: 255,
		Help: "L'adresse à laquelle le code est envoyé. Si la personne en change, le code est annulé. Vide : une lettre imprimée."})
	if err := app.Save(codes); err != nil {
		return err
	}
	letters, err := app.FindCollectionByNameOrId("emails")
	if err != nil {
		return err
	}
	school, err := relationTo(app, "establishments", core.RelationField{Name: "invites_to", CascadeDelete: true,
		Help: "L'établissement dans lequel ce courriel invite. Chaque destinataire reçoit son propre code, que personne d'autre ne voit. Vide : un courriel ordinaire."})
	if err != nil {
		return err
	}
	letters.Fields.Add(school)
	letters.AddIndex(invitationsIndex, false, "`invites_to`", "`invites_to` > ''")
	if err := app.Save(letters); err != nil {
		return err
	}
	if err := showFailedLetters(app, failedLetters+notSuperseded); err != nil {
		return err
	}
	// Whoever has left a trace has been here, at that time at the latest. What was there when somebody was added to a
	// conversation counts as read, although they may never have come; ids are in the order of time.
	return execute(app, "note who has joined", []string{
		`UPDATE users SET joined_at = coalesce(
			(SELECT min(d.created) FROM devices d WHERE d.user = users.id),
			(SELECT min(p.created) FROM participants p WHERE p.user = users.id AND p.last_read > p.id),
			(SELECT min(a.created) FROM _externalAuths a WHERE a.recordRef = users.id), '')
		WHERE joined_at = ''`,
	})
}

func dropInvitations(app core.App) error {
	return errors.Join(showFailedLetters(app, failedLetters), dropInvitesTo(app), dropField(app, "access_codes", "mailed_to"), dropJoinedAt(app))
}

func dropInvitesTo(app core.App) error {
	letters, err := app.FindCollectionByNameOrId("emails")
	if err != nil {
		return err
	}
	letters.RemoveIndex(invitationsIndex)
	letters.Fields.RemoveByName("invites_to")
	return app.Save(letters)
}

func showFailedLetters(app core.App, query string) error {
	view, err := app.FindCollectionByNameOrId("courriels_en_echec")
	if err != nil {
		return err
	}
	view.ViewQuery = query
	return app.Save(view)
}

func dropJoinedAt(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.UpdateRule = rule(strings.Replace(*users.UpdateRule, notJoinedAt, "", 1))
	users.Fields.RemoveByName("joined_at")
	return app.Save(users)
}

func dropField(app core.App, collection, field string) error {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	c.Fields.RemoveByName(field)
	return app.Save(c)
}
