package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

const (
	devicesPath  = "/api/messagerie/devices/"
	refreshPath  = "/api/collections/users/auth-refresh"
	firefox      = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
	iPhoneSafari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

// logInWith logs a person in with a browser.
func (s school) logInWith(who apptest.Person, userAgent string) apptest.Person {
	req, err := http.NewRequest("POST", s.URL+logInPath, strings.NewReader(`{"identity":"`+who.Email+`","password":"`+apptest.Password+`"}`))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
	s.Send(req).OK(200).Into(&struct{ Token *string }{&who.Token})
	return who
}

func (s school) devices(as apptest.Person) (devices []protocol.Device) {
	s.Get(as, devicesPath).OK(200).Into(&devices)
	return devices
}

func (s school) refreshed(as apptest.Person) apptest.Person {
	s.Post(as, refreshPath, nil).OK(200).Into(&struct{ Token *string }{&as.Token})
	return as
}

func TestDevices_areListedInWords(t *testing.T) {
	s := newSchool(t)
	phone, desk := s.logInWith(s.claire, iPhoneSafari), s.logInWith(s.claire, firefox)
	devices := s.devices(desk)
	if len(devices) != 2 {
		t.Fatalf("the devices are %+v", devices)
	}
	if d := devices[0]; d.Browser != "Firefox" || d.System != "Windows" || !d.IsCurrent {
		t.Errorf("the newest is %+v", d)
	}
	if d := devices[1]; d.Browser != "Safari" || d.System != "iPhone" || d.IsCurrent {
		t.Errorf("the other is %+v", d)
	}
	if others := s.devices(phone); !others[1].IsCurrent || others[0].IsCurrent {
		t.Errorf("the phone sees %+v", others)
	}
	if of := s.devices(s.jerome); len(of) != 0 {
		t.Errorf("somebody else sees %+v", of)
	}
}

func TestSignOutDevice_endsItsTokensAndSocketsOnly(t *testing.T) {
	s := newSchool(t)
	phone, desk := s.logInWith(s.claire, iPhoneSafari), s.logInWith(s.claire, firefox)
	phone = s.refreshed(phone)
	lost, _ := s.Dial(phone)
	kept, _ := s.Dial(desk)
	old := s.devices(desk)[1].ID.String()
	file := s.uploaded(s.claire, s.conversation, "le texte.txt", "bonjour")
	picture := func(of apptest.Person) string {
		var issued struct{ Token string }
		s.Post(of, "/api/files/token", nil).OK(200).Into(&issued)
		return attachmentPath(file.ID) + "?token=" + issued.Token
	}
	ofPhone, ofDesk := picture(phone), picture(desk)
	s.Do("", "GET", ofPhone, nil).OK(200)

	s.Do(s.jerome.Token, "DELETE", devicesPath+old, nil).Refused(404, protocol.CodeNotFound)
	s.Do(desk.Token, "DELETE", devicesPath+old, nil).OK(204)
	lost.ExpectClose(protocol.CloseUnauthorized)
	s.Get(phone, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
	s.Post(phone, refreshPath, nil).Refused(401, protocol.CodeUnauthorized)
	s.Do("", "GET", ofPhone, nil).Refused(401, protocol.CodeUnauthorized)
	s.Do("", "GET", ofDesk, nil).OK(200)
	s.Post(phone, "/api/files/token", nil).Refused(401, protocol.CodeUnauthorized)
	if _, resp, err := s.TryDial(phone, "/ws/chat/"+s.claire.ID.String()+"/", nil); err == nil || resp.StatusCode != 401 {
		t.Errorf("its socket was let in: %v", resp)
	}
	s.Do(desk.Token, "DELETE", devicesPath+old, nil).Refused(404, protocol.CodeNotFound)

	s.Says(s.jerome, s.conversation, "Encore là ?")
	kept.Expect(protocol.TypeNewMessage, nil)
	s.refreshed(desk)
	if devices := s.devices(desk); len(devices) != 1 {
		t.Errorf("what is left is %+v", devices)
	}
}

func TestDevices_deletedInTheDashboardAreSignedOut(t *testing.T) {
	s := newSchool(t)
	phone := s.logInWith(s.claire, iPhoneSafari)
	id := s.devices(phone)[0].ID
	s.Do(s.Superuser(), "DELETE", "/api/collections/devices/records/"+id.RecordID(), nil).OK(204)
	s.Get(phone, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
}

func TestRefresh_keepsTheDeviceAndNotesItsUse(t *testing.T) {
	s := newSchool(t)
	phone := s.logInWith(s.claire, iPhoneSafari)
	before := s.devices(phone)[0]
	later := time.Now().Add(2 * time.Hour)
	s.People.SetClock(func() time.Time { return later })
	after := s.devices(s.refreshed(phone))
	if len(after) != 1 || after[0].ID != before.ID || !after[0].IsCurrent || after[0].LastSeen != protocol.Time(later) {
		t.Errorf("%+v became %+v", before, after)
	}
}

// A token of a version without devices gets one when it is renewed.
func TestRefresh_givesAnOlderTokenADevice(t *testing.T) {
	s := newSchool(t)
	if devices := s.devices(s.claire); len(devices) != 0 {
		t.Fatalf("the devices are %+v", devices)
	}
	if devices := s.devices(s.refreshed(s.claire)); len(devices) != 1 || !devices[0].IsCurrent {
		t.Errorf("afterwards they are %+v", devices)
	}
	s.Get(s.claire, "/api/messagerie/me/").OK(200)
}

// A script that logs in each time that it runs doesn't fill the list, nor push browsers out.
func TestLogIn_ofAProgramIsOneDevice(t *testing.T) {
	s := newSchool(t)
	script := s.logInWith(s.claire, "python-requests/2.32")
	again := s.logInWith(s.claire, "python-requests/2.33")
	devices := s.devices(again)
	if len(devices) != 1 {
		t.Fatalf("the devices are %+v", devices)
	}
	if d := devices[0]; d.Browser != "python-requests" || d.System != "" {
		t.Errorf("it is called %+v", d)
	}
	s.Get(script, "/api/messagerie/me/").OK(200)
}

func TestPassword_changedSignsOutAllOtherDevices(t *testing.T) {
	s := newSchool(t)
	phone, desk := s.logInWith(s.claire, iPhoneSafari), s.logInWith(s.claire, firefox)
	const path, better = "/api/messagerie/me/password/", "une autre longue phrase"
	s.Post(desk, path, object{"old_password": "wrong", "password": better}).Refused(400, protocol.CodeInvalidPassword)
	s.Post(desk, path, object{"old_password": apptest.Password, "password": "123"}).Refused(400, protocol.CodeInvalidRequest)
	s.Get(phone, "/api/messagerie/me/").OK(200)

	s.Post(desk, path, object{"old_password": apptest.Password, "password": better}).OK(200).Into(&struct{ Token *string }{&desk.Token})
	s.Get(phone, "/api/messagerie/me/").Refused(401, protocol.CodeUnauthorized)
	if devices := s.devices(desk); len(devices) != 1 || !devices[0].IsCurrent {
		t.Errorf("the devices are %+v", devices)
	}
	signIn(s, s.claire.Email, better).OK(200)
}

// Impersonation is a superuser's: it is no device of the person's.
func TestImpersonation_isNoDevice(t *testing.T) {
	s := newSchool(t)
	var resp protocol.Token
	s.Do(s.Superuser(), "POST", "/api/collections/users/impersonate/"+s.claire.ID.RecordID(), object{"duration": 60}).OK(200).Into(&resp)
	if devices := s.devices(apptest.Person{Token: resp.Token}); len(devices) != 0 {
		t.Errorf("the devices are %+v", devices)
	}
}
