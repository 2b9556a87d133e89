package main

import (
	"strings"
	"testing"

	"messagerie/hooks/apptest"
	"messagerie/hooks/ops"
)

func TestSchema_thatIsBrokenIsNamedAndNotServed(t *testing.T) {
	app := apptest.New(t)
	if _, err := app.NonconcurrentDB().NewQuery("DROP TRIGGER people_order_insert").Execute(); err != nil {
		t.Fatal(err)
	}
	app.Stop()
	said, err := runToEnd(t, "serve", "--dir", app.Dir, "--http", freeAddress(t))
	if status(err) != ops.StatusSchema || !strings.Contains(said, "people_order_insert is missing") {
		t.Errorf("%v: %s", err, said)
	}
}
