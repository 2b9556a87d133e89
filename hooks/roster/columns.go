package roster

import "strings"

// What a column of a table can be.
const (
	ColumnExternalID     = "external_id"
	ColumnINE            = "ine"
	ColumnLastName       = "last_name"
	ColumnUsualName      = "usual_name" // the last name that somebody uses, preferred where there is one
	ColumnFirstName      = "first_name"
	ColumnFullName       = "full_name" // "BENALI Yasmine": a last name in capitals, then the first name
	ColumnEmail          = "email"
	ColumnBirthDate      = "birth_date"
	ColumnUsername       = "username"
	ColumnRole           = "role"
	ColumnClass          = "class"
	ColumnGroup          = "group"
	ColumnHeadClass      = "head_class" // the class of which a teacher is the head teacher
	ColumnLevel          = "level"
	ColumnLeft           = "left"
	ColumnRelation       = "relation" // of a guardian to the children
	ColumnChildID        = "child_external_id"
	ColumnChildLastName  = "child_last_name"
	ColumnChildUsualName = "child_usual_name"
	ColumnChildFirstName = "child_first_name"
	ColumnChildFullName  = "child_full_name"
	ColumnChildClass     = "child_class"
)

// ColumnFields lists them.
var ColumnFields = []string{
	ColumnExternalID, ColumnINE, ColumnLastName, ColumnUsualName, ColumnFirstName, ColumnFullName, ColumnEmail,
	ColumnBirthDate, ColumnUsername, ColumnRole, ColumnClass, ColumnGroup, ColumnHeadClass, ColumnLevel, ColumnLeft,
	ColumnRelation, ColumnChildID, ColumnChildLastName, ColumnChildUsualName, ColumnChildFirstName, ColumnChildFullName,
	ColumnChildClass,
}

// severalColumns may stand in a table more than once; of the others the first counts.
var severalColumns = map[string]bool{
	ColumnClass: true, ColumnGroup: true, ColumnHeadClass: true, ColumnChildID: true, ColumnChildLastName: true,
	ColumnChildUsualName: true, ColumnChildFirstName: true, ColumnChildFullName: true, ColumnChildClass: true,
}

// childColumns are about the children of a guardian.
var childColumns = []string{
	ColumnChildID, ColumnChildLastName, ColumnChildUsualName, ColumnChildFirstName, ColumnChildFullName, ColumnChildClass,
}

// headerNames are the headers by nameKey, in French and English: those of ONDE, Pronote and Edifice,
// and those that people write.
var headerNames = namesOf(map[string]string{
	ColumnExternalID: "externalid id identifiant matricule numero numeleve numeroeleve elenoet studentid userid identifiantexterne idexterne",
	ColumnINE:        "ine numeroine nine idnational identifiantnational identifiantnationaleleve ineeleve",
	ColumnLastName: "nom lastname surname familyname nomdefamille nomdenaissance nompatronymique nomeleve nomdeleleve " +
		"nomdefamilleeleve nomresponsable nomdefamilleresponsable nomdefamilledeleleve",
	ColumnUsualName: "nomdusage nomusage usualname preferredlastname nomdusageeleve nomusageeleve nomusageresponsable " +
		"nomdusageresponsable nomdusagedeleleve",
	ColumnFirstName: "prenom prenoms firstname givenname forename prenomeleve prenomdeleleve prenomresponsable premierprenom",
	ColumnFullName: "eleve eleves nometprenom nomprenom nomprenoms nometprenoms nomcomplet name fullname student students " +
		"studentname enseignant enseignants professeur professeurs teacher teachers responsable responsables parent parents personnel personnels",
	ColumnEmail: "email mail mel courriel adresseemail adressemail adressecourriel adresseelectronique emailaddress " +
		"courrielresponsable emailresponsable adresseemailresponsable emaileleve courrieleleve",
	ColumnBirthDate: "datedenaissance datenaissance neele nele neeele ne birthdate dateofbirth birthday dob datenaiss datenaissanceeleve " +
		"datedenaissanceeleve",
	ColumnUsername:       "username login nomdutilisateur identifiantdeconnexion compte",
	ColumnRole:           "role roles profil profile type fonction statut",
	ColumnClass:          "classe classes class classname division divisions libelleclasse homeroom form classederattachement classeeleve",
	ColumnGroup:          "groupe groupes group groups",
	ColumnHeadClass:      "professeurprincipalde professeurprincipal profprincipal profprincipalde pp headteacherof headteacher formtutor",
	ColumnLevel:          "niveau niveaux level grade yeargroup",
	ColumnLeft:           "datedesortie datesortie sortile sortie leftat leavingdate datededepart",
	ColumnRelation:       "liendeparente lienparente lien relation relationship parente",
	ColumnChildID:        "childexternalid childid identifiantenfant idenfant childrenexternalid",
	ColumnChildLastName:  "nomenfant nomdelenfant nomdefamilleenfant childlastname childsurname",
	ColumnChildUsualName: "nomdusageenfant nomusageenfant",
	ColumnChildFirstName: "prenomenfant prenomdelenfant childfirstname",
	ColumnChildFullName:  "enfant enfants child children nometprenomenfant childname",
	ColumnChildClass:     "classesenfants classeenfant classesenfant classedelenfant childclass",
})

// besideGuardians is what the headers of a student are where others are of a guardian: each row is
// of the guardian then.
var besideGuardians = namesOf(map[string]string{
	ColumnChildLastName:  "nomeleve nomdefamilleeleve nomdeleleve",
	ColumnChildUsualName: "nomdusageeleve nomusageeleve",
	ColumnChildFirstName: "prenomeleve prenomdeleleve",
	ColumnChildClass:     "classeseleves classeseleve classeeleve libelleclasse",
})

// headerKey is how a header is looked up: without case, accents, signs and the number of a
// repeated column.
func headerKey(header string) string { return strings.TrimRight(nameKey(header), "0123456789") }

// mapColumns says what each column is.
func mapColumns(headers []string, names map[string]string, chosen map[string]string) []Column {
	corrected := map[string]string{}
	for header, field := range chosen {
		corrected[nameKey(header)] = field
	}
	guardians := false
	for _, header := range headers {
		guardians = guardians || headerKey(header) == "nomresponsable"
	}
	used := map[string]bool{}
	columns := make([]Column, len(headers))
	for i, header := range headers {
		field, isChosen := corrected[nameKey(header)]
		if !isChosen {
			key := headerKey(header)
			field = names[key]
			if child, ok := besideGuardians[key]; ok && guardians {
				field = child
			}
		}
		if used[field] && !severalColumns[field] {
			field = ""
		}
		used[field] = field != ""
		columns[i] = Column{Header: clean(header), Field: field}
	}
	return columns
}
