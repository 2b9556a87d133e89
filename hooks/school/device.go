package school

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/store"
)

// ClaimDevice is the claim of a token that names its device, as a decimal text. Tokens of earlier versions, and those
// with which a superuser impersonates somebody, have none.
const ClaimDevice = "device"

const (
	// maxDevices is how many devices a person may be logged in on. One more signs out the one that was used least recently.
	maxDevices = 50

	// seenInterval is how exactly the last use of a device is known: a save for each renewed token would be too much.
	seenInterval = time.Hour
)

// ErrNoDevice: the person isn't logged in on such a device.
var ErrNoDevice = refusal.New(protocol.CodeNotFound, "You aren't logged in on this device, or no longer.")

// DeviceRemoved: the tokens of a device are void.
type DeviceRemoved struct{ User, Device protocol.ID }

// LogIn records that somebody has logged in with a browser or program, and returns a token for it. If the disk takes no
// more, it is a token without a device: reading goes on.
func (s *Service) LogIn(record *core.Record, userAgent string) (token string, err error) {
	err = s.store.Transaction(func(tx core.App) error {
		token, err = s.logIn(tx, record, userAgent)
		return err
	})
	if errors.Is(err, refusal.StorageFull) {
		return record.NewAuthToken()
	}
	return token, err
}

func (s *Service) logIn(tx core.App, record *core.Record, userAgent string) (string, error) {
	agent := agentOf(userAgent)
	devices, err := s.devicesOf(tx, record)
	if err != nil {
		return "", err
	}
	if err := s.noteJoined(tx, record); err != nil {
		return "", err
	}
	device, err := s.deviceFor(tx, record.Id, agent, devices)
	if err != nil {
		return "", err
	}
	if s.Now().Sub(device.GetDateTime("last_seen").Time()) >= seenInterval {
		device.Set("last_seen", s.Now().UTC())
		if err := tx.Save(device); err != nil {
			return "", fmt.Errorf("record the device: %w", err)
		}
	}
	return deviceToken(record, protocol.ParseID(device.Id))
}

// deviceFor returns the record of a device that logs in. A program that logs in each time it runs is one device; of
// browsers nobody knows whether they are the same.
func (s *Service) deviceFor(tx core.App, user string, agent agent, devices []*core.Record) (*core.Record, error) {
	if agent.system == "" {
		same := slices.IndexFunc(devices, func(d *core.Record) bool {
			return d.GetString("system") == "" && d.GetString("browser") == agent.browser
		})
		if same >= 0 {
			return devices[same], nil
		}
	}
	for _, surplus := range devices[min(len(devices), maxDevices-1):] {
		if err := tx.Delete(surplus); err != nil {
			return nil, fmt.Errorf("sign out a device: %w", err)
		}
	}
	collection, err := tx.FindCachedCollectionByNameOrId("devices")
	if err != nil {
		return nil, err
	}
	device := core.NewRecord(collection)
	device.Set("user", user)
	device.Set("browser", agent.browser)
	device.Set("system", agent.system)
	return device, nil
}

// devicesOf returns the devices of a person, the most recently used first. Those whose tokens have all expired are deleted.
func (s *Service) devicesOf(tx core.App, person *core.Record) ([]*core.Record, error) {
	devices, err := findDevices(tx, person.Id)
	if err != nil {
		return nil, err
	}
	valid := s.stillValid(devices, person.Collection())
	for _, expired := range devices[len(valid):] {
		if err := tx.Delete(expired); err != nil {
			return nil, fmt.Errorf("forget a device: %w", err)
		}
	}
	return valid, nil
}

// findDevices returns all devices of a person, the most recently used first.
func findDevices(app core.App, user string) ([]*core.Record, error) {
	var devices []*core.Record
	err := app.RecordQuery("devices").AndWhere(dbx.HashExp{"user": user}).OrderBy("last_seen DESC", "id DESC").All(&devices)
	if err != nil {
		return nil, fmt.Errorf("load devices: %w", err)
	}
	return devices, nil
}

// stillValid returns the devices that may have a valid token: the first of the list.
func (s *Service) stillValid(devices []*core.Record, users *core.Collection) []*core.Record {
	since := s.Now().Add(-users.AuthToken.DurationTime() - seenInterval)
	for i, device := range devices {
		if device.GetDateTime("last_seen").Time().Before(since) {
			return devices[:i]
		}
	}
	return devices
}

