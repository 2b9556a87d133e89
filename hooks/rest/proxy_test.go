package rest_test

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// The proxy in the README refuses nothing that the server accepts.
func TestReadme_nginxAcceptsALogo(t *testing.T) {
	s := newSchool(t)
	establishments, err := s.FindCachedCollectionByNameOrId("establishments")
	if err != nil {
		t.Fatal(err)
	}
	logo := establishments.Fields.GetByName("logo").(*core.FileField)
	largest := apis.DefaultMaxBodySize + logo.CalculateMaxBodySize() // as PocketBase reckons

	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	allowed := int64(1 << 20) // nginx's own
	if found := regexp.MustCompile(`client_max_body_size (\d+)m;`).FindSubmatch(readme); found != nil {
		megabytes, err := strconv.Atoi(string(found[1]))
		if err != nil {
			t.Fatal(err)
		}
		allowed = int64(megabytes) << 20
	}
	if allowed < largest {
		t.Errorf("nginx accepts %d bytes, the server %d", allowed, largest)
	}
}
