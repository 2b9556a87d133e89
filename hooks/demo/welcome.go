package demo

import (
	"fmt"
	"io"
	"net"
	"text/tabwriter"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/school"
)

const warning = `
  ATTENTION : ce serveur écoute sur le réseau, et chacun connaît ces mots de passe.
  WARNING: this server listens on the network, and everybody knows these passwords.
`

// welcome prints the school's address and the accounts to log in with, and marks those
// that have another password by now, or are gone.
func welcome(out io.Writer, app core.App, listening net.Addr) error {
	url, isOpen := pageAddress(listening)
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\n%s\n\n", "Une école de démonstration / A school to try")
	fmt.Fprintf(table, "  Adresse / Address\t%s/\n", url)
	fmt.Fprintf(table, "  Mot de passe / Password\t%s\n\n", Password)
	logins, err := introduced(app)
	if err != nil {
		return err
	}
	now := accounts{app: app, isOurs: make(map[string]bool)}
	for _, l := range logins {
		fmt.Fprintf(table, "  %s\t%s%s\n", l.Email, l.Who, now.sinceThen("users", l.Email))
	}
	fmt.Fprintf(table, "\n  Administration / Dashboard\t%s/_/\n", url)
	fmt.Fprintf(table, "  %s\t%s%s\n", Superuser, Password, now.sinceThen(core.CollectionNameSuperusers, Superuser))
	if isOpen {
		fmt.Fprint(table, warning)
	}
	fmt.Fprintln(table)
	return table.Flush()
}

// introduced returns the people to try the school as: one of each kind.
func introduced(app core.App) ([]Login, error) {
	found, err := readMark(app)
	if err != nil || found == nil || found.Size == nil {
		return Logins(), err
	}
	var logins []Login
	for _, kind := range []struct{ role, who string }{
		{teacher, "enseignant / teacher"}, {parent, "parent"}, {staff, "administration / staff"}, {student, "élève / student"},
	} {
		var first []*core.Record
		err := app.RecordQuery("users").AndWhere(dbx.HashExp{"role": kind.role}).OrderBy("id").Limit(1).All(&first)
		if err != nil {
			return nil, err
		}
		for _, p := range first { // none in the smallest schools
			logins = append(logins, Login{p.Email(), school.PersonOf(p).FullName() + ", " + kind.who})
		}
	}
	return logins, nil
}

// pageAddress returns what to type into a browser on this machine, and whether other
// machines can reach the server.
func pageAddress(listening net.Addr) (url string, isOpen bool) {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok {
		return "http://" + listening.String(), true
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(tcp.Port)), !tcp.IP.IsLoopback()
}

// accounts are those of a school that was filled some time ago.
type accounts struct {
	app    core.App
	isOurs map[string]bool // by hash: whether it is of the demo's password. Accounts share one, and bcrypt is slow
}

// sinceThen describes what has changed about an account since the filling; "" for nothing.
func (a accounts) sinceThen(collection, email string) string {
	record, err := a.app.FindAuthRecordByEmail(collection, email)
	if err != nil {
		return " (n'existe plus / is gone)"
	}
	hash := record.GetString(core.FieldNamePassword + ":hash")
	if _, known := a.isOurs[hash]; !known {
		a.isOurs[hash] = record.ValidatePassword(Password)
	}
	if !a.isOurs[hash] {
		return " (autre mot de passe / another password)"
	}
	return ""
}
