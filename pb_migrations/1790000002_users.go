package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"

	"messagerie/hooks/protocol"
)

func init() {
	migrations.Register(shapeUsers, unshapeUsers)
}

// ownProfile lets people change their own language and password, and whether their
// address is shown; everything else is changed by the school.
const ownProfile = "id = @request.auth.id" +
	" && @request.body.id:isset = false" +
	" && @request.body.email:isset = false" +
	" && @request.body.verified:isset = false" +
	" && @request.body.first_name:isset = false" +
	" && @request.body.last_name:isset = false" +
	" && @request.body.role:isset = false" +
	" && @request.body.establishments:isset = false" +
	" && @request.body.disabled:isset = false" +
	" && @request.body.temporary_password:isset = false"

// The mail for a forgotten password links to the client's own page.
const (
	resetSubject = core.EmailPlaceholderAppName + " : nouveau mot de passe / new password"
	resetBody    = `<p>Bonjour,</p>
<p>Vous avez demandé un nouveau mot de passe. Ce lien est valable trente minutes :</p>
<p><a class="btn" href="` + core.EmailPlaceholderAppURL + `/reset-password/` + core.EmailPlaceholderToken + `" target="_blank" rel="noopener">Choisir un mot de passe / Choose a password</a></p>
<p><i>Vous n'avez rien demandé ? Ignorez ce message. / You didn't ask for this? Ignore this message.</i></p>
<p>` + core.EmailPlaceholderAppName + `</p>`
)

// shapeUsers turns the collection that PocketBase makes into the school's people.
func shapeUsers(app core.App) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	establishments, err := relationTo(app, "establishments", core.RelationField{
		Name: "establishments", MaxSelect: 100,
		Help: "Where this person studies, works or has children. People write to each other within an establishment."})
	if err != nil {
		return err
	}

	useNumericIDs(c)
	c.Fields.RemoveByName("name")
	c.Fields.RemoveByName("avatar")
	c.Fields.Add(
		&core.TextField{Name: "first_name", Max: 100, Presentable: true},
		&core.TextField{Name: "last_name", Required: true, Max: 100, Presentable: true},
		&core.SelectField{Name: "role", Required: true, MaxSelect: 1, Values: protocol.Roles,
			Help: "Admin, teacher and staff see every address of their establishments and may send e-mail."},
		establishments,
		&core.TextField{Name: "locale", Max: 35, Pattern: `^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$`,
			Help: "The language of the screens, such as fr or en. Empty: the browser's."},
		&core.BoolField{Name: "disabled",
			Help: "Closes this account at once, on every device. What the person wrote stays."},
		&core.BoolField{Name: "temporary_password",
			Help: "Asks for a new password at the next log-in. Turned off by itself once the person has chosen one."},
	)

	// Nobody registers, lists or reads people here: nil rules are for superusers only.
	c.ListRule, c.ViewRule, c.CreateRule, c.DeleteRule = nil, nil, nil, nil
	c.UpdateRule = rule(ownProfile)
	c.AuthRule = rule("disabled = false")
	c.OAuth2.Enabled, c.OTP.Enabled, c.MFA.Enabled = false, false, false
	c.AuthAlert.Enabled = false // a school's computers are shared: each would count as a new device
	c.AuthToken.Duration = 30 * 24 * 3600
	c.ResetPasswordTemplate = core.EmailTemplate{Subject: resetSubject, Body: resetBody}

	// PocketBase's own index distinguishes Claire@ and claire@; ours doesn't.
	c.RemoveIndex("idx_email__pb_users_auth_")
	c.AddIndex("idx_users_email", true, "`email` COLLATE NOCASE", "`email` != ''")
	// The query for signing in can't use the index above: SQLite doesn't know that
	// the address isn't empty.
	c.AddIndex("idx_users_sign_in", false, "`email` COLLATE NOCASE", "")
	return app.Save(c)
}

func unshapeUsers(app core.App) error {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	for _, field := range []string{"first_name", "last_name", "role", "establishments", "locale", "disabled", "temporary_password"} {
		c.Fields.RemoveByName(field)
	}
	c.Fields.Add(
		&core.TextField{Name: "name", Max: 255},
		&core.FileField{Name: "avatar", MaxSelect: 1,
			MimeTypes: []string{"image/jpeg", "image/png", "image/svg+xml", "image/gif", "image/webp"}},
	)
	id := c.Fields.GetByName(core.FieldNameId).(*core.TextField)
	id.Min, id.Max, id.AutogeneratePattern, id.Help = 15, 15, "[a-z0-9]{15}", ""
	owner := rule("id = @request.auth.id")
	c.ListRule, c.ViewRule, c.CreateRule, c.DeleteRule, c.UpdateRule = owner, owner, rule(""), owner, owner
	c.AuthRule = rule("")
	c.AuthAlert.Enabled = true
	c.AuthToken.Duration = 432000
	c.RemoveIndex("idx_users_email")
	c.RemoveIndex("idx_users_sign_in")
	c.AddIndex("idx_email__pb_users_auth_", true, "`email`", "`email` != ''")
	return app.Save(c)
}
