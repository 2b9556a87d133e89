package email

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// checkTimeout bounds a check of the mail server: somebody is waiting.
const checkTimeout = 20 * time.Second

// Check connects to the mail server as letters do, logs in and asks whether it takes the sender's address. No mail is
// sent. encrypted is whether the connection was.
func Check(smtp core.SMTPConfig, meta core.MetaConfig) (encrypted bool, err error) {
	if err := (mailSettings{smtp: smtp, meta: meta}).hindrance(); err != nil {
		return false, err
	}
	session, err := smtpClient{smtp, checkTimeout, time.Now}.connect()
	if err != nil {
		return false, fmt.Errorf("connect to %s:%d and log in: %w", smtp.Host, smtp.Port, err)
	}
	defer func() { _ = session.Close() }()
	_, encrypted = session.TLSConnectionState()
	if err := session.Mail(asciiDomain(meta.SenderAddress)); err != nil {
		return encrypted, fmt.Errorf("the sender's address is refused: %w", err)
	}
	if err := session.Reset(); err != nil {
		return encrypted, fmt.Errorf("end without a letter: %w", err)
	}
	_ = session.Quit() // nothing was begun
	return encrypted, nil
}
