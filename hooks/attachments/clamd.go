package attachments

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

// scanTimeout is how long a scan may take: the largest files take some seconds.
const scanTimeout = time.Minute

// scan has ClamAV's daemon read a file. Nothing gets in that wasn't scanned, if there is to be a scanner.
func (s *Service) scan(ctx context.Context, path string) error {
	if s.config.Clamd == "" {
		return nil
	}
	found, err := scanWith(ctx, s.config.Clamd, path)
	if errors.Is(err, errStreamTooLong) {
		s.app.Logger().Error("The virus scanner takes no files of this size, and it was refused: raise StreamMaxLength in clamd.conf.", "error", err)
		return ErrTooLarge
	}
	if err != nil {
		s.app.Logger().Error("The virus scanner didn't answer; a file was refused.", "error", err)
		return ErrNotScanned
	}
	if found != "" {
		s.app.Logger().Warn("A file with a virus was refused.", "virus", found)
		return ErrInfected
	}
	return nil
}

// errStreamTooLong is the daemon's refusal of a file that is longer than its StreamMaxLength.
var errStreamTooLong = errors.New("clamd: INSTREAM size limit exceeded")

// scanWith sends a file to a daemon (clamd's INSTREAM), and returns the name of the virus in it, "" for none.
func scanWith(ctx context.Context, daemon, path string) (virus string, err error) {
	ctx, cancel := context.WithTimeout(ctx, scanTimeout)
	defer cancel()
	network, address, _ := strings.Cut(daemon, ":")
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return "", err
		}
	}
	sending := send(conn, path)
	// A file that is too long for the daemon ends the connection early, after the reason.
	reply, err := bufio.NewReader(io.LimitReader(conn, 4<<10)).ReadString(0)
	if err != nil {
		return "", errors.Join(sending, err)
	}
	reply = strings.TrimRight(reply, "\x00")
	switch result, isFound := strings.CutSuffix(reply, " FOUND"); {
	case isFound:
		return strings.TrimPrefix(result, "stream: "), nil
	case sending == nil && reply == "stream: OK":
		return "", nil
	case strings.HasPrefix(reply, "INSTREAM size limit exceeded"):
		return "", errStreamTooLong
	}
	return "", fmt.Errorf("clamd: %s", reply)
}

// send sends a file in chunks with their lengths before them, and an empty one at the end.
func send(conn io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	chunk := make([]byte, 4+64<<10)
	for {
		n, err := io.ReadFull(file, chunk[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		binary.BigEndian.PutUint32(chunk, uint32(n))
		if _, err := conn.Write(chunk[:4+n]); err != nil || n == 0 {
			return err
		}
	}
}
