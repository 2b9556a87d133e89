package email

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Invitations are letters of the queue, each with a code of its own. Neither the queue nor the log knows the codes:
// they are derived when a mail is written (school.InvitedBy).

// Wanted is whom an administrator invites.
type Wanted struct {
	school.Selection
	Again bool // also those whom an earlier invitation was sent to, and who haven't come
}

// againAfter is how long somebody has for coming before another mail is sent to them.
const againAfter = time.Hour

// Invite queues a personal invitation for everybody of a selection who has an address and hasn't come yet; older codes
// of these people are void. It returns what became of each. Administration only.
func (q *Queue) Invite(caller school.Person, establishment protocol.ID, wanted Wanted) (protocol.Invitations, error) {
	result := protocol.Invitations{Results: []protocol.InvitationResult{}}
	people, err := q.people.Selected(caller, establishment, wanted.Selection)
	if err != nil {
		return result, err
	}
	if !q.SendsLinks() {
		return result, refusal.MailUnavailable
	}
	states, err := q.invitationStates(people)
	if err != nil {
		return result, err
	}
	var invited []*school.Account
	for _, person := range people {
		outcome := q.decide(wanted, states[person.ID])
		if outcome == protocol.Invited && q.addressed.Spend(caller, 1) != nil {
			outcome = protocol.InvitationQueueFull
		}
		if outcome == protocol.Invited {
			invited = append(invited, person)
		}
		result.Results = append(result.Results, protocol.InvitationResult{User: person.For(caller), Result: outcome})
	}
	if len(invited) == 0 {
		return result, nil
	}
	stored, err := q.storeInvitations(caller, establishment, invited)
	if stored > 0 {
		q.signal()
	}
	if err != nil {
		q.addressed.Return(caller, len(invited)-stored)
		if stored > 0 {
			err = fmt.Errorf("%w; invite: %w", refusal.OutcomeUnknown, err)
		}
		return result, err
	}
	result.Invited = len(invited)
	q.app.Logger().Info("Invitations were queued.", "by", caller.ID, "establishment", establishment, "people", len(invited))
	return result, nil
}

// decide returns what becomes of somebody: protocol.Invited for a mail.
func (q *Queue) decide(wanted Wanted, state invitationState) string {
	switch state.kind {
	case stateJoined:
		return protocol.InvitationHasAccess
	case stateNoAddress:
		return protocol.InvitationNoAddress
	case stateWaiting:
		return protocol.InvitationAlreadySent
	case stateSent:
		if !wanted.Again || q.now().Before(state.sentAt.Add(againAfter)) {
			return protocol.InvitationAlreadySent
		}
	case stateFailed:
		if len(wanted.Users) == 0 { // whole classes: mail servers count mail to addresses that don't exist
			return protocol.InvitationBounced
		}
	}
	return protocol.Invited
}

// storeInvitations queues the mails and stores the codes, in portions that let others write. It returns how many are stored.
func (q *Queue) storeInvitations(caller school.Person, establishment protocol.ID, people []*school.Account) (stored int, err error) {
	letter := ""
	due := q.now()
	for stored < len(people) {
		count := 0
		err := q.store.Transaction(func(tx core.App) error {
			count = 0
			id := letter
			if id == "" {
				record, err := q.invitationLetter(tx, caller, establishment)
				if err != nil {
					return err
				}
				id = record.Id
			}
			for begun := time.Now(); stored+count < len(people) && (count == 0 || time.Since(begun) < store.GroupTime); count++ {
				person := people[stored+count]
				at := due.Add(time.Duration(stored+count) * q.interval()) // other letters pass in between
				mail, err := q.storeRecipient(tx, id, person.Person, at)
				if err != nil {
					return err
				}
				if err := q.people.StoreInvitationCode(tx, person, mail.Id); err != nil {
					return err
				}
			}
			letter = id
			return nil
		})
		if err != nil {
			return stored, fmt.Errorf("store invitations: %w", err)
		}
		stored += count
	}
	return stored, nil
}

