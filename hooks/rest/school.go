package rest

import (
	"net/http"
)

// schoolRoutes are public: what the log-in page shows.
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
	page.PasswordReset = a.mail.SendsLinks()
	return r.JSON(http.StatusOK, page)
}
