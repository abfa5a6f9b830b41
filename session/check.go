package session

import (
	"time"

	"dossier/mrz"
	"dossier/sanctions"
)

// CheckZone assesses a machine readable zone that belongs to no session. Its JSON is that of
// "dossier mrz check". A zone of no known shape is an Invalid error.
func (s *Service) CheckZone(actor Actor, lines []string, correct bool) (mrz.Result, error) {
	if err := actor.need("session.CheckZone", MayRead); err != nil {
		return mrz.Result{}, err
	}
	return ReadZone(lines, correct, s.now())
}

// ReadZone is CheckZone as of a day, for whoever asks.
func ReadZone(lines []string, correct bool, today time.Time) (mrz.Result, error) {
	zone, err := mrz.Parse(lines, mrz.Options{Correct: correct, Today: today})
	if err != nil {
		return mrz.Result{}, &Error{Code: Invalid, Op: "session.ReadZone", Message: "The zone cannot be read: " + err.Error() + ".", Fields: Fields{"mrz": err.Error()}, Err: err}
	}
	return zone, nil
}

// StateName is the English name of an issuing state or nationality, by its ICAO or ISO 3166-1 code.
func StateName(code string) (name string, ok bool) { return mrz.State(code) }

// StateCodes lists the codes that StateName knows, in order.
func StateCodes() []string { return mrz.States() }

// MRZError is what is wrong with one field of a zone. Packages that may not know mrz name it so.
type MRZError = mrz.Error

// ListEntry is one person or entity on a list. Packages that may not know sanctions name it so.
type ListEntry = sanctions.Entry

// HitReason is one part of a hit's score, in words. Packages that may not know sanctions name it so.
type HitReason = sanctions.Reason
