// Package s3test is an S3 server for tests: one bucket in memory, with the requests that PocketBase's file system makes.
// It checks the access key, but no signature.
package s3test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	bucket    = "ecole"
	accessKey = "AKIATEST"
	maxKeys   = 100 // of one page of a list: fewer than may be asked for, so that tests have several
)

// Server is a running server. Its methods may be called from any goroutine.
type Server struct {
	URL string

	mu      sync.Mutex
	objects map[string]object
	uploads map[string]*upload
	begun   int // uploads, ever
	fails   func(*http.Request) bool
	gone    map[string]chan struct{} // objects whose end somebody waits for
}

type object struct {
	content  []byte
	header   http.Header
	modified time.Time
	etag     string
}

// upload is an object that arrives in parts.
type upload struct {
	key    string
	header http.Header
	parts  map[int][]byte
}

// Start starts a server with an empty bucket, and stops it when the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{objects: map[string]object{}, uploads: map[string]*upload{}, gone: map[string]chan struct{}{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Config is what the dashboard has to be set to.
func (s *Server) Config() core.S3Config {
	return core.S3Config{Enabled: true, Bucket: bucket, Region: "fr-par", Endpoint: s.URL, AccessKey: accessKey, Secret: "secret", ForcePathStyle: true}
}

// Keys returns the names of all objects, in their order.
func (s *Server) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.objects))
}

// Object returns the content of an object, and whether it exists.
func (s *Server) Object(key string) (content []byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.objects[key]
	return found.content, ok
}

// Gone returns a channel that is closed when an object is deleted.
func (s *Server) Gone(key string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone[key] == nil {
		s.gone[key] = make(chan struct{})
		if _, exists := s.objects[key]; !exists {
			close(s.gone[key])
		}
	}
	return s.gone[key]
}

// Unfinished returns how many objects were begun in parts, and neither completed nor aborted.
func (s *Server) Unfinished() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.uploads)
}

// Fail makes the requests for which matches returns true fail with 503 from now on; nil ends that.
func (s *Server) Fail(matches func(*http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = matches
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	found, send := s.respond(w, r, body, err)
	if send { // without the lock: a client may read slowly, or never
		http.ServeContent(w, r, "", found.modified, bytes.NewReader(found.content))
	}
}

// respond writes the response to a request, or returns the object whose content is requested.
func (s *Server) respond(w http.ResponseWriter, r *http.Request, body []byte, err error) (found object, send bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, inBucket := strings.CutPrefix(r.URL.Path, "/"+bucket+"/")
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, "IncompleteBody")
	case !strings.Contains(r.Header.Get("Authorization"), "Credential="+accessKey+"/"):
		refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
	case s.fails != nil && s.fails(r):
		refuse(w, http.StatusServiceUnavailable, "SlowDown")
	case !inBucket:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case key == "" && r.Method == http.MethodGet:
		s.list(w, r.URL.Query())
	case r.URL.Query().Has("uploads") || r.URL.Query().Has("uploadId"):
		s.multipart(w, r, key, body)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		if found, send = s.objects[key]; !send {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			break
		}
		maps.Copy(w.Header(), found.header)
		w.Header().Set("ETag", found.etag)
	default:
		s.change(w, r, key, body)
	}
	return found, send
}

