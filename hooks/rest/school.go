package rest

import (
	"net/http"

	"messagerie/hooks/auth"
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
	page.About = a.About
	if page.Providers, err = auth.Providers(r.App); err != nil {
		return err
	}
	return r.JSON(http.StatusOK, page)
}
