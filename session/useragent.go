package session

import (
	"encoding/json"

	"github.com/mileusna/useragent"
)

// A UserAgent is the device that was used. Raw is as sent; the rest is read from it unless given.
type UserAgent struct {
	Raw        string `json:"raw,omitempty"`
	DeviceName string `json:"device_name,omitempty"`
	DeviceType string `json:"device_type,omitempty"` // pc, mobile, tablet or other
	Browser    string `json:"browser,omitempty"`
	OS         string `json:"os,omitempty"`
}

// UnmarshalJSON takes the object, or the raw header as a string.
func (u *UserAgent) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &u.Raw)
	}
	type plain UserAgent
	return decodeStrict(data, (*plain)(u))
}

// filled returns u with what its raw header says where nothing was given.
func (u UserAgent) filled() UserAgent {
	if u.Raw == "" {
		return u
	}
	read := useragent.Parse(u.Raw)
	setIfEmpty(&u.DeviceName, read.Device)
	setIfEmpty(&u.DeviceType, deviceType(read))
	setIfEmpty(&u.Browser, joinNonEmpty(" ", read.Name, read.Version))
	setIfEmpty(&u.OS, joinNonEmpty(" ", read.OS, read.OSVersion))
	return u
}

func deviceType(read useragent.UserAgent) string {
	switch {
	case read.Tablet:
		return "tablet"
	case read.Mobile:
		return "mobile"
	case read.Desktop:
		return "pc"
	}
	return "other"
}

func setIfEmpty(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// Device is a user agent in a few words: "Chrome 140.0 on Windows 10".
func Device(raw string) string {
	u := UserAgent{Raw: raw}.filled()
	return joinNonEmpty(" on ", u.Browser, u.OS)
}
