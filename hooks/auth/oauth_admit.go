package auth

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// admit finds the person that an identity belongs to, and remembers the link between the two.
func (p *providers) admit(app core.App, users *core.Collection, who identity) (person *core.Record, isNew bool, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		if person, err = find(tx, users, who); err != nil {
			return err
		}
		if person == nil {
			if isNew = p.mayCreate(who); !isNew {
				return errUnknownAccount
			}
			if person, err = p.createAccount(tx, users, who); err != nil {
				return err
			}
		}
		if person.GetBool("disabled") {
			return nil // is refused later
		}
		if err := endTemporaryPassword(tx, person); err != nil {
			return err
		}
		return link(tx, person, who)
	})
	return person, isNew, err
}

// find returns the person with an earlier link, else the one with the external id, else the one
// with the verified address; nil for nobody.
func find(app core.App, users *core.Collection, who identity) (*core.Record, error) {
	earlier, err := app.FindFirstExternalAuthByExpr(dbx.HashExp{
		"collectionRef": users.Id, "provider": who.provider, "providerId": who.subject})
	if err = exceptNoRows(err); err != nil {
		return nil, fmt.Errorf("find link: %w", err)
	}
	if earlier != nil {
		return app.FindRecordById(users, earlier.RecordRef())
	}
	if who.externalID != "" {
		person := &core.Record{}
		err := app.RecordQuery(users).AndWhere(dbx.HashExp{"external_source": who.source, "external_id": who.externalID}).
			Limit(1).One(person)
		if err == nil || exceptNoRows(err) != nil {
			return person, err
		}
	}
	if who.email == "" {
		return nil, nil
	}
	person, err := app.FindAuthRecordByEmail(users, who.email)
	return person, exceptNoRows(err)
}

func exceptNoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// link remembers whose account this is. It replaces that of another account of the same provider:
// the person has got another one there.
func link(app core.App, person *core.Record, who identity) error {
	links, err := app.FindAllExternalAuthsByRecord(person)
	if err != nil {
		return fmt.Errorf("find links: %w", err)
	}
	i := slices.IndexFunc(links, func(l *core.ExternalAuth) bool { return l.Provider() == who.provider })
	if i < 0 {
		i, links = len(links), append(links, core.NewExternalAuth(app))
	}
	l := links[i]
	if l.ProviderId() == who.subject {
		return nil
	}
	l.SetCollectionRef(person.Collection().Id)
	l.SetRecordRef(person.Id)
	l.SetProvider(who.provider)
	l.SetProviderId(who.subject)
	if err := app.Save(l); err != nil {
		return fmt.Errorf("save link: %w", err)
	}
	return nil
}

// endTemporaryPassword voids a password that the school has handed out: the person is known
// now, and wouldn't be able to type it when they are asked for a new one.
func endTemporaryPassword(app core.App, person *core.Record) error {
	if !person.GetBool("temporary_password") {
		return nil
	}
	person.SetRandomPassword()
	person.Set("temporary_password", false)
	if err := app.Save(person); err != nil {
		return fmt.Errorf("end temporary password: %w", err)
	}
	return nil
}

// mayCreate reports whether the configuration allows an account for the address.
func (p *providers) mayCreate(who identity) bool {
	_, domain, _ := strings.Cut(who.email, "@")
	return p.create.CreateRole != "" && domain != "" &&
		slices.Contains(p.create.CreateDomains, strings.ToLower(domain))
}

func (p *providers) createAccount(app core.App, users *core.Collection, who identity) (*core.Record, error) {
	establishment, err := app.FindFirstRecordByData("establishments", "name", p.create.CreateEstablishment)
	if err != nil {
		return nil, fmt.Errorf("find establishment %q, of login.create_establishment: %w", p.create.CreateEstablishment, err)
	}
	person := core.NewRecord(users)
	person.Set("first_name", who.firstName)
	person.Set("last_name", who.lastName)
	person.Set("role", p.create.CreateRole)
	person.Set("establishments", []string{establishment.Id})
	person.SetEmail(who.email)
	person.SetVerified(true)
	person.SetRandomPassword()
	if err := app.Save(person); err != nil {
		return nil, fmt.Errorf("create account: %w", err)
	}
	return person, nil
}
