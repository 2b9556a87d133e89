package email

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
	"messagerie/hooks/text"
)

// errSuperseded is recorded for an invitation that isn't sent because its recipient is to have its code no more. The
// dashboard's view of failed letters, in a migration, leaves out those with this text.
var errSuperseded = errors.New("not sent: the person has come, has a newer code or another address, is disabled, has left, or is an administrator")

//go:embed invitation.html
var invitationSource string

var invitationPage = template.Must(template.New("invitation").Parse(invitationSource))

// invitation is what the mail shows.
type invitation struct {
	Texts     invitationTexts
	Language  string
	Direction string
	School    string
	Heading   string
	Greeting  string
	Who       string
	Expires   string
	Link      string
	Address   string // without scheme, to type
	Identity  string
	Code      string
	HasLogo   bool
}

// composeInvitation writes an invitation in the language of its recipient.
func composeInvitation(people *school.Service, app core.App, letter, recipient *core.Record, meta core.MetaConfig) (*mailer.Message, error) {
	inviting := protocol.ParseID(letter.GetString("invites_to"))
	invited, err := people.InvitedBy(app, inviting, recipient.GetString("user"), recipient.Id, recipient.GetString("address"))
	if err != nil {
		return nil, err
	}
	if invited == nil {
		return nil, errSuperseded
	}
	establishment, err := app.FindRecordById("establishments", letter.GetString("invites_to"))
	if err != nil {
		return nil, fmt.Errorf("read the establishment: %w", err)
	}
	sender, err := senderOf(app, letter)
	if err != nil {
		return nil, err
	}
	shown, err := describe(invited, establishment, sender, meta)
	if err != nil {
		return nil, err
	}
	logo, err := logoOf(app, establishment)
	if err != nil { // without it the mail says the same
		app.Logger().Warn("The logo couldn't be read for invitations.", "establishment", establishment.Id, "error", err)
	}
	message := newMessage(recipient, sender, meta)
	message.Subject = shown.Heading
	if shown.HasLogo = logo != nil; shown.HasLogo {
		message.InlineAttachments = map[string]io.Reader{"logo": bytes.NewReader(logo)}
	}
	message.Text = shown.text()
	var page strings.Builder
	if err := invitationPage.Execute(&page, shown); err != nil {
		return nil, err
	}
	message.HTML = page.String()
	return message, nil
}

func describe(invited *school.Invited, establishment *core.Record, sender school.Person, meta core.MetaConfig) (invitation, error) {
	base, err := url.Parse(meta.AppURL)
	if err != nil {
		return invitation{}, fmt.Errorf("the server's address: %w", err)
	}
	welcome := strings.TrimSuffix(base.String(), "/") + "/welcome"
	identity := invited.Username
	if identity == "" {
		identity = invited.Email
	}
	language, texts := textsIn(invited.Locale)
	zone, err := time.LoadLocation(establishment.GetString("timezone"))
	if err != nil {
		zone = time.UTC
	}
	name := inert(establishment.GetString("name"))
	shown := invitation{
		Texts: texts, Language: language, Direction: "ltr", School: name,
		Heading:  fmt.Sprintf(texts.Subject, name),
		Greeting: fmt.Sprintf(texts.Greeting, inert(invited.FullName())),
		Who:      fmt.Sprintf(texts.WhoSchool, name),
		Expires:  fmt.Sprintf(texts.Expires, texts.date(invited.Expires.In(zone))),
		Link:     welcome + "#" + url.Values{"u": {identity}, "c": {invited.Code}}.Encode(),
		Address:  strings.TrimPrefix(strings.TrimPrefix(welcome, "https://"), "http://"),
		Identity: identity, Code: invited.Code,
	}
	if language == "ar" {
		shown.Direction = "rtl"
	}
	if author := inert(sender.FullName()); author != "" {
		shown.Who = fmt.Sprintf(texts.WhoPerson, author, name)
	}
	return shown, nil
}

// inert returns a name on one line that sets no direction and that no mail program makes a link of: somebody may be
// called "www.example.com".
func inert(name string) string {
	name = text.Line(strings.Map(withoutBidi, name))
	return strings.NewReplacer(".", ".\u2060", "://", ":\u2060/\u2060/", "@", "\u2060@\u2060").Replace(name)
}

// text is the mail for programs that show no HTML.
func (i invitation) text() string {
	return strings.Join([]string{
		i.Greeting, "", i.Who, "", i.Texts.Button + i.Texts.Colon, i.Link, "", i.Expires, i.Texts.Private, "",
		i.Texts.Otherwise, i.Address, i.Texts.Identity + i.Texts.Colon + " " + i.Identity, i.Texts.Code + i.Texts.Colon + " " + i.Code, "",
		i.Texts.Unknown, "",
	}, "\n")
}

// maxLogo is more than a picture of 128 pixels in height takes.
const maxLogo = 512 << 10

// logoHeight is that of the log-in page: PocketBase has made the picture already.
const logoHeight = "0x128"

// mailPictures are what every mail program shows; not SVG and WebP.
var mailPictures = []string{".png", ".jpg", ".jpeg", ".gif"}

// logoOf returns the school's logo, nil if it has none that mail programs show.
func logoOf(app core.App, establishment *core.Record) ([]byte, error) {
	name := establishment.GetString("logo")
	if name == "" || !slices.Contains(mailPictures, strings.ToLower(filepath.Ext(name))) {
		return nil, nil
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return nil, err
	}
	defer func() { _ = files.Close() }()
	folder := establishment.BaseFilesPath()
	original, small := folder+"/"+name, folder+"/thumbs_"+name+"/"+logoHeight+"_"+name
	if exists, _ := files.Exists(small); !exists {
		if err := files.CreateThumb(original, small, logoHeight); err != nil {
			return nil, err
		}
	}
	picture, err := files.GetReader(small)
	if err != nil {
		return nil, err
	}
	defer func() { _ = picture.Close() }()
	logo, err := io.ReadAll(io.LimitReader(picture, maxLogo+1))
	if err != nil || len(logo) > maxLogo {
		return nil, err
	}
	return logo, nil
}
