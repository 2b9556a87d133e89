package school

import (
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/store"
)

// loginState is what each request of a person is checked against besides the token's signature.
type loginState struct {
	devices         []protocol.ID
	hasSecondFactor bool
}

// LoginChanged: somebody has logged in on another device, or turned their second factor on or off, or has another role.
type LoginChanged struct {
	User protocol.ID

	// NeedsSecondFactor means that the role requires a second factor that isn't set up, or not any more.
	NeedsSecondFactor bool
}

// loginStateBytes bounds the cache of login states: room for 15 000 people with two devices each.
const loginStateBytes = 2 << 20

// loginStateBase is the size of a state without its devices, including its place in a map.
const loginStateBase = 104

func (l *loginState) cacheSize() int { return loginStateBase + idBytes*len(l.devices) }

const loginStatesSQL = `SELECT page.value AS id,
	(SELECT json_group_array(d.id) FROM devices d WHERE d.user = page.value) AS devices,
	EXISTS (SELECT 1 FROM second_factors f WHERE f.user = page.value AND f.confirmed != '') AS second_factor
	FROM json_each({:ids}) AS page`

// loginState returns the state of a person, usually from the cache.
func (s *Service) loginState(user protocol.ID) (loginState, error) {
	state, err := s.logins.Get(user, s.loadLoginStates)
	if err != nil || state == nil {
		return loginState{}, err
	}
	return *state, nil
}

func (s *Service) loadLoginStates(ids []protocol.ID) (map[protocol.ID]*loginState, error) {
	params, err := store.IDParams(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID           string                  `db:"id"`
		Devices      types.JSONArray[string] `db:"devices"`
		SecondFactor bool                    `db:"second_factor"`
	}
	if err := s.store.Query(loginStatesSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load log-ins: %w", err)
	}
	loaded := make(map[protocol.ID]*loginState, len(rows))
	for _, row := range rows {
		state := &loginState{hasSecondFactor: row.SecondFactor}
		for _, id := range row.Devices {
			state.devices = append(state.devices, protocol.ParseID(id))
		}
		loaded[protocol.ParseID(row.ID)] = state
	}
	return loaded, nil
}

// IsLoggedInOn reports whether tokens of a person that name a device are valid.
func (s *Service) IsLoggedInOn(user, device protocol.ID) (bool, error) {
	state, err := s.loginState(user)
	return slices.Contains(state.devices, device), err
}

// updateLoginStates updates the cache after a change.
func (s *Service) updateLoginStates(change store.Change) {
	switch c := change.(type) {
	case LoginChanged:
		s.logins.Invalidate(c.User)
	case DeviceRemoved:
		s.logins.Invalidate(c.User)
	case PersonDeleted:
		s.logins.Invalidate(c.User)
	case store.Reset:
		s.logins.Clear()
	}
}
