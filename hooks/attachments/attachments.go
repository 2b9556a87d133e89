// Package attachments keeps the files of messages: it takes an upload, finds out what it is, cleans and stores it, and
// opens it for those who may read it. The records, and who may, are in package messagerie. PocketBase's file system,
// on the disk or in S3, has the files, in the folder of each record.
package attachments

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"messagerie/hooks/config"
	"messagerie/hooks/messagerie"
	"messagerie/hooks/protocol"
	"messagerie/hooks/refusal"
	"messagerie/hooks/school"
	"messagerie/hooks/store"
)

// Refusals of a file because of what it is.
var (
	ErrTooLarge       = refusal.New(protocol.CodeTooLarge, "The file is too large.")
	ErrTypeNotAllowed = refusal.New(protocol.CodeTypeNotAllowed, "Files of this type aren't taken here.")
	ErrDamaged        = refusal.New(protocol.CodeTypeNotAllowed, "The picture is damaged, or of a kind that can't be read.")
	ErrTooManyPixels  = refusal.New(protocol.CodeTooLarge, "The picture is too large: at most %d megapixels.", maxPixels/1_000_000)
	ErrEmpty          = refusal.New(protocol.CodeTypeNotAllowed, "The file is empty.")
	ErrInfected       = refusal.New(protocol.CodeInfected, "A virus was found in this file.")
	ErrUnreachable    = refusal.New(protocol.CodeUnavailable, "The storage of files can't be reached: try again later.")
	ErrNotScanned     = refusal.New(protocol.CodeUnavailable, "The virus scanner can't be reached: try again later.")
)

// Service takes and opens files. Its methods may be called from any goroutine.
type Service struct {
	app           core.App
	conversations *messagerie.Service
	config        config.Attachments
	reserve       int64         // bytes of the disk that files leave free
	pictures      chan struct{} // a slot for each picture that is being decoded
}

// New creates the service of an app that needn't be bootstrapped yet.
func New(app core.App, conversations *messagerie.Service, cfg config.Attachments, disk config.Storage) *Service {
	return &Service{app: app, conversations: conversations, config: cfg, reserve: disk.ReserveBytes(), pictures: make(chan struct{}, max(1, runtime.NumCPU()/2))}
}

// MaxBytes is the size of the largest file.
func (s *Service) MaxBytes() int64 { return int64(s.config.MaxMegabytes) << 20 }

// Limits is what files are taken.
func (s *Service) Limits() protocol.FileLimits {
	return protocol.FileLimits{Types: append([]string{}, s.config.Types...), MaxBytes: s.MaxBytes()}
}

func (s *Service) quota() messagerie.Quota {
	return messagerie.Quota{Person: int64(s.config.PersonMegabytes) << 20, Establishment: int64(s.config.EstablishmentMegabytes) << 20}
}

// Upload is a file that arrives.
type Upload struct {
	Caller       school.Person
	Conversation protocol.ID
	Name         string
	Content      io.Reader
}

// Check refuses what can be refused before the file arrives. size is how large it may be, at least.
func (s *Service) Check(caller school.Person, conversation protocol.ID, size int64) error {
	if err := s.conversations.MayAttach(caller, conversation); err != nil {
		return err
	}
	if err := s.checkRoom(size); err != nil {
		return err
	}
	a := messagerie.Attachment{Conversation: conversation, Uploader: caller.ID, Attachment: protocol.Attachment{Size: max(0, size)}}
	return s.conversations.CheckQuota(a, s.quota())
}

// checkRoom refuses files before the disk is so full that messages can't be stored. Where the space can't be read, the
// disk refuses them itself.
func (s *Service) checkRoom(size int64) error {
	free, err := store.FreeBytes(s.app.DataDir())
	if err != nil || free-max(0, size) >= s.reserve {
		return nil
	}
	return refusal.New(protocol.CodeQuotaExceeded, "The server's disk is nearly full: files can't be taken for now.")
}

