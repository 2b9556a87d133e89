package rest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"

	"messagerie/hooks/apptest"
	"messagerie/hooks/protocol"
)

// The list of somebody who was added to 43 groups of 250 by one pupil.
func BenchmarkList_of43GroupsOf250(b *testing.B) {
	app := apptest.New(b)
	school := app.Establishment("Collège Jean-Moulin")
	me := app.Person(school, protocol.RoleTeacher, "Claire", "Martin")
	const numbers = "WITH RECURSIVE n(value) AS (VALUES(1) UNION ALL SELECT value + 1 FROM n WHERE value < {:size}), " +
		"g(number) AS (VALUES(1) UNION ALL SELECT number + 1 FROM g WHERE number < 43) "
	for _, statement := range []string{
		`INSERT INTO users (id, first_name, last_name, email, role, establishments, tokenKey, password)
			SELECT printf('%016d', value), 'Prénom', 'Nom ' || value, 'prenom.nom' || value || '@ecole.example', 'student',
				json_array({:school}), 'k' || value, 'x' FROM n`,
		`INSERT INTO conversations (id, kind, title, establishment, created_by, created, updated)
			SELECT printf('%016d', number), 'group', 'Groupe ' || number, {:school}, printf('%016d', 1),
				'2026-09-01 08:00:00.000Z', '2026-09-01 08:00:00.000Z' FROM g`,
		`INSERT INTO participants (id, conversation, user, last_read, last_delivered)
			SELECT printf('%016d', 1000 * number + value), printf('%016d', number),
				CASE value WHEN {:size} THEN {:me} ELSE printf('%016d', value) END, printf('%016d', value), printf('%016d', value) FROM n, g`,
		`INSERT INTO messages (id, conversation, sender, content, created, updated)
			SELECT printf('%016d', 1000 * number + value), printf('%016d', number), printf('%016d', value % 249 + 1),
				'Bonjour à tous, voici le message ' || value, '2026-09-01 08:00:00.000Z', '2026-09-01 08:00:00.000Z' FROM n, g`,
	} {
		_, err := app.DB().NewQuery(numbers + statement).Bind(dbx.Params{
			"size": 250, "school": school.RecordID(), "me": me.ID.RecordID()}).Execute()
		if err != nil {
			b.Fatal(err)
		}
	}
	req, err := http.NewRequest("GET", app.URL+conversationsPath(me), nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+me.Token)
	req.Header.Set("Accept-Encoding", "identity")
	b.ReportAllocs()
	var size int64
	for b.Loop() {
		resp, err := http.DefaultClient.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(resp, err)
		}
		if size, err = io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
	b.ReportMetric(float64(size), "bytes")
}
