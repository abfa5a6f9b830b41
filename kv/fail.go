package kv

import (
	"context"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"

	"dossier/session"
	"dossier/staff"
)

func notFound(op, what string) error {
	return &session.Error{Code: session.NotFound, Op: op, Message: "There is no such " + what + "."}
}

func conflict(op, message string) error {
	return &session.Error{Code: session.Conflict, Op: op, Message: message}
}

func invalid(op, message string) error {
	return &session.Error{Code: session.Invalid, Op: op, Message: message}
}

func unavailable(op, message string, err error) error {
	return &session.Error{Code: session.Unavailable, Op: op, Message: message, Err: err}
}

func closing(op string) error {
	return unavailable(op, "Dossier is stopping. Try again in a moment.", nil)
}

// damaged says that a record cannot be read.
func damaged(op string, key []byte, err error) error {
	return &session.Error{Code: session.Internal, Op: op,
		Message: "This record is damaged in the database. The operator finds out with dossier doctor what else is, and restores it from a backup.",
		Err:     fmt.Errorf("key %q: %w", key, err)}
}

// explain gives an error from below its operation; errors that are clear already stay as they are.
func explain(op string, err error) error {
	var known *session.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, staff.ErrNotFound), errors.Is(err, staff.ErrTaken), errors.Is(err, staff.ErrLastMaster):
		return err
	case errors.Is(err, badger.ErrDBClosed), errors.Is(err, badger.ErrBlockedWrites):
		return closing(op)
	}
	return &session.Error{Code: session.Internal, Op: op, Message: "The database failed. It has been logged.", Err: err}
}
