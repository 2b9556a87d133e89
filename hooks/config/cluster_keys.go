package config

// Cluster is this machine's part in a cluster: none if Node is empty.
type Cluster struct {
	Node      string // its name
	Listen    string // host:port for the other nodes
	Advertise string // host:port at which they reach it; "" for Listen
	Peers     []string
	Voter     bool

	Key            Secret // all nodes have the same, or
	Certificate    string // each has a certificate, in files
	CertificateKey string
	Authority      string

	SnapshotEntries int // after how many entries the log is cut
}

// Reached is the address at which the other nodes reach this one.
func (c Cluster) Reached() string {
	if c.Advertise != "" {
		return c.Advertise
	}
	return c.Listen
}

func (c *Config) clusterKeys() []key {
	n := &c.Cluster
	return []key{
		{"cluster.node", text(&n.Node, "", "empty, or at most 255 characters", emptyOr(shortText)),
			"The name of this machine in its cluster, another on each. Empty: there is no cluster.", traits{}},
		{"cluster.listen", text(&n.Listen, "", "empty, or host:port, such as 10.0.0.1:8001", emptyOr(address)),
			"Where the other nodes reach this one. Keep this port closed to everybody else.", traits{}},
		{"cluster.advertise", text(&n.Advertise, "", "empty, or host:port, such as 10.0.0.1:8001", emptyOr(address)),
			"The address at which they do, if it is another than listen, such as behind 0.0.0.0.", traits{}},
		{"cluster.peers", list(&n.Peers, nil, "a list of host:port, such as [10.0.0.2:8001, 10.0.0.3:8001]", address),
			"Other nodes, of which the commands under messagerie cluster ask one if this one doesn't run.", traits{}},
		{"cluster.key", text(&n.Key, "", "empty, or 32 to 200 characters without spaces", emptyOr(clusterKey)),
			"What all nodes have in common: who knows it can read and change everything. Make it with openssl rand -base64 32. Better set as MESSAGERIE_CLUSTER_KEY than here.", traits{secret: true}},
		{"cluster.certificate", text(&n.Certificate, "", "the path of a PEM file", nil),
			"Instead of a key: this node's certificate, for servers and clients (extendedKeyUsage).", traits{path: true}},
		{"cluster.certificate_key", text(&n.CertificateKey, "", "the path of a PEM file", nil),
			"Its private key.", traits{path: true}},
		{"cluster.authority", text(&n.Authority, "", "the path of a PEM file", nil),
			"The certificate of the authority that has signed those of all nodes, and of nobody else.", traits{path: true}},
		{"cluster.voter", boolean(&n.Voter, true),
			"Whether this node counts when a majority is needed. Three voters bear the loss of one, five of two; further nodes only hold sockets and read.", traits{}},
		{"cluster.snapshot_entries", whole(&n.SnapshotEntries, 8192, 16, 1_000_000, "entries"),
			"After how many entries the log is cut. A node that was away for longer gets a copy of the database.", traits{}},
	}
}
