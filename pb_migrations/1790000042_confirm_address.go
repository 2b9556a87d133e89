package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(shapeAddressMail, unshapeAddressMail)
}

// The mail that confirms an address links to the client's own page, as the one for a forgotten
// password does.
const (
	addressSubject = core.EmailPlaceholderAppName + " : confirmez votre adresse / confirm your address"
	addressBody    = `<p>Bonjour,</p>
<p>Cette adresse a été donnée pour votre compte. Ce lien la confirme ; il est valable trente minutes :</p>
<p><a class="btn" href="` + core.EmailPlaceholderAppURL + `/confirm-address/` + core.EmailPlaceholderToken + `" target="_blank" rel="noopener">Confirmer mon adresse / Confirm my address</a></p>
<p><i>Ce n'est pas vous ? Ignorez ce message. / This wasn't you? Ignore this message.</i></p>
<p>` + core.EmailPlaceholderAppName + `</p>`
)

func shapeAddressMail(app core.App) error {
	return setAddressMail(app, core.EmailTemplate{Subject: addressSubject, Body: addressBody})
}

// unshapeAddressMail leaves the templates that PocketBase gives a new collection.
func unshapeAddressMail(app core.App) error {
	return setAddressMail(app, core.NewAuthCollection("users").ConfirmEmailChangeTemplate)
}

func setAddressMail(app core.App, template core.EmailTemplate) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	c.ConfirmEmailChangeTemplate = template
	return app.Save(c)
}