// deviceToken returns a token like PocketBase's own, which names the device as well.
func deviceToken(record *core.Record, device protocol.ID) (string, error) {
	token, err := record.NewAuthToken()
	if err != nil {
		return "", err
	}
	claims, err := security.ParseUnverifiedJWT(token)
	if err != nil {
		return "", err
	}
	claims[ClaimDevice] = device.String()
	users := record.Collection()
	return security.NewJWT(claims, record.TokenKey()+users.AuthToken.Secret, users.AuthToken.DurationTime())
}

// Renew returns another token for a device of a person, and notes that it is used.
func (s *Service) Renew(record *core.Record, device protocol.ID) (string, error) {
	known, err := s.app.FindRecordById("devices", device.RecordID())
	if isNoRows(err) { // just now
		return "", refusal.Unauthorized
	}
	if err != nil {
		return "", fmt.Errorf("find the device: %w", err)
	}
	if s.Now().Sub(known.GetDateTime("last_seen").Time()) >= seenInterval {
		known.Set("last_seen", s.Now().UTC())
		if err := s.app.Save(known); err != nil && !refusal.IsStorage(err) { // a full disk signs nobody out
			return "", fmt.Errorf("note that the device is used: %w", err)
		}
	}
	return deviceToken(record, device)
}

// Devices lists where a person is logged in, the most recently used first.
func (s *Service) Devices(caller Person, current protocol.ID) ([]protocol.Device, error) {
	users, err := s.app.FindCachedCollectionByNameOrId("users")
	if err != nil {
		return nil, err
	}
	records, err := findDevices(s.app, caller.ID.RecordID())
	if err != nil {
		return nil, err
	}
	records = s.stillValid(records, users)
	devices := make([]protocol.Device, len(records))
	for i, record := range records {
		id := protocol.ParseID(record.Id)
		devices[i] = protocol.Device{
			ID: id, Browser: record.GetString("browser"), System: record.GetString("system"),
			CreatedAt: protocol.Time(record.GetDateTime("created").Time()),
			LastSeen:  protocol.Time(record.GetDateTime("last_seen").Time()),
			IsCurrent: id == current,
		}
	}
	return devices, nil
}

// SignOutDevice voids the tokens of a device of the caller's and closes its sockets.
func (s *Service) SignOutDevice(caller Person, device protocol.ID) error {
	err := s.store.Transaction(func(tx core.App) error {
		record, err := tx.FindFirstRecordByFilter("devices", "id = {:id} && user = {:user}",
			dbx.Params{"id": device.RecordID(), "user": caller.ID.RecordID()})
		if isNoRows(err) {
			return ErrNoDevice
		}
		if err != nil {
			return err
		}
		return tx.Delete(record)
	})
	if err != nil {
		return fmt.Errorf("sign out a device: %w", err)
	}
	return nil
}

func (s *Service) bindDevices() {
	announce := store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		user := protocol.ParseID(e.Record.GetString("user"))
		if e.Type == core.ModelEventTypeDelete {
			s.store.Announce(e.App, DeviceRemoved{user, protocol.ParseID(e.Record.Id)})
		} else {
			s.store.Announce(e.App, LoginChanged{User: user})
		}
		return nil
	})
	s.app.OnRecordUpdate("devices").Bind(store.Handler(store.PriorityRule, func(e *core.RecordEvent) error {
		before, after := e.Record.Original().GetString("user"), e.Record.GetString("user")
		if err := e.Next(); err != nil || before == after {
			return err
		}
		s.store.Announce(e.App, DeviceRemoved{protocol.ParseID(before), protocol.ParseID(e.Record.Id)})
		s.store.Announce(e.App, LoginChanged{User: protocol.ParseID(after)})
		return nil
	}))
	s.app.OnRecordCreate("devices").Bind(announce)
	s.app.OnRecordDelete("devices").Bind(announce)
	// Outside of the handler that announces why the tokens are void: sockets are closed for that reason.
	s.app.OnRecordUpdate("users").Bind(store.Handler(store.PriorityRule-1, func(e *core.RecordEvent) error {
		before := e.Record.Original().TokenKey()
		if err := e.Next(); err != nil || e.Record.TokenKey() == before {
			return err
		}
		return forgetDevices(e.App, e.Record.Id)
	}))
}

// forgetDevices removes the devices of somebody whose tokens are all void.
func forgetDevices(tx core.App, user string) error {
	devices, err := tx.FindAllRecords("devices", dbx.HashExp{"user": user})
	for _, device := range devices {
		if err = tx.Delete(device); err != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("forget devices: %w", err)
	}
	return nil
}
