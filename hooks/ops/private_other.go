//go:build !unix

package ops

// KeepPrivate does nothing where permissions are inherited from the directory above, as on Windows.
func KeepPrivate() {}