// invitationLetter is what the dashboard shows of invitations; what each person gets is written when it is sent.
func (q *Queue) invitationLetter(tx core.App, caller school.Person, establishment protocol.ID) (*core.Record, error) {
	record, err := newRecord(tx, letters)
	if err != nil {
		return nil, err
	}
	record.Set("subject", "Invitations à la messagerie")
	record.Set("content", fromPlain("Chaque destinataire reçoit, dans sa langue, un lien personnel avec son code d'accès. Les codes ne sont gardés nulle part."))
	record.Set("sender", caller.ID.RecordID())
	record.Set("invites_to", establishment.RecordID())
	return record, tx.SaveWithContext(ownSave, record)
}

// The kinds of invitationState.
const (
	stateNew       = iota // nothing was sent to the address that they have now
	stateJoined           // they have logged in
	stateNoAddress        //
	stateWaiting          // a mail is queued
	stateSent             // the mail server has taken it
	stateFailed           // it was refused, or given up
)

type invitationState struct {
	kind   int
	sentAt time.Time
	reason string // of stateFailed
}

const lastInvitationsSQL = `SELECT r.user, r.address, r.state, r.sent_at, r.error FROM json_each({:ids}) AS page
	JOIN email_recipients r ON r.id = (
		SELECT max(one.id) FROM email_recipients one JOIN emails e ON e.id = one.email
		WHERE one.user = page.value AND e.invites_to != '')`

// invitationStates returns how far each of the people is.
func (q *Queue) invitationStates(people []*school.Account) (map[protocol.ID]invitationState, error) {
	ids := make([]protocol.ID, len(people))
	for i, person := range people {
		ids[i] = person.ID
	}
	access, err := q.people.AccessOf(ids)
	if err != nil {
		return nil, err
	}
	params, err := store.IDParams(ids)
	if err != nil {
		return nil, err
	}
	var rows []lastInvitation
	if err := q.store.Query(lastInvitationsSQL, params, &rows); err != nil {
		return nil, fmt.Errorf("load invitations: %w", err)
	}
	last := make(map[protocol.ID]lastInvitation, len(rows))
	for _, row := range rows {
		last[protocol.ParseID(row.User)] = row
	}
	states := make(map[protocol.ID]invitationState, len(people))
	for _, person := range people {
		switch {
		case access[person.ID].HasJoined:
			states[person.ID] = invitationState{kind: stateJoined}
		case person.Email == "":
			states[person.ID] = invitationState{kind: stateNoAddress}
		default:
			states[person.ID] = last[person.ID].state(person.Email)
		}
	}
	return states, nil
}

type lastInvitation struct {
	User    string         `db:"user"`
	Address string         `db:"address"`
	State   string         `db:"state"`
	SentAt  types.DateTime `db:"sent_at"`
	Error   string         `db:"error"`
}

func (l lastInvitation) state(address string) invitationState {
	switch {
	case !strings.EqualFold(l.Address, address) || l.Error == errSuperseded.Error():
		return invitationState{}
	case l.State == protocol.EmailQueued:
		return invitationState{kind: stateWaiting}
	case l.State == protocol.EmailFailed:
		return invitationState{kind: stateFailed, reason: l.Error}
	}
	return invitationState{kind: stateSent, sentAt: l.SentAt.Time()}
}

// maxFailures is how many people a count names whose mail failed.
const maxFailures = 100

// CountInvitations returns how far the people of a selection are on their way in. Administration only.
func (q *Queue) CountInvitations(caller school.Person, establishment protocol.ID, selection school.Selection) (protocol.InvitationCounts, error) {
	counts := protocol.InvitationCounts{Available: q.SendsLinks(), PerHour: q.limits.EmailsPerHour, Failures: []protocol.InvitationFailure{}}
	people, err := q.people.Selected(caller, establishment, selection)
	if err != nil {
		return counts, err
	}
	states, err := q.invitationStates(people)
	if err != nil {
		return counts, err
	}
	counts.People = len(people)
	totals := []*int{
		stateNew: &counts.New, stateJoined: &counts.Joined, stateNoAddress: &counts.NoAddress, stateWaiting: &counts.Waiting,
		stateSent: &counts.Sent, stateFailed: &counts.Failed,
	}
	for _, person := range people {
		state := states[person.ID]
		*totals[state.kind]++
		if state.kind == stateFailed && len(counts.Failures) < maxFailures {
			counts.Failures = append(counts.Failures, protocol.InvitationFailure{User: person.For(caller), Reason: state.reason})
		}
	}
	return counts, nil
}
