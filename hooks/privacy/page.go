package privacy

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/tools/types"
)

//go:embed dossier.html
var pageSource string

var page = template.Must(template.New("dossier").Funcs(template.FuncMap{"label": label, "show": show}).Parse(pageSource))

// WriteHTML writes a dossier as a page that can be read, printed and kept: it needs no other file.
func (d *Dossier) WriteHTML(w io.Writer) error { return page.Execute(w, d) }

// WriteJSON writes a dossier for programs.
func (d *Dossier) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(d)
}

// show returns a value as people read it.
func show(v Value) string {
	if v.Means != "" {
		return v.Means
	}
	switch value := v.Value.(type) {
	case bool:
		if value {
			return "oui"
		}
		return "non"
	case types.DateTime:
		return value.Time().Format("02/01/2006 15:04 UTC")
	case []string:
		return joined(value)
	}
	return fmt.Sprint(v.Value)
}

func joined(texts []string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), ", ")
}

// label returns the French name of a collection or field; of those that aren't listed, their own.
func label(name string) string {
	if known, ok := labels[name]; ok {
		return known
	}
	return strings.ReplaceAll(name, "_", " ")
}

var labels = map[string]string{
	"_externalAuths": "Connexions par un autre compte", "recordRef": "personne", "provider": "fournisseur", "providerId": "numéro chez lui",
	"attachments": "Fichiers envoyés", "uploader": "envoyé par", "name": "nom", "size": "taille en octets", "type": "type", "file": "fichier",
	"thumbnail": "aperçu", "width": "largeur", "height": "hauteur", "duration": "durée en secondes", "position": "place",
	"devices": "Appareils connectés", "browser": "navigateur ou programme", "system": "système", "last_seen": "dernière utilisation",
	"second_factors": "Double authentification", "confirmed": "activée le",
	"access_codes": "Codes d'accès", "conversations": "Conversations", "departures": "Groupes quittés",
	"email_recipients": "Courriels reçus", "emails": "Courriels écrits", "enrollments": "Classes", "guardianships": "Famille",
	"messages": "Messages écrits", "participants": "Participations à des conversations", "roster_imports": "Importations faites",
	"pins": "Messages épinglés pour tous", "message_edits": "Anciens textes de messages modifiés", "mentions": "Messages qui mentionnent la personne",
	"conversation_events": "Arrivées, départs et changements de groupes", "actor": "fait par", "cause": "raison", "kind": "genre",
	"written": "écrit le", "edited_by": "écrit par", "author": "auteur",
	"reactions": "Réactions à des messages", "scheduled_messages": "Messages à remettre plus tard",

	"birth_date": "né(e) le", "class": "classe", "client_id": "numéro donné par l'appareil", "content": "texte", "conversation": "conversation",
	"created": "créé le", "created_by": "créé par", "deleted": "supprimé", "disabled": "compte fermé", "edited": "modifié le",
	"email": "courriel", "emailVisibility": "adresse visible par tous", "establishment": "établissement", "establishments": "établissements",
	"expires": "valable jusqu'au", "external_id": "identifiant d'origine", "external_source": "logiciel d'origine", "first_name": "prénom",
	"guardian": "responsable", "invites_to": "invitation à", "joined_at": "première connexion", "mailed_to": "envoyé à", "id": "numéro", "ine": "INE", "last_delivered": "dernier message reçu", "last_name": "nom",
	"last_read": "dernier message lu", "left_at": "parti(e) le", "legal": "autorité parentale", "locale": "langue", "muted": "en sourdine", "muted_until": "en sourdine jusqu'au",
	"archived_at": "archivée après le message", "pinned": "épinglée", "marked_unread": "marquée comme non lue",
	"message": "message", "relation": "lien", "reply_to": "en réponse à", "role": "rôle", "sender": "auteur", "sent_at": "envoyé le", "state": "état",
	"student": "élève", "subject": "objet", "temporary_password": "mot de passe provisoire", "title": "titre", "updated": "mis à jour le",
	"code": "refusé parce que", "deliver_at": "à remettre le", "quiet_days": "jours de calme", "quiet_from": "calme dès", "quiet_to": "calme jusqu'à",
	"read_after": "lu auparavant jusqu'au message", "read_at": "lu le",
	"reason": "raison", "rests_until": "reçus retenus jusqu'au", "shown_delivered": "reçu, vu des autres", "shown_read": "lu, vu des autres", "urgent": "urgent",
	"user": "personne", "username": "identifiant", "verified": "adresse vérifiée",
}