// Store takes a file that Check has let through, and keeps it until a message carries it.
func (s *Service) Store(ctx context.Context, u Upload) (protocol.Attachment, error) {
	folder, err := s.temporary()
	if err != nil {
		return protocol.Attachment{}, full(err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // else it goes with the next start
	path := filepath.Join(folder, "upload")
	if err := receive(path, u.Content, s.MaxBytes()); err != nil {
		return protocol.Attachment{}, full(err)
	}
	if err := s.scan(ctx, path); err != nil {
		return protocol.Attachment{}, err
	}
	prepared, err := s.prepare(ctx, path, u.Name)
	if err != nil {
		return protocol.Attachment{}, full(err)
	}
	return s.keep(u, prepared)
}

// temporary makes a folder that the next start of the server removes, if this one doesn't.
func (s *Service) temporary() (string, error) {
	all := filepath.Join(s.app.DataDir(), core.LocalTempDirName)
	if err := os.MkdirAll(all, 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(all, "upload-")
}

// receive writes a file to the disk.
func receive(path string, content io.Reader, maxBytes int64) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	size, err := io.Copy(file, io.LimitReader(content, maxBytes+1))
	switch err = errors.Join(err, file.Close()); {
	case err != nil:
		return fmt.Errorf("receive a file: %w", err)
	case size > maxBytes:
		return ErrTooLarge
	case size == 0:
		return ErrEmpty
	}
	return nil
}

// full refuses a file for which the disk has no room.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return errors.Join(messagerie.ErrQuotaExceeded, err)
	}
	return err
}

// The names of the files in the folder of a record, without their extensions.
const (
	fileName      = "file"
	thumbnailName = "thumbnail"
)

// keep stores a file and then its record, under an id that was drawn before. Without the record nobody finds the
// file, and sweep removes it.
func (s *Service) keep(u Upload, p prepared) (protocol.Attachment, error) {
	id, err := s.conversations.ReserveAttachment()
	if err != nil {
		return protocol.Attachment{}, err
	}
	p.ID = id
	a := messagerie.Attachment{Attachment: p.Attachment, Conversation: u.Conversation, Uploader: u.Caller.ID, File: fileName + p.extension}
	if p.thumbnail != "" {
		a.HasThumbnail, a.Thumbnail = true, thumbnailName+filepath.Ext(p.thumbnail)
	}
	files, err := s.app.NewFilesystem()
	if err != nil {
		return protocol.Attachment{}, err
	}
	defer func() { _ = files.Close() }()
	folder, err := s.folder(id)
	if err != nil {
		return protocol.Attachment{}, err
	}
	err = upload(files, p.path, folder+a.File)
	if err == nil && a.HasThumbnail {
		err = upload(files, p.thumbnail, folder+a.Thumbnail)
	}
	if err != nil {
		err = s.unreachable(err)
	} else {
		err = s.conversations.AddAttachment(a, s.quota())
	}
	if err != nil && !errors.Is(err, refusal.OutcomeUnknown) {
		files.DeletePrefix(folder)
	}
	return a.Attachment, full(err)
}

// unreachable turns a fault of the file storage into one that clients try again after; a full disk has a code of its own.
func (s *Service) unreachable(err error) error {
	if refusal.IsStorage(err) {
		return err
	}
	s.app.Logger().Error("The storage of files failed.", "error", err)
	return errors.Join(ErrUnreachable, err)
}

func upload(files *filesystem.System, path, key string) error {
	file, err := filesystem.NewFileFromPath(path)
	if err == nil {
		err = files.UploadFile(file, key)
	}
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

// folder returns the prefix of the files of a record.
func (s *Service) folder(id protocol.ID) (string, error) {
	collection, err := s.app.FindCachedCollectionByNameOrId("attachments")
	if err != nil {
		return "", err
	}
	return collection.BaseFilesPath() + "/" + id.RecordID() + "/", nil
}
