package rest

import "net/http"

func (a *API) peopleRoutes() []route {
	return []route{
		{"GET", "/messagerie/me", people, nil, a.me},
		{"POST", "/messagerie/me/sign-out-everywhere", people, nil, a.signOutEverywhere},
		{"GET", "/messagerie/search/{establishmentId}", people, nil, a.search},
	}
}

func (a *API) me(r request) error {
	me, err := a.people.Me(r.caller)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, me)
}

func (a *API) signOutEverywhere(r request) error {
	token, err := a.people.SignOutEverywhere(r.caller)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, token)
}

func (a *API) search(r request) error {
	users, err := a.people.Search(r.caller, r.id("establishmentId"), r.query("q"))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, users)
}
