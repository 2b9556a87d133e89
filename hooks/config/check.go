package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	hostPattern   = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$`)
	headerPattern = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	topLevel      = regexp.MustCompile(`^\pL([\pL\d-]*\pL)?$`)
)

// emptyOr lets the empty text pass check.
func emptyOr(check func(string) (string, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		if s == "" {
			return "", nil
		}
		return check(s)
	}
}

func notEmpty(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", errors.New("is empty")
	}
	return s, nil
}

func shortText(s string) (string, error) {
	if utf8.RuneCountInString(s) > 255 {
		return "", errors.New("is too long")
	}
	return notEmpty(s)
}

func oneOf(permitted ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(permitted, s) {
			return "", fmt.Errorf("is none of %s", strings.Join(permitted, ", "))
		}
		return s, nil
	}
}

// address is what a listener takes. Port 0 asks the system for a free one, which tests do.
func address(s string) (string, error) {
	name, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", errors.New("is not host:port")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", errors.New("has no port from 0 to 65535")
	}
	if _, err := emptyOr(host)(name); err != nil {
		return "", errors.New("has no valid host before the port")
	}
	return s, nil
}

// socket is where a daemon of this machine, or of another, listens.
func socket(s string) (string, error) {
	network, at, _ := strings.Cut(s, ":")
	switch {
	case network == "unix" && strings.HasPrefix(at, "/"):
		return s, nil
	case network == "tcp":
		if _, err := address(at); err != nil {
			return "", err
		}
		return s, nil
	}
	return "", errors.New("is neither unix:/path nor tcp:host:port")
}

func host(s string) (string, error) {
	if net.ParseIP(s) == nil && !hostPattern.MatchString(s) {
		return "", errors.New("is neither a host name nor an IP address")
	}
	return s, nil
}

// allowedOrigin is an origin that may be listed. "*" may not: pages of any site could then
// reach the school from the visitor's network.
func allowedOrigin(s string) (string, error) {
	if strings.Contains(s, "*") {
		return "", errors.New("would let pages of any web site use this server: name each site in full")
	}
	return origin(s)
}

// origin returns the spelling of browsers, with which an Origin header can be compared:
// lower case, no default port, no trailing slash.
func origin(s string) (string, error) {
	u, err := url.Parse(strings.ToLower(s))
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("is not http://host or https://host")
	case u.User != nil:
		return "", errors.New("must not hold a user name or password")
	case strings.Trim(u.Path, "/") != "", u.RawQuery != "", u.Fragment != "":
		return "", errors.New("must end after the host and port")
	}
	if _, err := host(u.Hostname()); err != nil {
		return "", errors.New("has no valid host")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "", errors.New("has no port from 1 to 65535")
		}
	}
	standard := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(strings.TrimSuffix(u.Host, standard), ":"), nil
}

func headerName(s string) (string, error) {
	if !headerPattern.MatchString(s) {
		return "", errors.New("is not the name of a header")
	}
	return s, nil
}

// network accepts one IP address or a network of them, and returns the network.
func network(s string) (string, error) {
	if address, err := netip.ParseAddr(s); err == nil && address.Zone() == "" {
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()).String(), nil
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil || prefix.Addr().Is4In6() {
		return "", errors.New("is neither an IP address nor a network such as 10.0.0.0/8")
	}
	return prefix.Masked().String(), nil
}

// mailAddress accepts what PocketBase stores: a bare address under a named domain.
func mailAddress(s string) (string, error) {
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s {
		return "", errors.New("is not an e-mail address")
	}
	domain := s[strings.LastIndex(s, "@")+1:]
	dot := strings.LastIndex(domain, ".")
	if dot < 1 || !topLevel.MatchString(domain[dot+1:]) {
		return "", errors.New("is not an e-mail address: its domain must be a full name, such as ecole.example")
	}
	return s, nil
}

// token is long enough not to be guessed.
func token(s string) (string, error) {
	switch {
	case len(s) < 16 || len(s) > 200:
		return "", errors.New("is shorter than 16 characters, or longer than 200")
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("has a space or a character that isn't ASCII")
	}
	return s, nil
}

func clusterKey(s string) (string, error) {
	if len(s) < 32 {
		return "", errors.New("is shorter than 32 characters")
	}
	return token(s)
}

// isLoopback reports whether only this machine reaches host:port.
func isLoopback(address string) bool {
	name, _, _ := net.SplitHostPort(address)
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

// password is limited by bcrypt to 72 bytes, of which PocketBase takes 71. The minimum is
// ours: this account sees every message of the school.
func password(s string) (string, error) {
	switch {
	case len(s) < 10:
		return "", errors.New("is too short")
	case len(s) > 71:
		return "", errors.New("is too long")
	}
	return s, nil
}
