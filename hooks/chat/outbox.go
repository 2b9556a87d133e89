package chat

import (
	"sync/atomic"

	"github.com/olahol/melody"
)

// A frame for a socket waits in melody's queue, whose slots are reserved whether
// used or not, or else in the outbox, which takes memory while it holds something.
// A socket that is further behind is closed and catches up by itself. A megabyte is what a
// poor mobile network takes in writeWait; the one frame that may exceed it is at most a list.
const (
	queueLength = 256     // frames in both
	queueBytes  = 1 << 20 // of frames in both, beyond which no other is taken
	queueSlots  = 4       // of 40 bytes, in melody's queue
)

// outbox is what waits to be written to a socket. The socket's lock guards it.
type outbox struct {
	session  *melody.Session // nil until the connection is upgraded
	frames   [][]byte        // what melody's queue has no place for yet
	queued   atomic.Int32    // frames in melody's queue and in the hands of its writer
	bytes    int             // of all frames, here and there
	holding  bool            // a list is being made, which goes first
	held     [][]byte        // what waits for that list
	asleep   bool            // frames wait for the pacer, which will wake the socket
	farewell []byte          // close frame, to be sent after all others
}

// put queues a frame, or returns false if too much waits already. The next fill sends it.
func (o *outbox) put(frame []byte) bool {
	if !o.hasRoom() {
		return false
	}
	o.bytes += len(frame)
	if o.holding {
		o.held = append(o.held, frame)
	} else {
		o.frames = append(o.frames, frame)
	}
	return true
}

func (o *outbox) hasRoom() bool {
	return int(o.queued.Load())+len(o.frames)+len(o.held) < queueLength && o.bytes <= queueBytes
}

// release lets go out what has waited for a list, after the list if there is one. It
// returns false if too much waits already for another list.
func (o *outbox) release(list []byte) bool {
	fits := list == nil || o.hasRoom()
	if list != nil && fits {
		o.bytes += len(list)
		o.frames = append(o.frames, list)
	}
	o.frames = append(o.frames, o.held...)
	o.holding, o.held = false, nil
	o.fill()
	return fits
}

// written makes room for the next frames.
func (o *outbox) written(frame []byte) {
	o.queued.Add(-1)
	o.bytes -= len(frame)
	o.fill()
}

// end sends a close frame once everything queued before it is on its way. What
// waits for a list is left to the next connection.
func (o *outbox) end(farewell []byte) {
	o.holding, o.held = false, nil
	o.farewell = farewell
	o.fill()
}

// fill moves what it can into melody's queue, which has one place more than frames
// may take, for the farewell. It doesn't block: so it may be called under the lock,
// which keeps the frames in order.
func (o *outbox) fill() {
	if o.session == nil {
		return
	}
	for len(o.frames) > 0 && o.queued.Load() < queueSlots {
		frame := o.frames[0]
		o.frames[0] = nil
		o.frames = o.frames[1:]
		o.queued.Add(1)
		_ = o.session.Write(frame) // a session that is closed is no loss
	}
	if len(o.frames) > 0 {
		return
	}
	o.frames = nil
	if o.farewell != nil {
		_ = o.session.CloseWithMsg(o.farewell)
		o.farewell = nil
	}
}
