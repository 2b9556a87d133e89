package email

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// outage is a time in which the mail server took nothing.
type outage struct {
	since time.Time
	err   error
}

// noteOutcome keeps when the mail server began to fail; a letter that it takes, or refuses for its own sake, ends it.
func (q *Queue) noteOutcome(err error) {
	switch before := q.outage.Load(); {
	case err == nil || !isOutage(err):
		q.outage.Store(nil)
	case before == nil:
		q.outage.Store(&outage{since: q.now(), err: err})
	default:
		q.outage.Store(&outage{since: before.since, err: err})
	}
}

// Outage returns since when the mail server has failed and its last error; the zero time if it hasn't, as far as is known.
func (q *Queue) Outage() (since time.Time, err error) {
	if now := q.outage.Load(); now != nil {
		return now.since, now.err
	}
	return time.Time{}, nil
}

// FailedSince reports whether a letter was given up since a moment. An invitation that needn't be sent any more wasn't.
func (q *Queue) FailedSince(moment time.Time) (bool, error) {
	var found []string
	err := failedQuery(q.app, moment).Column(&found)
	return len(found) > 0, err
}

func failedQuery(app core.App, since time.Time) *dbx.SelectQuery {
	at, _ := types.ParseDateTime(since) // a time is never wrong
	return app.ConcurrentDB().Select("id").From(recipients).
		Where(dbx.NewExp("[[state]] = 'failed' AND [[updated]] >= {:since} AND [[error]] != {:superseded}",
			dbx.Params{"since": at.String(), "superseded": errSuperseded.Error()})).Limit(1)
}

// LettersWait reports whether letters wait because the settings of mail are incomplete.
func (q *Queue) LettersWait() (bool, error) {
	if q.current().hindrance() == nil {
		return false, nil
	}
	var found []string
	err := q.app.ConcurrentDB().Select("id").From(recipients).Where(dbx.NewExp(isQueued)).Limit(1).Column(&found)
	return len(found) > 0, err
}
