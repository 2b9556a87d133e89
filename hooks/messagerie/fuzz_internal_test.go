package messagerie

import "testing"

// A cursor that is accepted is a place, and the place's own cursor leads to it.
func FuzzCursor(f *testing.F) {
	for _, p := range []place{{activity: "2026-11-30T07:00:00.000Z", id: 7}, {pinned: true, activity: "2026-11-30T07:00:00.000Z", id: 1 << 52}, {id: 1}} {
		f.Add(p.cursor())
	}
	f.Add("")
	f.Add("cGlubmVkfHBpbm5lZHwx")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, ok := parseCursor(cursor)
		if !ok {
			return
		}
		if again, ok := parseCursor(p.cursor()); !ok || again != p {
			t.Fatalf("%q is %+v, whose cursor is %+v", cursor, p, again)
		}
	})
}
