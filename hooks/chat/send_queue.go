package chat

import (
	"sync/atomic"

	"github.com/olahol/melody"
)

// Frames for a socket wait in melody's queue, whose slots take memory whether used or not, and
// beyond that in the sendQueue, which takes memory only while it holds something. A socket that is
// further behind is closed, and its client catches up after reconnecting. A megabyte is what a poor
// mobile network takes in writeWait; only one list may exceed it.
const (
	queueLength = 256     // frames in both
	queueBytes  = 1 << 20 // of frames in both, beyond which none is added
	queueSlots  = 4       // of 40 bytes, in melody's queue
)

// sendQueue holds the frames to be written to a socket. The socket's lock guards it.
type sendQueue struct {
	session    *melody.Session // nil until the connection is upgraded
	frames     [][]byte        // those for which melody's queue has no room yet
	queued     atomic.Int32    // frames in melody's queue, and the one being written
	bytes      int             // of all frames in both
	holding    bool            // a list is being made, which must be sent first
	held       [][]byte        // frames that wait for that list
	asleep     bool            // frames wait for the pacer, which will wake the socket
	closeFrame []byte          // to be sent after all other frames
}

// put queues a frame, or returns false if the queue is full. The next fill sends it.
func (q *sendQueue) put(frame []byte) bool {
	if !q.hasRoom() {
		return false
	}
	q.bytes += len(frame)
	if q.holding {
		q.held = append(q.held, frame)
	} else {
		q.frames = append(q.frames, frame)
	}
	return true
}

func (q *sendQueue) hasRoom() bool {
	return int(q.queued.Load())+len(q.frames)+len(q.held) < queueLength && q.bytes <= queueBytes
}

// release queues the list, if there is one, and then the frames held for it. It returns false if
// the queue is too full for the list.
func (q *sendQueue) release(list []byte) bool {
	fits := list == nil || q.hasRoom()
	if list != nil && fits {
		q.bytes += len(list)
		q.frames = append(q.frames, list)
	}
	q.frames = append(q.frames, q.held...)
	q.holding, q.held = false, nil
	q.fill()
	return fits
}

// written is called when a frame was written, and makes room for the next ones.
func (q *sendQueue) written(frame []byte) {
	q.queued.Add(-1)
	q.bytes -= len(frame)
	q.fill()
}

// end sends a close frame after everything queued before it. Frames held for a list are dropped:
// the client gets their content on its next connection.
func (q *sendQueue) end(closeFrame []byte) {
	q.holding, q.held = false, nil
	q.closeFrame = closeFrame
	q.fill()
}

// fill moves frames into melody's queue, which has one slot more than they may take, for the close
// frame. So it doesn't block, and can be called under the lock, which keeps the frames in order.
func (q *sendQueue) fill() {
	if q.session == nil {
		return
	}
	for len(q.frames) > 0 && q.queued.Load() < queueSlots {
		frame := q.frames[0]
		q.frames[0] = nil
		q.frames = q.frames[1:]
		q.queued.Add(1)
		_ = q.session.Write(frame) // it fails only if the session is closed
	}
	if len(q.frames) > 0 {
		return
	}
	q.frames = nil
	if q.closeFrame != nil {
		_ = q.session.CloseWithMsg(q.closeFrame)
		q.closeFrame = nil
	}
}
