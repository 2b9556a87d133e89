package rest

import (
	"net/http"
)

// schoolRoutes are for everybody: what the log-in page shows.
func (a *API) schoolRoutes() []route {
	return []route{
		{"GET", "/messagerie/school", anyone, nil, a.school},
	}
}

func (a *API) school(r request) error {
	page, err := a.people.LoginPage()
	if err != nil {
		return err
	}
	page.PasswordReset = a.outbox.SendsLinks()
	return r.JSON(http.StatusOK, page)
}
