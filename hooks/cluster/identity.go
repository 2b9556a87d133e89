package cluster

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	"messagerie/hooks/config"
)

// What is spoken on a connection between nodes is agreed on in its handshake.
const (
	protocolRaft = "messagerie-raft"
	protocolLink = "messagerie-link"
	protocolHTTP = "http/1.1"
)

// serverName is what nodes call each other: a certificate says that its owner belongs to the cluster, not where it is.
const serverName = "messagerie-cluster"

// identity is how a node proves that it belongs to the cluster, and recognises the others.
type identity struct {
	certificate tls.Certificate
	roots       *x509.CertPool
}

// newIdentity makes one of the key that all nodes share, or of certificates from files.
func newIdentity(cfg config.Cluster) (*identity, error) {
	if cfg.Certificate != "" {
		return identityOfFiles(cfg)
	}
	return identityOfKey(string(cfg.Key))
}

func identityOfFiles(cfg config.Cluster) (*identity, error) {
	certificate, err := tls.LoadX509KeyPair(cfg.Certificate, cfg.CertificateKey)
	if err != nil {
		return nil, fmt.Errorf("cluster.certificate: %w", err)
	}
	authority, err := os.ReadFile(cfg.Authority)
	if err != nil {
		return nil, fmt.Errorf("cluster.authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("cluster.authority has no certificate")
	}
	return &identity{certificate, roots}, nil
}

// identityOfKey makes an authority of the key, the same one on every node, which signs a certificate that lasts as long
// as the process. Clocks may differ: certificates don't expire.
func identityOfKey(key string) (*identity, error) {
	seed, err := hkdf.Key(sha256.New, []byte(key), nil, "messagerie cluster authority", ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	signer := ed25519.NewKeyFromSeed(seed)
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "messagerie cluster"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, authority, authority, signer.Public(), signer)
	if err != nil {
		return nil, err
	}
	if authority, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	public, own, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "node"}, DNSNames: []string{serverName},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	if der, err = x509.CreateCertificate(rand.Reader, leaf, authority, public, signer); err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	return &identity{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: own}, roots}, nil
}

// server is how connections are accepted: from nodes alone.
func (i *identity) server() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{i.certificate}, ClientCAs: i.roots, ClientAuth: tls.RequireAndVerifyClientCert,
		NextProtos: []string{protocolRaft, protocolLink, protocolHTTP}, MinVersion: tls.VersionTLS13,
	}
}

// client is how connections are opened. Every certificate that the authority has signed is a node's, whatever its
// address.
func (i *identity) client(protocol string) *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{i.certificate}, NextProtos: []string{protocol}, MinVersion: tls.VersionTLS13,
		InsecureSkipVerify: true, //nolint:gosec // verified below, except for the name
		VerifyConnection: func(state tls.ConnectionState) error {
			intermediates := x509.NewCertPool()
			for _, certificate := range state.PeerCertificates[1:] {
				intermediates.AddCert(certificate)
			}
			_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: i.roots, Intermediates: intermediates,
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
			return err
		},
	}
}
