package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"dossier/demo"
	"dossier/server"
	"dossier/session"
)

// noise is a JPEG of random pixels, of 13 MB or so: as large as a photo of twelve megapixels gets.
func noise(b *testing.B, seed uint64) []byte {
	b.Helper()
	img, r := image.NewRGBA(image.Rect(0, 0, 4000, 3000)), rand.New(rand.NewPCG(seed, 1))
	for i := range img.Pix {
		img.Pix[i] = byte(r.Uint32())
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 93}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkUploads sends eight large photos at once and reports how much more memory the process held
// than before, at most.
func BenchmarkUploads(b *testing.B) {
	d, err := newDeskIn(b.TempDir(), false, server.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.stop()
	for _, c := range demo.Companies(time.Now()) {
		if _, err := d.sessions.SaveCompany(b.Context(), session.System, c, "for the benchmark"); err != nil {
			b.Fatal(err)
		}
	}
	key := d.keys(b)[demo.Acme]
	photos := make([][]byte, 8)
	for i := range photos {
		photos[i] = noise(b, uint64(i))
	}
	for round := 0; b.Loop(); round++ {
		for i := range photos {
			photos[i] = fmt.Append(photos[i], round, i) // after the end of the JPEG: another photo each time
		}
		debug.FreeOSMemory()
		before := held()
		peak := watchMemory()
		var all sync.WaitGroup
		for _, photo := range photos {
			got, err := d.sessions.Ingest(b.Context(), session.System, session.Intake{Submission: session.Submission{Company: demo.Acme}})
			if err != nil {
				b.Fatal(err)
			}
			all.Go(func() {
				if err := put(d.url+"/api/v1/sessions/"+string(got.ID)+"/photos/selfie", key, photo); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		b.ReportMetric(float64(peak()-before)/(1<<20), "more-MB")
	}
}

func put(url, key string, body []byte) error {
	req, err := http.NewRequest("PUT", url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "image/jpeg")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d: %.200s", res.StatusCode, answer)
	}
	return err
}

// held is how much memory the runtime has of the system.
func held() uint64 {
	read := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(read)
	return read[0].Value.Uint64() - read[1].Value.Uint64()
}

// watchMemory returns what says how much was held at most since.
func watchMemory() (peak func() uint64) {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		most := held()
		for {
			select {
			case <-done:
				result <- most
				return
			case <-time.After(10 * time.Millisecond):
				most = max(most, held())
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}
