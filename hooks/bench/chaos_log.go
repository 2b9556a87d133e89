package main

import (
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
)

// The format of a write-ahead log: https://www.sqlite.org/fileformat2.html#walformat
const (
	walHeader   = 32
	frameHeader = 24
	walMagic    = 0x377f0682 // 1 more where checksums are big-endian
)

// corruptTail writes after the last commit of a log what a crash may leave there: in turn half a frame, a frame with
// another page than it says, and noise.
func corruptTail(path string, n int, random *rand.Rand) (err error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	log, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	end, pageSize := lastCommit(log)
	if end == 0 {
		return errors.New("the log holds no commit")
	}
	tail := make([]byte, 3*(frameHeader+pageSize))
	for i := range tail {
		tail[i] = byte(random.Uint32())
	}
	binary.BigEndian.PutUint32(tail, 1)     // page
	binary.BigEndian.PutUint32(tail[4:], 1) // pages of the database: a commit
	copy(tail[8:], log[16:24])              // the log's salts
	switch whole := frameHeader + pageSize; n % 3 {
	case 0:
		tail = tail[:whole/2]
	case 1:
		tail = tail[:whole]
	case 2:
		tail[8]++ // of no log
	}
	if err := file.Truncate(int64(end)); err != nil {
		return err
	}
	_, err = file.WriteAt(tail, int64(end))
	return errors.Join(err, file.Sync())
}

// lastCommit returns where the last valid frame that ends a transaction ends, 0 for none.
func lastCommit(log []byte) (end, pageSize int) {
	if len(log) < walHeader || binary.BigEndian.Uint32(log)&^1 != walMagic {
		return 0, 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if log[3]&1 == 1 {
		order = binary.BigEndian
	}
	pageSize = int(binary.BigEndian.Uint32(log[8:]))
	sum := checksum{order: order}
	sum.add(log[:24])
	for at := walHeader; at+frameHeader+pageSize <= len(log); at += frameHeader + pageSize {
		head := log[at : at+frameHeader]
		sum.add(head[:8])
		sum.add(log[at+frameHeader : at+frameHeader+pageSize])
		if string(head[8:16]) != string(log[16:24]) || binary.BigEndian.Uint32(head[16:]) != sum.a || binary.BigEndian.Uint32(head[20:]) != sum.b {
			break
		}
		if binary.BigEndian.Uint32(head[4:]) != 0 {
			end = at + frameHeader + pageSize
		}
	}
	return end, pageSize
}

// checksum is that of a log, over all of its frames.
type checksum struct {
	order binary.ByteOrder
	a, b  uint32
}

func (c *checksum) add(data []byte) {
	for ; len(data) >= 8; data = data[8:] {
		c.a += c.order.Uint32(data) + c.b
		c.b += c.order.Uint32(data[4:]) + c.a
	}
}
