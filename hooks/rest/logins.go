package rest

import (
	"net/http"

	"messagerie/hooks/auth"
	"messagerie/hooks/protocol"
)

func (a *API) loginRoutes() []route {
	return []route{
		{"POST", "/messagerie/me/password", people, protocol.PasswordChange{}, a.changePassword},
		{"GET", "/messagerie/devices", people, nil, a.listDevices},
		{"DELETE", "/messagerie/devices/{deviceId}", people, nil, a.signOutDevice},
		{"GET", "/messagerie/second-factor", people, nil, a.secondFactor},
		{"POST", "/messagerie/second-factor", people, protocol.SecondFactorStart{}, a.setUpSecondFactor},
		{"POST", "/messagerie/second-factor/confirm", people, protocol.SecondFactorCode{}, a.confirmSecondFactor},
		{"DELETE", "/messagerie/second-factor", people, protocol.SecondFactorRemoval{}, a.turnOffSecondFactor},
		{"POST", "/messagerie/second-factor/log-in", anyone, protocol.SecondFactorLogin{}, a.logInWithCode},
	}
}

// beforeSecondFactor are the patterns of the routes, besides those for anyone, that people may use before they have set
// up the second factor that their role requires.
var beforeSecondFactor = map[string]bool{
	"GET /api/messagerie/me":                          true,
	"POST /api/messagerie/me/password":                true,
	"POST /api/messagerie/me/sign-out-everywhere":     true,
	"DELETE /api/messagerie/devices/{deviceId}":       true, // logging out does this
	"GET /api/messagerie/second-factor":               true,
	"POST /api/messagerie/second-factor":              true,
	"POST /api/messagerie/second-factor/confirm":      true,
	"POST /api/collections/{collection}/auth-refresh": true,
}

// changePassword voids every token of the caller and returns another one for the device that asked, without a second
// log-in.
func (a *API) changePassword(r request) error {
	var body protocol.PasswordChange
	if err := r.decode(&body); err != nil {
		return err
	}
	if err := a.logins.CheckPassword(r.RequestEvent, body.OldPassword); err != nil {
		return err
	}
	token, err := a.people.ChangePassword(r.caller, body.Password, r.Request.UserAgent())
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, token)
}

func (a *API) listDevices(r request) error {
	devices, err := a.people.Devices(r.caller, auth.DeviceOf(r.RequestEvent))
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, devices)
}

func (a *API) signOutDevice(r request) error {
	if err := a.people.SignOutDevice(r.caller, r.id("deviceId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

func (a *API) secondFactor(r request) error {
	state, err := a.people.SecondFactor(r.caller)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, state)
}

// setUpSecondFactor takes the password, or a fresh log-in at a provider: otherwise whoever sits at an unlocked page could lock its owner out.
func (a *API) setUpSecondFactor(r request) error {
	var body protocol.SecondFactorStart
	if err := r.decode(&body); err != nil {
		return err
	}
	if err := a.logins.CheckOwner(r.RequestEvent, body.Password); err != nil {
		return err
	}
	setup, err := a.people.SetUpSecondFactor(r.caller)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, setup)
}

func (a *API) confirmSecondFactor(r request) error {
	var body protocol.SecondFactorCode
	if err := r.decode(&body); err != nil {
		return err
	}
	codes, err := a.people.ConfirmSecondFactor(r.caller, body.Code)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, protocol.RecoveryCodes{RecoveryCodes: codes})
}

func (a *API) turnOffSecondFactor(r request) error {
	var body protocol.SecondFactorRemoval
	if err := r.decode(&body); err != nil {
		return err
	}
	if err := a.logins.CheckOwner(r.RequestEvent, body.Password); err != nil {
		return err
	}
	if err := a.logins.SecondFactors.TurnOff(r.Auth, body.Code); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

func (a *API) logInWithCode(r request) error {
	var body protocol.SecondFactorLogin
	if err := r.decode(&body); err != nil {
		return err
	}
	return a.logins.SecondFactors.LogIn(r.RequestEvent, body)
}
