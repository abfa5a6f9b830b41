package cli

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"iter"
	"testing"
	"time"

	"dossier/index"
	"dossier/kv"
	"dossier/session"
)

// A countingIndex counts how often it is built anew.
type countingIndex struct {
	*index.Index
	rebuilds int
}

func (x *countingIndex) Rebuild(ctx context.Context, all iter.Seq2[session.Session, error]) error {
	x.rebuilds++
	return x.Index.Rebuild(ctx, all)
}

// TestPurgeTriedAgain erases a session whose photo was handed in a moment before. The purges that wait for the
// photo build the index anew for what was erased since, and for nothing else; the words are out of the files
// of the index before the photo may go.
func TestPurgeTriedAgain(t *testing.T) {
	dir, ctx, now := t.TempDir(), t.Context(), time.Now()
	clock := func() time.Time { return now }
	db, err := kv.Open("", kv.Options{Memory: true, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	inner, err := index.Open(dir, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inner.Close() })
	ix := &countingIndex{Index: inner}
	svc := session.NewService(session.Options{Store: db, Index: ix, Now: clock})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(svc.Start(ctx))
	company := session.NewCompany("acme", "Acme", now)
	company.Settings.Screen, company.Settings.EarlyErasure = false, true
	_, err = svc.SaveCompany(ctx, session.System, company, "")
	must(err)
	must(svc.Reindex(ctx, session.System)) // as a first start does
	ix.rebuilds = 0
	take := func(lastName string, photos ...session.PhotoData) session.Session {
		t.Helper()
		s, err := svc.Ingest(ctx, session.System, session.Intake{Photos: photos,
			Submission: session.Submission{Company: "acme", Person: &session.Person{FirstName: "Nino", LastName: lastName}, Finish: true}})
		must(err)
		must(svc.CatchUp(ctx))
		return s
	}
	names := []string{"Zzyzxleaver", "Qwxqvandered", "Jjkvortlin"}
	holds := func(want ...string) {
		t.Helper()
		markers := map[string][][]byte{}
		for _, name := range names {
			markers[name] = markersOf(name)
		}
		found := filesWith(t, dir, markers)
		for _, name := range want {
			if len(found[name]) == 0 {
				t.Errorf("%s is in no file", name)
			}
			delete(found, name)
		}
		for name, files := range found {
			t.Errorf("%s is still in %v", name, files)
		}
	}
	purge := func(when string, want session.Code, rebuilds int) {
		t.Helper()
		if err := svc.Purge(ctx, session.System); session.CodeOf(err) != want {
			t.Errorf("%s the purge says %v, want %q", when, err, want)
		}
		if ix.rebuilds != rebuilds {
			t.Errorf("%s the index was built anew %d times, want %d", when, ix.rebuilds, rebuilds)
		}
	}

	var face bytes.Buffer
	must(png.Encode(&face, image.NewGray(image.Rect(0, 0, 40, 30))))
	first := take(names[0], session.PhotoData{Kind: session.Selfie, Data: face.Bytes()})
	second := take(names[1])
	take(names[2])
	holds(names...)

	must(svc.Erase(ctx, session.System, first.ID, "request"))
	must(svc.CatchUp(ctx))
	purge("at once", session.Unavailable, 1)
	holds(names[1:]...)
	now = now.Add(10 * time.Minute)
	purge("after ten minutes", session.Unavailable, 1)

	must(svc.Erase(ctx, session.System, second.ID, "request"))
	must(svc.CatchUp(ctx))
	now = now.Add(20 * time.Minute)
	purge("when another one was erased", session.Unavailable, 2)
	holds(names[2])

	now = now.Add(time.Hour)
	purge("when the photo may go", "", 2)
	purge("when all is done", "", 2)
	if _, err := db.Photo(ctx, first.Photos[0].SHA256); session.CodeOf(err) != session.NotFound {
		t.Errorf("the photo: %v", err)
	}
	if found, err := svc.Find(ctx, session.System, session.Query{Text: names[2]}); err != nil || found.Total != 1 {
		t.Errorf("a search finds %d, %v; want the one that stays", found.Total, err)
	}
}
