package school

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
)

// Person is somebody in a school, with all that the rules need.
type Person struct {
	ID             protocol.ID
	FirstName      string
	LastName       string
	Email          string // "" for people without one
	Username       string // to log in with besides the address; may be ""
	EmailPublic    bool   // the owner allows everybody to see the address
	Role           string
	Establishments []protocol.ID
	Locale         string
	Disabled       bool

	TemporaryPassword bool // chosen by the school; the person is to choose another

	ties *ties // nil without any, and in a Person read from a record
}

// IsStaff reports whether the person works at the school.
func (p Person) IsStaff() bool { return slices.Contains(protocol.StaffRoles, p.Role) }

// Belongs reports whether the person is in an establishment.
func (p Person) Belongs(establishment protocol.ID) bool {
	return slices.Contains(p.Establishments, establishment)
}

// Moderates reports whether the person may look into what is reported in an establishment: its administrators.
func (p Person) Moderates(establishment protocol.ID) bool {
	return p.Role == protocol.RoleAdmin && p.Belongs(establishment)
}

// SameEstablishments reports whether two people, or one before and after a change, are in the same.
func (p Person) SameEstablishments(other Person) bool {
	return slices.Equal(p.Establishments, other.Establishments)
}

// Shares reports whether two people have an establishment in common.
func (p Person) Shares(other Person) bool {
	return slices.ContainsFunc(p.Establishments, other.Belongs)
}

// For returns the person as the viewer sees them: staff see every address in their
// establishments; others see those of staff, their own, and public ones. For classes and
// children see showTies.
func (p Person) For(viewer Person) protocol.User {
	user := protocol.User{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, Role: p.Role}
	if p.ID == viewer.ID || p.EmailPublic || p.IsStaff() || viewer.IsStaff() && viewer.Shares(p) {
		user.Email = p.Email
	}
	if p.ties != nil {
		p.showTies(&user, viewer)
	}
	return user
}

// looksLike reports whether others see no difference between the two.
func (p Person) looksLike(other Person) bool {
	return p.FirstName == other.FirstName && p.LastName == other.LastName && p.Email == other.Email &&
		p.EmailPublic == other.EmailPublic && p.Role == other.Role &&
		p.Disabled == other.Disabled && // a disabled person can't manage a group
		slices.Equal(p.Establishments, other.Establishments)
}

// FullName is the first and the last name, or the only one.
func (p Person) FullName() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// PersonOf decodes a record of users.
func PersonOf(record *core.Record) Person {
	return personRow{
		ID:                record.Id,
		FirstName:         record.GetString("first_name"),
		LastName:          record.GetString("last_name"),
		Email:             record.Email(),
		Username:          record.GetString("username"),
		EmailPublic:       record.EmailVisibility(),
		Role:              record.GetString("role"),
		Establishments:    record.GetStringSlice("establishments"),
		Locale:            record.GetString("locale"),
		Disabled:          record.GetBool("disabled"),
		TemporaryPassword: record.GetBool("temporary_password"),
	}.person()
}

// personRow is a person as stored.
type personRow struct {
	ID                string                  `db:"id"`
	FirstName         string                  `db:"first_name"`
	LastName          string                  `db:"last_name"`
	Email             string                  `db:"email"`
	Username          string                  `db:"username"`
	EmailPublic       bool                    `db:"emailVisibility"`
	Role              string                  `db:"role"`
	Establishments    types.JSONArray[string] `db:"establishments"` // record ids
	Locale            string                  `db:"locale"`
	Disabled          bool                    `db:"disabled"`
	TemporaryPassword bool                    `db:"temporary_password"`
}

// personColumns are the columns of a personRow, in a query where users has the alias u.
const personColumns = "u.id, u.first_name, u.last_name, u.email, u.username, u.emailVisibility, u.role, u.establishments, " +
	"u.locale, u.disabled, u.temporary_password"

func (r personRow) person() Person {
	p := Person{
		ID:                protocol.ParseID(r.ID),
		FirstName:         r.FirstName,
		LastName:          r.LastName,
		Email:             r.Email,
		Username:          r.Username,
		EmailPublic:       r.EmailPublic,
		Role:              r.Role,
		Locale:            r.Locale,
		Disabled:          r.Disabled,
		TemporaryPassword: r.TemporaryPassword,
	}
	for _, id := range r.Establishments {
		p.Establishments = append(p.Establishments, protocol.ParseID(id))
	}
	return p
}
