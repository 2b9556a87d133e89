package pb_migrations

import (
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

func init() {
	migrations.Register(shapeDashboard, unshapeDashboard)
}

// shapeDashboard makes the dashboard read like a school's register: people's fields in the order in
// which a secretary looks for them, help texts in French, and read-only views of what is asked
// for daily.
func shapeDashboard(app core.App) error {
	for _, c := range dashboardHelp {
		if err := explain(app, c.collection, c.help); err != nil {
			return fmt.Errorf("%s: %w", c.collection, err)
		}
	}
	if err := orderFields(app, "users", peopleOrder); err != nil {
		return fmt.Errorf("users: %w", err)
	}
	for _, v := range dashboardViews {
		view := core.NewViewCollection(v.name)
		view.ViewQuery = v.query
		if err := app.Save(view); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return nil
}

func unshapeDashboard(app core.App) error {
	for _, v := range dashboardViews {
		if err := dropCollection(v.name)(app); err != nil {
			return err
		}
	}
	return nil
}

// peopleOrder is the order of the fields of users; the others follow.
var peopleOrder = []string{
	core.FieldNameId, "last_name", "first_name", "role", "establishments", core.FieldNameEmail, "username",
	"disabled", "left_at", "temporary_password", "locale", core.FieldNameEmailVisibility,
}

// orderFields puts those fields of a collection first that are named.
func orderFields(app core.App, collection string, names []string) error {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	place := func(f core.Field) int {
		if i := slices.Index(names, f.GetName()); i >= 0 {
			return i
		}
		return len(names)
	}
	slices.SortStableFunc(c.Fields, func(a, b core.Field) int { return place(a) - place(b) })
	return app.Save(c)
}

// explain sets the help texts of a collection's fields.
func explain(app core.App, collection string, help map[string]string) error {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	for name, text := range help {
		field := c.Fields.GetByName(name)
		if field == nil {
			return fmt.Errorf("there is no field %s", name)
		}
		if err := setHelp(field, text); err != nil {
			return err
		}
	}
	return app.Save(c)
}

func setHelp(field core.Field, text string) error {
	switch f := field.(type) {
	case *core.TextField:
		f.Help = text
	case *core.EmailField:
		f.Help = text
	case *core.BoolField:
		f.Help = text
	case *core.SelectField:
		f.Help = text
	case *core.RelationField:
		f.Help = text
	case *core.FileField:
		f.Help = text
	case *core.DateField:
		f.Help = text
	case *core.NumberField:
		f.Help = text
	case *core.EditorField:
		f.Help = text
	case *core.PasswordField:
		f.Help = text
	default:
		return fmt.Errorf("%s: a %s has no help text", field.GetName(), field.Type())
	}
	return nil
}

const deletedAccount = "Vide quand le compte a été supprimé."

// dashboardHelp are the help texts of the fields that a school fills in or reads.
var dashboardHelp = []struct {
	collection string
	help       map[string]string
}{
	{"establishments", map[string]string{
		"name":     "Le nom de l'établissement, tel que tout le monde le lit.",
		"timezone": "Un fuseau horaire IANA, comme Europe/Paris (valeur prise si le champ est vide).",
		"logo":     "Affiché sur la page de connexion. S'il y a plusieurs établissements : celui du premier qui en a un.",
	}},
	{"users", map[string]string{
		"last_name":  "Le nom, tel que les autres le lisent.",
		"first_name": "Le prénom.",
		"role": "admin : direction ; teacher : enseignante ou enseignant ; staff : personnel ; parent : responsable ; student : élève. " +
			"Les trois premiers voient toutes les adresses de leurs établissements et peuvent envoyer des courriels.",
		"establishments":              "Là où la personne étudie, travaille ou a des enfants. On s'écrit au sein d'un établissement.",
		core.FieldNameEmail:           "L'adresse électronique, si la personne en a une. Sans adresse, elle se connecte avec son identifiant.",
		core.FieldNameEmailVisibility: "Tout le monde peut voir l'adresse. La personne le choisit dans son profil.",
		"locale":                      "La langue des écrans, comme fr ou en. Vide : celle du navigateur.",
		"disabled":                    "Ferme ce compte aussitôt, sur tous les appareils. Ce que la personne a écrit reste.",
		"temporary_password":          "Demande un nouveau mot de passe à la prochaine connexion. Se décoche quand la personne l'a choisi.",
	}},
	{"conversations", map[string]string{
		"title":      "Le nom d'un groupe. Une conversation à deux n'en a pas.",
		"people":     "Les deux personnes d'une conversation à deux, pour la reconnaître ici. Écrit par le serveur.",
		"kind":       "direct : à deux ; group : groupe.",
		"created_by": "Qui l'a ouverte. " + deletedAccount,
		"direct_key": "Les deux personnes, pour qu'elles n'aient qu'une conversation. Écrit par le serveur.",
	}},
	{"participants", map[string]string{
		"last_read":      "Le dernier message lu par la personne. Ne recule jamais.",
		"last_delivered": "Le dernier message reçu par un de ses appareils.",
		"muted":          "La personne a mis la conversation en sourdine.",
	}},
	{"messages", map[string]string{
		"sender":            deletedAccount,
		"content":           "Du texte simple. Vide une fois le message supprimé.",
		"client_id":         "Choisi par l'appareil, pour qu'un message envoyé deux fois ne soit gardé qu'une fois.",
		"reply_to":          "Le message de la même conversation auquel celui-ci répond.",
		"edited":            "La date de la dernière modification.",
		"deleted":           "Cochez pour vider le message : la conversation en garde la trace.",
		"by_administration": "La dernière modification, ou la suppression, a été faite ici et non par l'auteur. Tout le monde le voit.",
	}},
	{"emails", map[string]string{
		"subject": "L'objet du courriel.",
		"sender":  deletedAccount,
		"content": "Le courriel tel qu'il est envoyé.",
	}},
	{"email_recipients", map[string]string{
		"user":         deletedAccount,
		"address":      "L'adresse à laquelle il est envoyé.",
		"state":        "queued : en attente ; sent : parti ; failed : abandonné. Remettez queued, et attempts à 0, pour le renvoyer.",
		"attempts":     "Le nombre d'essais.",
		"next_attempt": "La date du prochain essai.",
		"sent_at":      "La date à laquelle le serveur de courriel l'a accepté.",
		"error":        "La dernière réponse du serveur de courriel.",
	}},
	{"departures", map[string]string{
		"user": "A quitté ce groupe de son propre chef : seul le personnel du groupe peut l'y remettre. Supprimer la ligne le permet à qui gère le groupe.",
	}},
}

// dashboardViews are read-only. Their names and columns are those of the school's own language.
// The column recherche has the words of the name without accents: the dashboard's search compares
// texts as they are. Who is in departs is erased some months later (retention).
var dashboardViews = []struct{ name, query string }{
	{"annuaire", `SELECT u.id, u.last_name AS nom, u.first_name AS prenom, u.role,
		cast((SELECT group_concat(e.name, ', ') FROM json_each(u.establishments) x JOIN establishments e ON e.id = x.value) AS text) AS etablissements,
		cast((SELECT group_concat(c.name, ', ') FROM enrollments i JOIN classes c ON c.id = i.class
			WHERE i.user = u.id AND NOT c.archived) AS text) AS classes,
		cast((SELECT group_concat(s.first_name || ' ' || s.last_name, ', ') FROM guardianships g JOIN users s ON s.id = g.student
			WHERE g.guardian = u.id) AS text) AS enfants,
		cast((SELECT group_concat(p.first_name || ' ' || p.last_name, ', ') FROM guardianships g JOIN users p ON p.id = g.guardian
			WHERE g.student = u.id) AS text) AS responsables,
		u.email, u.username AS identifiant, u.disabled AS desactive, u.left_at AS parti_le,
		cast(search_words(u.first_name || ' ' || u.last_name) AS text) AS recherche
		FROM users u`},
	{"departs", `SELECT u.id, u.last_name AS nom, u.first_name AS prenom, u.role, u.left_at AS parti_le
		FROM users u WHERE u.left_at != '' AND u.disabled`},
	{"courriels_en_echec", `SELECT r.id, r.address AS adresse, e.subject AS objet, r.error AS reponse_du_serveur,
		r.attempts AS essais, r.updated AS dernier_essai, r.user AS personne
		FROM email_recipients r JOIN emails e ON e.id = r.email WHERE r.state = 'failed'`},
}