// change stores and deletes whole objects.
func (s *Server) change(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	switch r.Method {
	case http.MethodPut:
		if source := r.Header.Get("x-amz-copy-source"); source != "" {
			s.copy(w, source, key)
			return
		}
		w.Header().Set("ETag", s.put(key, kept(r.Header), body).etag)
	case http.MethodDelete: // of one that doesn't exist, too
		if _, exists := s.objects[key]; exists && s.gone[key] != nil {
			close(s.gone[key])
			delete(s.gone, key)
		}
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func (s *Server) put(key string, header http.Header, content []byte) object {
	sum := md5.Sum(content)
	o := object{content: content, header: header, modified: time.Now().UTC(), etag: `"` + hex.EncodeToString(sum[:]) + `"`}
	s.objects[key] = o
	return o
}

// kept returns what an object keeps of the headers it came with.
func kept(all http.Header) http.Header {
	header := http.Header{}
	for name, values := range all {
		if strings.HasPrefix(name, "X-Amz-Meta-") || strings.HasPrefix(name, "Content-") && name != "Content-Length" && name != "Content-Md5" || name == "Cache-Control" {
			header[name] = values
		}
	}
	return header
}

func (s *Server) copy(w http.ResponseWriter, source, key string) {
	path, err := url.PathUnescape(source)
	from, ok := s.objects[strings.TrimPrefix(path, bucket+"/")]
	if err != nil || !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	to := s.put(key, from.header, from.content)
	write(w, struct {
		XMLName      xml.Name `xml:"CopyObjectResult"`
		ETag         string
		LastModified time.Time
	}{ETag: to.etag, LastModified: to.modified})
}

// multipart takes an object in parts.
func (s *Server) multipart(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	query := r.URL.Query()
	id := query.Get("uploadId")
	begun := s.uploads[id]
	if r.Method == http.MethodPost && query.Has("uploads") {
		s.begun++
		id = strconv.Itoa(s.begun)
		s.uploads[id] = &upload{key: key, header: kept(r.Header), parts: map[int][]byte{}}
		write(w, struct {
			XMLName  xml.Name `xml:"InitiateMultipartUploadResult"`
			UploadID string   `xml:"UploadId"`
		}{UploadID: id})
		return
	}
	if begun == nil || begun.key != key {
		refuse(w, http.StatusNotFound, "NoSuchUpload")
		return
	}
	switch r.Method {
	case http.MethodPut:
		number, err := strconv.Atoi(query.Get("partNumber"))
		if err != nil || number < 1 {
			refuse(w, http.StatusBadRequest, "InvalidArgument")
			return
		}
		begun.parts[number] = body
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(body)))
	case http.MethodDelete:
		delete(s.uploads, id)
		w.WriteHeader(http.StatusNoContent)
	case http.MethodPost:
		s.complete(w, id, begun, body)
	}
}

func (s *Server) complete(w http.ResponseWriter, id string, u *upload, body []byte) {
	var wanted struct {
		Part []struct{ PartNumber int }
	}
	if err := xml.Unmarshal(body, &wanted); err != nil || len(wanted.Part) == 0 {
		refuse(w, http.StatusBadRequest, "MalformedXML")
		return
	}
	var content []byte
	for _, part := range wanted.Part {
		data, ok := u.parts[part.PartNumber]
		if !ok {
			refuse(w, http.StatusBadRequest, "InvalidPart")
			return
		}
		content = append(content, data...)
	}
	delete(s.uploads, id)
	stored := s.put(u.key, u.header, content)
	write(w, struct {
		XMLName xml.Name `xml:"CompleteMultipartUploadResult"`
		ETag    string
	}{ETag: stored.etag})
}

type listed struct {
	Key          string
	LastModified time.Time
	ETag         string
	Size         int
}

type prefix struct{ Prefix string }

// list writes a page of ListObjectsV2. A continuation token is the last name of the previous page.
func (s *Server) list(w http.ResponseWriter, query url.Values) {
	limit, err := strconv.Atoi(query.Get("max-keys"))
	if err != nil || limit > maxKeys {
		limit = maxKeys
	}
	page := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		NextContinuationToken string   `xml:",omitempty"`
		IsTruncated           bool
		KeyCount              int
		Contents              []listed
		CommonPrefixes        []prefix
	}{}
	delimiter, after := query.Get("delimiter"), query.Get("continuation-token")
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		rest, ok := strings.CutPrefix(key, query.Get("prefix"))
		isListed := key <= after || delimiter != "" && strings.HasSuffix(after, delimiter) && strings.HasPrefix(key, after)
		if !ok || isListed {
			continue
		}
		if page.KeyCount == limit {
			page.IsTruncated = true
			break
		}
		if at := strings.Index(rest, delimiter); delimiter != "" && at >= 0 {
			common := strings.TrimSuffix(key, rest) + rest[:at+len(delimiter)]
			if page.NextContinuationToken != common {
				page.CommonPrefixes = append(page.CommonPrefixes, prefix{common})
				page.NextContinuationToken = common
				page.KeyCount++
			}
			continue
		}
		o := s.objects[key]
		page.Contents = append(page.Contents, listed{key, o.modified, o.etag, len(o.content)})
		page.NextContinuationToken = key
		page.KeyCount++
	}
	if !page.IsTruncated {
		page.NextContinuationToken = ""
	}
	write(w, page)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(struct { // of HEAD it is left out
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: code, Message: code})
}

func write(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(value)
}
