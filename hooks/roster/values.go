package roster

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/ozzo-validation/v4/is"

	"messagerie/hooks/protocol"
)

// The days of the formats: as in France, as in ISO 8601, and as spreadsheets write both. Years of
// two digits would be a guess.
var dayLayouts = []string{"2/1/2006", "2006-1-2", "2-1-2006", "2.1.2006", "2006/1/2", "20060102"}

const isoDay = "2006-01-02"

// parseDay returns a day such as "2014-03-21"; "" for none. It ignores a time after the day.
func parseDay(s string) (day string, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", true
	}
	if end := strings.IndexAny(s, " T"); end > 0 {
		s = s[:end]
	}
	for _, layout := range dayLayouts {
		if date, err := time.Parse(layout, s); err == nil {
			return date.Format(isoDay), date.Year() >= 1900 && date.Year() < 2100
		}
	}
	return "", false
}

// parseEmail returns an address in small letters; "" for none. It accepts what a record of a
// person does.
func parseEmail(s string) (address string, ok bool) {
	address = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "mailto:"))
	return address, address == "" || len(address) <= 254 && is.EmailFormat.Validate(address) == nil
}

var inePattern = regexp.MustCompile(`^[0-9A-Z]{9,12}$`)

// parseINE returns the national number of a student; "" for none, which some write as a word.
func parseINE(s string) (ine string, ok bool) {
	if !strings.ContainsAny(s, "0123456789") {
		return "", true
	}
	ine = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	return ine, inePattern.MatchString(ine)
}

var usernamePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{2,59}$`)

// parseUsername returns a username, or "" for one that can't be used here, such as an address.
func parseUsername(s string) string {
	if !usernamePattern.MatchString(s) {
		return ""
	}
	return s
}

// roleNames are the roles as files spell them, by nameKey.
var roleNames = namesOf(map[string]string{
	protocol.RoleStudent: "student students eleve eleves pupil pupils learner apprenant etudiant",
	protocol.RoleParent: "parent parents responsable responsablelegal responsables responsableslegaux guardian guardians " +
		"relative tuteur tutrice famille pere mere personnerelationeleve",
	protocol.RoleTeacher: "teacher teachers enseignant enseignante enseignants professeur professeure professeurs prof " +
		"professeurprincipal professeuredesecoles professeurdesecoles documentaliste",
	protocol.RoleStaff: "staff personnel personnels aide counselor principal proctor cpe aed aesh atsem agent viescolaire " +
		"secretaire secretariat infirmier infirmiere gestionnaire direction directeur directrice proviseur assistantdeducation",
	protocol.RoleAdmin: "admin administrator administrateur administratrice siteadministrator districtadministrator systemadministrator",
})

// relationNames are who a guardian is, likewise.
var relationNames = namesOf(map[string]string{
	protocol.RelationMother:   "mother mere maman",
	protocol.RelationFather:   "father pere papa",
	protocol.RelationGuardian: "guardian tuteur tutrice tuteurlegal aidesocialealenfance ase",
	protocol.RelationRelative: "relative grandmere grandpere grandparent grandsparents ascendant fratrie frere soeur oncle tante " +
		"autremembredelafamille beaupere bellemere famille",
})

func namesOf(names map[string]string) map[string]string {
	byName := map[string]string{}
	for value, spellings := range names {
		for _, spelling := range strings.Fields(spellings) {
			byName[spelling] = value
		}
	}
	return byName
}

// nameKey is what headers and names of roles are compared by: "Né(e) le" is neele.
func nameKey(s string) string { return strings.ReplaceAll(fold(s), " ", "") }

// seniority is the order in which somebody who is several things is one of them.
var seniority = []string{protocol.RoleAdmin, protocol.RoleTeacher, protocol.RoleStaff, protocol.RoleParent, protocol.RoleStudent}

// senior returns the role of somebody who has both; either may be "".
func senior(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || slices.Index(seniority, a) < slices.Index(seniority, b):
		return a
	}
	return b
}

// schoolYear is the year that begins in September of a year such as "2026", or "" for any other text.
func schoolYear(begins string) string {
	if len(begins) == 9 && begins[4] == '-' {
		begins = begins[:4]
	}
	year, err := time.Parse("2006", begins)
	if err != nil {
		return ""
	}
	return begins + "-" + year.AddDate(1, 0, 0).Format("2006")
}
