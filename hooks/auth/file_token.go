package auth

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// nameDeviceInFile replaces a file token by one that names the device that asks for it, if its own token names one.
func nameDeviceInFile(e *core.FileTokenRequestEvent) error {
	device := DeviceOf(e.RequestEvent)
	if device == 0 {
		return e.Next()
	}
	claims, err := security.ParseUnverifiedJWT(e.Token)
	if err != nil {
		return err
	}
	claims[school.ClaimDevice] = device.String()
	settings := e.Record.Collection().FileToken
	if e.Token, err = security.NewJWT(claims, e.Record.TokenKey()+settings.Secret, settings.DurationTime()); err != nil {
		return err
	}
	return e.Next()
}

// holderOfFileToken returns the person with a file token, nil if it isn't valid, or of a device that was signed out.
func holderOfFileToken(app core.App, people *school.Service, token string) (*core.Record, error) {
	holder, err := app.FindAuthRecordByToken(token, core.TokenTypeFile)
	if err != nil || holder.Collection().Name != "users" {
		return nil, nil
	}
	device := deviceIn(token)
	if device == 0 {
		return holder, nil
	}
	if valid, err := people.IsLoggedInOn(protocol.ParseID(holder.Id), device); err != nil || !valid {
		return nil, err
	}
	return holder, nil
}
