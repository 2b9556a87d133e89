package rest

import (
	"mime"
	"net/http"

	"messagerie/hooks/closures"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
)

// calendarUpload is the largest calendar, with the frame of its form.
const calendarUpload upload = closures.MaxFile + 64<<10

func (a *API) closureRoutes() []route {
	return []route{
		{"POST", "/messagerie/closures/{establishmentId}", people, calendarUpload, a.addClosures},
		{"DELETE", "/messagerie/closures/{establishmentId}/{closureId}", people, nil, a.removeClosure},
	}
}

// addClosures adds one closure, or those of a calendar. It checks the role before it reads the body.
func (a *API) addClosures(r request) error {
	establishment := r.id("establishmentId")
	if err := closures.MayChange(r.caller, establishment); err != nil {
		return err
	}
	if err := a.closures.Spend(r.caller); err != nil {
		return err
	}
	if kind, _, _ := mime.ParseMediaType(r.Request.Header.Get("Content-Type")); kind == "multipart/form-data" {
		return a.importCalendar(r, establishment)
	}
	var body protocol.ClosureRequest
	r.fields = a.limits.Of(body)
	if err := r.decode(&body); err != nil {
		return err
	}
	closure, err := a.closures.Add(establishment, closures.Holiday{Name: body.Name, FirstDay: body.FirstDay, LastDay: body.LastDay})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, closure)
}

func (a *API) importCalendar(r request, establishment protocol.ID) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	defer func() { _ = form.RemoveAll() }() // temporary files, which the system removes as well
	files := form.File["file"]
	if len(files) != 1 {
		return refusal.Invalid("file", "There must be one file.")
	}
	file, err := files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	imported, err := a.closures.Import(establishment, file)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, protocol.ClosuresImported{
		Added: imported.Added, Unchanged: imported.Unchanged, Ignored: len(imported.Ignored), Closures: imported.Closures})
}

func (a *API) removeClosure(r request) error {
	establishment := r.id("establishmentId")
	if err := closures.MayChange(r.caller, establishment); err != nil {
		return err
	}
	if err := a.closures.Spend(r.caller); err != nil {
		return err
	}
	if err := a.closures.Remove(establishment, r.id("closureId")); err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
