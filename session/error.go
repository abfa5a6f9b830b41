package session

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// A Code says what kind of failure an [Error] is. The program decides by it; people read the message.
type Code string

// The codes of an [Error]. server/fail.go maps them to HTTP statuses.
const (
	Invalid      Code = "invalid"      // the request is understood and wrong; Fields say where
	Unauthorized Code = "unauthorized" // nobody is logged in, or the key is not valid
	Forbidden    Code = "forbidden"    // the actor is known and may not do this
	NotFound     Code = "not_found"    // it does not exist, or belongs to another company
	Conflict     Code = "conflict"     // it has changed since, or does not fit its state
	TooLarge     Code = "too_large"    // a photo or body beyond its limit
	TooMany      Code = "too_many"     // throttled
	NoSpace      Code = "no_space"     // the disk is full: reads go on, writes are refused
	Unavailable  Code = "unavailable"  // not now: starting, stopping, or a part is down
	Internal     Code = "internal"     // our fault
)

// An Error is a failure with two readers. Message is for the user and may be shown as it is.
// Op and Err are for the operator and are only ever logged.
type Error struct {
	Code    Code
	Op      string // what was tried: "kv.Session"
	Message string
	Fields  Fields // per-field messages, for Invalid
	Err     error
}

// Error is for logs, never for users.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(e.Message)
	for _, name := range e.Fields.names() {
		fmt.Fprintf(&b, " [%s: %s]", name, e.Fields[name])
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first [Error] in err's chain, Internal for any other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// MessageOf returns what may be shown to the user.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return "Something went wrong on our side. It has been logged."
}

// Fields are problems by field name, as the JSON names it: "person.birth_date".
type Fields map[string]string

// Add notes a problem; the first one of a field stays.
func (f *Fields) Add(name, message string) {
	if *f == nil {
		*f = Fields{}
	}
	if _, there := (*f)[name]; !there {
		(*f)[name] = message
	}
}

// Err returns an Invalid error that holds f, or nil if there are no problems.
func (f Fields) Err(op string) error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Op: op, Message: f.summary(), Fields: f}
}

func (f Fields) summary() string {
	names := f.names()
	if len(names) == 1 {
		return fmt.Sprintf("%s: %s", names[0], f[names[0]])
	}
	return fmt.Sprintf("%d fields are not right: %s.", len(names), strings.Join(names, ", "))
}

func (f Fields) names() []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func notFound(op, what string) error {
	return &Error{Code: NotFound, Op: op, Message: "There is no such " + what + "."}
}

func conflict(op, message string) error {
	return &Error{Code: Conflict, Op: op, Message: message}
}
