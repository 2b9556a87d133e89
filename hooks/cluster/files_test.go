package cluster_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"messagerie/hooks/apptest"
	"messagerie/hooks/apptest/s3test"
	"messagerie/hooks/protocol"
)

// multipartRequest is a file as a browser's form sends it.
func multipartRequest(t *testing.T, method, url, token, field string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, "cours.txt")
	if err == nil {
		_, err = part.Write([]byte("Bonjour à tous."))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, url, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

func TestCluster_keepsFilesInS3Alone(t *testing.T) {
	t.Parallel()
	c := newNodes(t, 2)
	anna, ben, conversation := c.pairOf()
	leader := c.apps[c.leader()]
	follower := c.apps[(c.leader()+1)%2]
	superuser := leader.Superuser()
	upload := func(app *apptest.App) *apptest.Response {
		url := fmt.Sprintf("%s/api/messagerie/attachments/%d/", app.URL, conversation)
		return app.Send(multipartRequest(t, "POST", url, anna.Token, "file"))
	}
	for _, app := range []*apptest.App{leader, follower} {
		upload(app).Refused(http.StatusForbidden, protocol.CodeForbidden)
		url := app.URL + "/api/collections/attachments/records"
		app.Send(multipartRequest(t, "POST", url, superuser, "file")).Refused(http.StatusForbidden, protocol.CodeForbidden)
	}
	// The dashboard's forms are multipart as well, of collections without files too.
	message := leader.Says(anna, conversation, "Bonjour")
	url := fmt.Sprintf("%s/api/collections/messages/records/%s", follower.URL, message.ID.RecordID())
	follower.Send(multipartRequest(t, "PATCH", url, superuser, "nothing")).OK(http.StatusOK)

	bucket := s3test.Start(t)
	leader.Configure(func(settings *core.Settings) { settings.S3 = bucket.Config() })
	c.expectEqual()
	var file protocol.Attachment
	upload(follower).OK(http.StatusCreated).Into(&file)
	follower.Post(anna, fmt.Sprintf("/api/messagerie/messages/%d/", conversation), map[string]any{"content": "", "attachments": []protocol.ID{file.ID}}).OK(http.StatusCreated)
	for _, app := range []*apptest.App{leader, follower} {
		got := app.Get(ben, fmt.Sprintf("/api/messagerie/attachments/%d/", file.ID)).OK(http.StatusOK)
		if string(got.Body) != "Bonjour à tous." {
			t.Errorf("%q instead of the file", got.Body)
		}
	}
	if len(bucket.Keys()) != 1 {
		t.Errorf("the bucket has %q", bucket.Keys())
	}
}
