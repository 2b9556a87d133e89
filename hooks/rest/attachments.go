package rest

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"messagerie/hooks/attachments"
	"messagerie/hooks/refusal"
)

// formFrame is room for what a form has around a file.
const formFrame = 64 << 10

func (a *API) attachmentRoutes() []route {
	return []route{
		{"POST", "/messagerie/attachments/{conversationId}", people, upload(a.attachments.MaxBytes() + formFrame), a.uploadAttachment},
		{"GET", "/messagerie/attachments/{attachmentId}", people, nil, a.sendAttachment},
	}
}

// uploadAttachment checks who may before it reads the body, which goes to the disk as it arrives.
func (a *API) uploadAttachment(r request) error {
	conversation := r.id("conversationId")
	if err := a.attachments.Check(r.caller, conversation, r.Request.ContentLength-formFrame); err != nil {
		return err
	}
	r.Request.Body = bodyOf(r.RequestEvent)
	form, err := r.Request.MultipartReader()
	if err != nil {
		return unreadableForm(err)
	}
	part, err := filePart(form)
	if err != nil {
		return err
	}
	stored, err := a.attachments.Store(r.Request.Context(), attachments.Upload{
		Caller: r.caller, Conversation: conversation, Name: part.FileName(), Content: part})
	var refused *refusal.Error
	if err != nil && !errors.As(err, &refused) && (errors.Is(unreadable(err), refusal.TooLarge) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return unreadableForm(err)
	}
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, stored)
}

// filePart returns the first part of a form that is a file; those before it, of a browser's own form, are skipped.
func filePart(form *multipart.Reader) (*multipart.Part, error) {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, refusal.Invalid("file", "There must be one file.")
		}
		if err != nil {
			return nil, unreadableForm(err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
}

func (a *API) sendAttachment(r request) error {
	file, err := a.attachments.Open(r.caller.ID, r.id("attachmentId"), r.query("thumbnail") == "1")
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	// net/http resets it before the next request. Not every connection supports one.
	timeout := responseTimeout + time.Duration(file.Size/slowestLink)*time.Second
	_ = http.NewResponseController(r.Response).SetWriteDeadline(time.Now().Add(timeout))
	file.ServeTo(r.Response, r.Request)
	return nil
}
