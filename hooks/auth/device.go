package auth

import (
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/school"
)

// DeviceOf is the device that the token of a request names, 0 if it names none. The token was verified when the caller
// was loaded.
func DeviceOf(e *core.RequestEvent) protocol.ID { return deviceIn(bearer(e.Request)) }

func deviceIn(token string) protocol.ID {
	claims, err := security.ParseUnverifiedJWT(token)
	if err != nil {
		return 0
	}
	device, _ := claims[school.ClaimDevice].(string)
	return protocol.ParseID(device)
}

// CheckDevice takes the caller from a request whose token is of a device that was signed out.
func CheckDevice(people *school.Service) *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "messagerieCheckDevice",
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			if e.Auth == nil || e.Auth.Collection().Name != "users" {
				return e.Next()
			}
			valid, err := isOnDevice(e, people)
			if err != nil {
				return err
			}
			if !valid {
				e.Auth = nil
			}
			return e.Next()
		},
	}
}

// isOnDevice reports whether the device of a request's token, if it names one, is still logged in.
func isOnDevice(e *core.RequestEvent, people *school.Service) (bool, error) {
	device := DeviceOf(e)
	if device == 0 {
		return true, nil
	}
	return people.IsLoggedInOn(protocol.ParseID(e.Auth.Id), device)
}

// refreshPattern is the route that replaces a token by a newer one.
const refreshPattern = "POST /api/collections/{collection}/auth-refresh"

// nameDevice replaces the token of a log-in by one that names its device. One with which a superuser impersonates
// somebody stays as it is.
func nameDevice(e *core.RecordAuthRequestEvent, people *school.Service) error {
	claims, err := security.ParseUnverifiedJWT(e.Token)
	if err != nil {
		return err
	}
	if refreshable, _ := claims[core.TokenClaimRefreshable].(bool); !refreshable {
		return nil
	}
	device := protocol.ID(0)
	if e.Request.Pattern == refreshPattern {
		device = DeviceOf(e.RequestEvent)
	}
	if device == 0 {
		e.Token, err = people.LogIn(e.Record, e.Request.UserAgent())
	} else {
		e.Token, err = people.Renew(e.Record, device)
	}
	return err
}
