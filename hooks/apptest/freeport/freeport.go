// Package freeport finds addresses for servers that are started, and started again, by tests and measurements.
package freeport

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
)

// Below the ports that systems give to connections (Linux: 32768 to 60999, net.ipv4.ip_local_port_range; RFC 6335 has them
// from 49152): one of those could be taken by anybody's connection before the server listens there, or while it is down.
const (
	lowest  = 10_000
	highest = 32_767
)

var (
	mu    sync.Mutex
	given = map[int]bool{}
)

// Address returns an address of 127.0.0.1 that nobody listens on, and that this process hasn't returned before.
func Address() (string, error) {
	mu.Lock()
	defer mu.Unlock()
	var err error
	for range 1000 {
		port := lowest + rand.IntN(highest-lowest+1)
		if given[port] {
			continue
		}
		var listener net.Listener
		if listener, err = new(net.ListenConfig).Listen(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err != nil {
			continue
		}
		given[port] = true
		return listener.Addr().String(), listener.Close()
	}
	return "", fmt.Errorf("no port between %d and %d is free: %w", lowest, highest, err)
}
