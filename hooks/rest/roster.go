package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/roster"
)

// upload is the body of a route that takes files, as multipart/form-data, of so many bytes in all.
type upload int64

// rosterUpload is the largest import: that of a school of several thousand people has some megabytes.
const rosterUpload upload = 32 << 20

func (a *API) rosterRoutes() []route {
	return []route{
		{"GET", "/messagerie/roster/{establishmentId}", people, nil, a.rosterImports},
		{"POST", "/messagerie/roster/{establishmentId}", people, rosterUpload, a.planRoster},
		{"GET", "/messagerie/roster/{establishmentId}/{planId}", people, nil, a.rosterPlan},
		{"POST", "/messagerie/roster/{establishmentId}/{planId}/apply", people, protocol.RosterApplyRequest{}, a.applyRoster},
		{"POST", "/messagerie/roster/{establishmentId}/{planId}/undo", people, nil, a.undoRoster},
	}
}

func (a *API) rosterImports(r request) error {
	establishment := r.id("establishmentId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	plans, err := a.rosters.List(establishment)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, plans)
}

// planRoster checks the role before it reads the body.
func (a *API) planRoster(r request) error {
	establishment := r.id("establishmentId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	defer func() { _ = form.RemoveAll() }() // temporary files, which the system removes as well
	options, err := rosterOptions(r, form)
	if err != nil {
		return err
	}
	var files []roster.Upload
	for _, file := range form.File["files"] {
		files = append(files, roster.Upload{Name: file.Filename, Open: func() (io.ReadCloser, error) { return file.Open() }})
	}
	if len(files) == 0 {
		return refusal.Invalid("files", "There is no file.")
	}
	plan, err := a.rosters.Plan(r.caller.ID, establishment, files, options)
	if err != nil {
		return err
	}
	return a.sendPlan(r, http.StatusCreated, establishment, plan)
}

// memoryOfUploads is how much of a form stays in memory; the rest is in temporary files.
const memoryOfUploads = 1 << 20

// form reads a form with files. It reads the body directly, without the copy by which PocketBase
// lets handlers read it again.
func (r request) form() (*multipart.Form, error) {
	r.Request.Body = bodyOf(r.RequestEvent)
	if err := r.Request.ParseMultipartForm(memoryOfUploads); err != nil {
		return nil, unreadableForm(err)
	}
	return r.Request.MultipartForm, nil
}

// unreadableForm is the refusal of a body that is too large or isn't a form.
func unreadableForm(err error) error {
	if errors.Is(unreadable(err), refusal.TooLarge) {
		return refusal.TooLarge
	}
	return refusal.Invalid("body", "The body isn't a form with files (multipart/form-data).")
}

// rosterOptions are the parameters of the query, or fields of the form: a table's columns are too
// many for a query.
func rosterOptions(r request, form *multipart.Form) (options roster.Options, err error) {
	value := func(name string) string {
		if values := form.Value[name]; len(values) > 0 {
			return values[0]
		}
		return r.query(name)
	}
	options = roster.Options{Format: value("format"), Role: value("role"), Complete: value("complete") == "true"}
	if columns := value("columns"); columns != "" {
		if err := json.Unmarshal([]byte(columns), &options.Columns); err != nil {
			return options, refusal.Invalid("columns", "columns must be an object: what each column is, by its header.")
		}
	}
	return options, nil
}

func (a *API) rosterPlan(r request) error {
	establishment := r.id("establishmentId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	return a.sendPlan(r, http.StatusOK, establishment, r.id("planId"))
}

// sendPlan sends a plan with the page of its changes that the query asks for.
func (a *API) sendPlan(r request, status int, establishment, id protocol.ID) error {
	limit, err := r.limit()
	if err != nil {
		return err
	}
	plan, next, err := a.rosters.Get(establishment, id,
		roster.Page{Cursor: r.query("cursor"), Limit: limit, Kind: r.query("kind"), Action: r.query("action")})
	if err != nil {
		return err
	}
	if next != "" {
		r.linkNextAt(fmt.Sprintf("/api/messagerie/roster/%d/%d/", establishment, id), "cursor", next)
	}
	return r.JSON(status, plan)
}

func (a *API) applyRoster(r request) error {
	establishment, id := r.id("establishmentId"), r.id("planId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	var body protocol.RosterApplyRequest
	if err := r.decodeOptional(&body); err != nil {
		return err
	}
	decisions, err := roster.ParseDecisions(body.Decisions)
	if err != nil {
		return err
	}
	if err := a.rosters.Apply(establishment, id, decisions); err != nil {
		return err
	}
	return a.sendPlan(r, http.StatusAccepted, establishment, id)
}

func (a *API) undoRoster(r request) error {
	establishment, id := r.id("establishmentId"), r.id("planId")
	if err := roster.MayImport(r.caller, establishment); err != nil {
		return err
	}
	if err := a.rosters.Undo(establishment, id); err != nil {
		return err
	}
	return a.sendPlan(r, http.StatusAccepted, establishment, id)
}
