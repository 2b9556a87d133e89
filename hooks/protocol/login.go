package protocol

// Device is a browser or program that a person is logged in with.
type Device struct {
	ID        ID     `json:"id"`
	Browser   string `json:"browser"` // or the program; "" if it doesn't say
	System    string `json:"system"`  // "" of a program, "?" if a browser doesn't say
	CreatedAt string `json:"created_at"`
	LastSeen  string `json:"last_seen"` // to within an hour
	IsCurrent bool   `json:"is_current"`
}

// What becomes of a person's second factor; "" for people who can't have one.
const (
	SecondFactorOff      = "off"      // the password is enough
	SecondFactorOn       = "on"       // a code is needed besides
	SecondFactorRequired = "required" // it has to be set up before anything else
)

// SecondFactor describes the caller's.
type SecondFactor struct {
	State         string `json:"state"`          // as in Me
	RecoveryCodes int    `json:"recovery_codes"` // how many are left
}

// SecondFactorStart is the body of POST …/second-factor/.
type SecondFactorStart struct {
	Password string `json:"password" limit:"password"`
}

// SecondFactorSetup is what an authenticator app needs.
type SecondFactorSetup struct {
	Secret string `json:"secret"` // in base32, to be typed
	URI    string `json:"uri"`    // for a QR code
}

// RecoveryCodes replace the app, each once. They are shown only in this response.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recovery_codes"`
}

// SecondFactorLogin is the body of POST …/second-factor/log-in/.
type SecondFactorLogin struct {
	Challenge string `json:"challenge" limit:"challenge"` // of the error second_factor_needed
	Code      string `json:"code" limit:"code"`
}

// SecondFactorCode is the body of POST …/second-factor/confirm/.
type SecondFactorCode struct {
	Code string `json:"code" limit:"code"`
}

// SecondFactorRemoval is the body of DELETE …/second-factor/.
type SecondFactorRemoval struct {
	Password string `json:"password" limit:"password"`
	Code     string `json:"code" limit:"code"`
}

// PasswordChange is the body of POST …/me/password/.
type PasswordChange struct {
	OldPassword string `json:"old_password" limit:"password"`
	Password    string `json:"password" limit:"password"`
}
