package rest

import (
	"encoding/json"
	"net/http"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
)

func (a *API) peopleRoutes() []route {
	return []route{
		{"GET", "/messagerie/me", people, nil, a.me},
		{"PATCH", "/messagerie/me", people, protocol.MeChange{}, a.changeMe},
		{"POST", "/messagerie/me/sign-out-everywhere", people, nil, a.signOutEverywhere},
		{"GET", "/messagerie/search/{establishmentId}", people, nil, a.search},
		{"GET", "/messagerie/classes/{establishmentId}", people, nil, a.classes},
	}
}

func (a *API) me(r request) error {
	me, err := a.people.Me(r.caller)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, me)
}

// changeMe changes the caller's own quiet hours; without any field it changes nothing.
func (a *API) changeMe(r request) error {
	var body protocol.MeChange
	if err := r.decode(&body); err != nil {
		return err
	}
	if len(body.Quiet) > 0 {
		var hours *protocol.QuietHours
		if err := json.Unmarshal(body.Quiet, &hours); err != nil {
			return refusal.Invalid("quiet", "quiet must be null, or an object with from, to and days.")
		}
		if err := a.people.SetOwnHours(r.caller, hours); err != nil {
			return err
		}
	}
	return a.me(r)
}

func (a *API) signOutEverywhere(r request) error {
	token, err := a.people.SignOutEverywhere(r.caller, r.Request.UserAgent())
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, token)
}

// search finds people by name and address, or lists those of a role or class.
func (a *API) search(r request) error {
	wanted := school.Wanted{Query: r.query("q"), Role: r.query("role"), Class: protocol.ParseID(r.query("class")), Cursor: r.query("cursor")}
	if r.query("class") != "" && wanted.Class == 0 {
		return school.ErrUnknownClass
	}
	var err error
	if wanted.Limit, err = r.limit(); err != nil {
		return err
	}
	page, err := a.people.Find(r.caller, r.id("establishmentId"), wanted)
	if err != nil {
		return err
	}
	if page.Next != "" {
		r.linkNext("cursor", page.Next)
	}
	return r.JSON(http.StatusOK, page.Users)
}

func (a *API) classes(r request) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	classes, next, err := a.people.Classes(r.caller, r.id("establishmentId"), r.query("cursor"), limit)
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNext("cursor", next)
	}
	return r.JSON(http.StatusOK, classes)
}
