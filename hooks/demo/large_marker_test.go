package demo_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/apptest"
	"messagerie/hooks/demo"
)

func TestPrepareLarge_recognisesItsOwnDirectory(t *testing.T) {
	app := generated(t)
	var told bytes.Buffer
	if err := demo.PrepareLarge(app.App, largeSize, time.Now(), &told); err != nil || told.Len() > 0 {
		t.Errorf("a second filling of the same size: %v, %s", err, &told)
	}
	if err := demo.Prepare(app.App, time.Now()); err != nil {
		t.Errorf("a demo without a size serves what is there: %v", err)
	}
	other := largeSize
	other.Seed++
	if err := demo.PrepareLarge(app.App, other, time.Now(), io.Discard); err == nil || !strings.Contains(err.Error(), largeSize.String()) {
		t.Errorf("another size: %v, want what is there", err)
	}
	if err := demo.PrepareLarge(filled(t).App, largeSize, time.Now(), io.Discard); err == nil {
		t.Error("the small school was taken for a generated one")
	}
	if app.Count("messages") != largeSize.Messages {
		t.Error("something was written")
	}
}

func TestPrepareLarge_refusesARealSchool(t *testing.T) {
	app := apptest.New(t)
	app.Establishment("Une vraie école")
	if err := demo.PrepareLarge(app.App, largeSize, time.Now(), io.Discard); !errors.Is(err, demo.ErrRealSchool) {
		t.Errorf("%v, want a refusal", err)
	}
	if got := app.Count("users"); got != 0 {
		t.Errorf("%d people were written", got)
	}
}

func TestPrepareLarge_refusesADirectoryWhoseFillingWasInterrupted(t *testing.T) {
	app := apptest.New(t)
	if _, err := app.DB().NewQuery(
		"CREATE TRIGGER full_disk BEFORE INSERT ON participants BEGIN SELECT RAISE(ABORT, 'full'); END").Execute(); err != nil {
		t.Fatal(err)
	}
	if err := demo.PrepareLarge(app.App, largeSize, time.Now(), io.Discard); err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatalf("%v, want the failure", err)
	}
	if err := demo.PrepareLarge(app.App, largeSize, time.Now(), io.Discard); !errors.Is(err, demo.ErrUnfinished) {
		t.Errorf("filled on: %v", err)
	}
	if err := demo.Prepare(app.App, time.Now()); !errors.Is(err, demo.ErrUnfinished) {
		t.Errorf("served: %v", err)
	}
}
