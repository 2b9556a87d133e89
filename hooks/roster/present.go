package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// account is a person as stored, with what imports compare.
type account struct {
	ID             string                  `db:"id"`
	FirstName      string                  `db:"first_name"`
	LastName       string                  `db:"last_name"`
	Role           string                  `db:"role"`
	Email          string                  `db:"email"`
	Username       string                  `db:"username"`
	Source         string                  `db:"external_source"`
	ExternalID     string                  `db:"external_id"`
	INE            string                  `db:"ine"`
	BirthDate      string                  `db:"birth_date"`
	ImportedEmail  string                  `db:"imported_email"`
	ImportedAs     string                  `db:"imported_as"`
	Establishments types.JSONArray[string] `db:"establishments"`
	Disabled       bool                    `db:"disabled"`
	LeftAt         string                  `db:"left_at"`
}

const accountColumns = "id, first_name, last_name, role, email, username, external_source, external_id, ine, birth_date, " +
	"imported_email, imported_as, establishments, disabled, left_at"

// hasLeft reports whether an import has disabled the account. One that the school has disabled
// itself stays disabled.
func (a *account) hasLeft() bool { return a.Disabled && a.LeftAt != "" }

func (a *account) isStaff() bool { return slices.Contains(protocol.StaffRoles, a.Role) }

// classRow is a class as stored.
type classRow struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Level    string `db:"level"`
	Year     string `db:"year"`
	Archived bool   `db:"archived"`
}

// enrollmentRow is an enrollment as stored.
type enrollmentRow struct {
	ID    string `db:"id"`
	Class string `db:"class"`
	User  string `db:"user"`
	Role  string `db:"role"`
}

// guardianshipRow is a guardianship as stored.
type guardianshipRow struct {
	ID       string `db:"id"`
	Guardian string `db:"guardian"`
	Student  string `db:"student"`
	Legal    bool   `db:"legal"`
	Relation string `db:"relation"`
}

// present is who and what is in an establishment.
type present struct {
	establishment string
	people        []*account
	byID          map[string]*account // those, and those from elsewhere
	elsewhere     []*account          // people of other establishments who have an identifier of the roster: never matched
	classes       []*classRow
	enrollments   []*enrollmentRow   // in classes that aren't archived
	guardianships []*guardianshipRow // of students of the establishment
}

// everybody selects the people of an establishment.
const everybody = "EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(users.establishments) THEN users.establishments ELSE '[]' END) " +
	"WHERE value = {:establishment})"

// loadPresent loads an establishment as it is now.
func loadPresent(app core.App, establishment protocol.ID) (*present, error) {
	p := &present{establishment: establishment.RecordID()}
	for _, query := range []struct {
		text string
		into any
	}{
		{"SELECT " + accountColumns + " FROM users WHERE " + everybody + " ORDER BY id", &p.people},
		{"SELECT id, name, level, year, archived FROM classes WHERE establishment = {:establishment} ORDER BY id", &p.classes},
		{`SELECT e.id, e.class, e.user, e.role FROM enrollments e JOIN classes c ON c.id = e.class
			WHERE c.establishment = {:establishment} AND NOT c.archived ORDER BY e.id`, &p.enrollments},
		{`SELECT g.id, g.guardian, g.student, g.legal, g.relation FROM guardianships g JOIN users ON users.id = g.student
			WHERE ` + everybody + ` ORDER BY g.id`, &p.guardianships},
	} {
		params := dbx.Params{"establishment": p.establishment}
		if err := app.ConcurrentDB().NewQuery(query.text).Bind(params).All(query.into); err != nil {
			return nil, fmt.Errorf("load the people of an establishment: %w", err)
		}
	}
	p.byID = make(map[string]*account, len(p.people))
	for _, a := range p.people {
		p.byID[a.ID] = a
	}
	return p, nil
}

// fingerprint changes when anything does that a plan was made from. What people do by themselves,
// such as choosing a password or a language, isn't part of it.
func (p *present) fingerprint() (string, error) {
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	for _, rows := range []any{p.people, p.classes, p.enrollments, p.guardianships} {
		if err := encoder.Encode(rows); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// loadElsewhere loads the people of other establishments who have an identifier of the roster's
// people: nobody gets a second account, and no import may claim theirs.
func (p *present) loadElsewhere(app core.App, r *Roster) error {
	var externalIDs, ines, emails []string
	for _, person := range r.People {
		externalIDs = append(externalIDs, person.ExternalID)
		ines = append(ines, person.INE)
		emails = append(emails, strings.ToLower(person.Email))
	}
	params := dbx.Params{"source": r.Format}
	for name, values := range map[string][]string{"externalIDs": externalIDs, "ines": ines, "emails": emails} {
		list, err := json.Marshal(slices.DeleteFunc(values, func(v string) bool { return v == "" }))
		if err != nil {
			return err
		}
		params[name] = string(list)
	}
	// Each condition has its index; CROSS JOIN keeps SQLite from reading the list for each user.
	err := app.ConcurrentDB().NewQuery("SELECT " + accountColumns + ` FROM users WHERE id IN (
			SELECT u.id FROM json_each({:externalIDs}) AS i CROSS JOIN users u WHERE u.external_source = {:source} AND u.external_id = i.value AND u.external_id != ''
			UNION SELECT u.id FROM json_each({:ines}) AS i CROSS JOIN users u WHERE u.ine = i.value AND u.ine != ''
			UNION SELECT u.id FROM json_each({:emails}) AS i CROSS JOIN users u WHERE u.email = i.value COLLATE NOCASE)
		ORDER BY id`).Bind(params).All(&p.elsewhere)
	if err != nil {
		return fmt.Errorf("load people of other establishments: %w", err)
	}
	p.elsewhere = slices.DeleteFunc(p.elsewhere, func(a *account) bool { return p.byID[a.ID] != nil })
	for _, a := range p.elsewhere {
		p.byID[a.ID] = a
	}
	return nil
}

// isIn reports whether an account is one of the establishment's.
func (p *present) isIn(a *account) bool { return slices.Contains(a.Establishments, p.establishment) }

// others returns the other establishments of an account.
func (p *present) others(a *account) []string {
	return slices.DeleteFunc(slices.Clone(a.Establishments), func(id string) bool { return id == p.establishment })
}
