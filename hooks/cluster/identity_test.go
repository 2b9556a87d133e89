package cluster

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"messagerie/hooks/config"
)

func ofKey(t *testing.T, key string) *identity {
	t.Helper()
	who, err := newIdentity(config.Cluster{Key: config.Secret(key)})
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// authority signs certificates of nodes, as a school's own would.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	file        string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t), file: filepath.Join(t.TempDir(), "authority.pem")}
	a.certificate = &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Collège"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, a.certificate, a.certificate, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, a.file, "CERTIFICATE", der)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func writePEM(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// node returns the identity of a node with a certificate that is valid until a time.
func (a *authority) node(t *testing.T, until time.Time, usages ...x509.ExtKeyUsage) *identity {
	t.Helper()
	dir, key := t.TempDir(), newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "10.0.0.1"},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: usages}, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Cluster{Certificate: filepath.Join(dir, "node.pem"), CertificateKey: filepath.Join(dir, "node.key"), Authority: a.file}
	writePEM(t, cfg.Certificate, "CERTIFICATE", der)
	writePEM(t, cfg.CertificateKey, "PRIVATE KEY", secret)
	who, err := newIdentity(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// meet reports whether a node that connects to another is accepted, and accepts it.
func meet(t *testing.T, caller, called *tls.Config) bool {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", called)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		if conn, err := listener.Accept(); err == nil {
			_, _ = conn.Write([]byte("welcome")) // the handshake comes first
			_ = conn.Close()
		}
	}()
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	secure := tls.Client(conn, caller)
	defer secure.Close()
	_, err = secure.Read(make([]byte, 1))
	return err == nil
}

func TestIdentity_onlyNodesOfTheClusterMeet(t *testing.T) {
	const both = x509.ExtKeyUsageClientAuth
	later, school, other := time.Now().Add(time.Hour), newAuthority(t), newAuthority(t)
	key, wrong := ofKey(t, strings.Repeat("k", 32)), ofKey(t, strings.Repeat("k", 31)+"l")
	node := school.node(t, later, both, x509.ExtKeyUsageServerAuth)
	for name, c := range map[string]struct {
		caller, called *identity
		welcome        bool
	}{
		"the same key":                            {ofKey(t, strings.Repeat("k", 32)), key, true},
		"another key":                             {wrong, key, false},
		"called with another key":                 {key, wrong, false},
		"certificates":                            {school.node(t, later, both, x509.ExtKeyUsageServerAuth), node, true},
		"a certificate of another authority":      {other.node(t, later, both, x509.ExtKeyUsageServerAuth), node, false},
		"called with another authority's":         {node, other.node(t, later, both, x509.ExtKeyUsageServerAuth), false},
		"an expired certificate":                  {school.node(t, time.Now().Add(-time.Minute), both, x509.ExtKeyUsageServerAuth), node, false},
		"a certificate that isn't for a client":   {school.node(t, later, x509.ExtKeyUsageServerAuth), node, false},
		"called with one that isn't for a server": {node, school.node(t, later, both), false},
		"a key where there are certificates":      {key, node, false},
		"a certificate where there is a key":      {node, key, false},
	} {
		if got := meet(t, c.caller.client(protocolRaft), c.called.server()); got != c.welcome {
			t.Errorf("%s: welcome is %t", name, got)
		}
	}
	without := key.client(protocolRaft)
	without.Certificates = nil
	if meet(t, without, key.server()) {
		t.Error("somebody without a certificate is welcome")
	}
	old := key.client(protocolRaft)
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if meet(t, old, key.server()) {
		t.Error("TLS 1.2 is accepted")
	}
}
