package apptest

import (
	"reflect"
	"strings"
)

// Routes are the patterns of everything that the server serves, in the form of net/http:
// "GET /api/health". PocketBase's router doesn't list them, so its groups are walked.
func (a *App) Routes() []string {
	return patterns(reflect.ValueOf(a.router.RouterGroup).Elem(), "")
}

func patterns(group reflect.Value, prefix string) (found []string) {
	prefix += group.FieldByName("Prefix").String()
	children := group.FieldByName("children")
	for i := range children.Len() {
		child := children.Index(i).Elem().Elem() // any, then a pointer
		if child.FieldByName("children").IsValid() {
			found = append(found, patterns(child, prefix)...)
			continue
		}
		method, path := child.FieldByName("Method").String(), child.FieldByName("Path").String()
		found = append(found, strings.TrimSpace(method+" "+prefix+path))
	}
	return found
}
