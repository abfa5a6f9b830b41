package kv

import (
	"context"

	"dossier/session"
)

// Company returns the company, or a NotFound error.
func (db *DB) Company(ctx context.Context, slug string) (c session.Company, err error) {
	const op = "kv.Company"
	err = db.view(ctx, op, func(s snapshot) error { return find(s, op, of(atCompany).last(slug), "company", &c) })
	return c, err
}

// find reads the sealed JSON under key into v, or returns NotFound.
func find(r reader, op string, k []byte, what string, v any) error {
	ok, err := getJSON(r, op, k, v)
	if err == nil && !ok {
		err = notFound(op, what)
	}
	return err
}

// AllCompanies returns the companies by slug.
func (db *DB) AllCompanies(ctx context.Context) ([]session.Company, error) {
	return list[session.Company](ctx, db, "kv.AllCompanies", span{prefix: of(atCompany)}, 0)
}

// list reads the sealed JSON of a span, at most n values; 0 is all.
func list[T any](ctx context.Context, db *DB, op string, w span, n int) (all []T, err error) {
	err = db.view(ctx, op, func(s snapshot) error {
		for _, item := range s.scan(w) {
			var v T
			if err := itemJSON(op, item, &v); err != nil {
				return err
			}
			if all = append(all, v); len(all) == n {
				break
			}
		}
		return nil
	})
	return all, err
}

func versionKey(slug string, version int) key {
	return of(atVersion).text(slug).number(uint64(version))
}

// CompanyVersion returns the company as it was in a version, or a NotFound error.
func (db *DB) CompanyVersion(ctx context.Context, slug string, version int) (c session.Company, err error) {
	const op = "kv.CompanyVersion"
	err = db.view(ctx, op, func(s snapshot) error {
		return find(s, op, versionKey(slug, max(version, 0)), "version of the settings", &c)
	})
	return c, err
}

// CompanyVersions returns versions older than before (0: all), newest first, at most n.
func (db *DB) CompanyVersions(ctx context.Context, slug string, before, n int) ([]session.Company, error) {
	if n <= 0 {
		return nil, ctx.Err()
	}
	w := span{prefix: of(atVersion).text(slug), reverse: true}
	if before > 0 {
		w.from = versionKey(slug, before-1)
	}
	return list[session.Company](ctx, db, "kv.CompanyVersions", w, n)
}

// PutCompany stores c with its event and returns it with its new version; every version is kept. It returns Conflict unless
// the stored version is the one that c was read at.
func (db *DB) PutCompany(ctx context.Context, c session.Company, e session.Event) (session.Company, error) {
	const op = "kv.PutCompany"
	if c.Slug == "" || len(c.Slug) > 40 {
		return session.Company{}, invalid(op, "A company's short name has 1 to 40 characters.")
	}
	err := db.update(ctx, op, func(t *tx) error {
		var old session.Company
		if _, err := getJSON(t, op, of(atCompany).last(c.Slug), &old); err != nil {
			return err
		}
		if old.Version != c.Version {
			return conflict(op, "Somebody else has changed this company since you opened it. Look at it again.")
		}
		next := c
		next.Version++
		if err := t.setJSON(of(atCompany).last(c.Slug), next); err != nil {
			return err
		}
		if err := t.setJSON(versionKey(next.Slug, next.Version), next); err != nil {
			return err
		}
		return t.record(op, []session.Event{e})
	})
	if err != nil {
		return session.Company{}, err
	}
	c.Version++
	return c, nil
}
