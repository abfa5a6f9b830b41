package photo

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func encoded(t testing.TB, format string, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			img.Set(x, y, color.RGBA{uint8(x * 3), uint8(y * 5), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	var err error
	if format == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG claims many pixels in few bytes.
func hugePNG(width, height uint32) []byte { return pngHeader(width, height, 8, 2, 0) }

// progressiveHeader is the beginning of a progressive JPEG of three full components.
func progressiveHeader(width, height uint16) []byte {
	b := []byte("\xff\xd8\xff\xc2\x00\x11\x08")
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, height), width)
	return append(b, "\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xda\x00\x0c"...)
}

func pngHeader(width, height uint32, depth, colors, interlaced byte) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	chunk = append(chunk, depth, colors, 0, 0, interlaced)
	b.Write(binary.BigEndian.AppendUint32(nil, 13))
	b.Write(chunk)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)))
	return b.Bytes()
}

// onePixelWebP is a lossless WebP image of one pixel.
const onePixelWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestInspect(t *testing.T) {
	webp, err := base64.StdEncoding.DecodeString(onePixelWebP)
	if err != nil {
		t.Fatal(err)
	}
	whole := encoded(t, "jpeg", 120, 80)
	tests := []struct {
		name     string
		data     []byte
		want     Info
		reason   string // part of it; "" is taken
		tooLarge bool
	}{
		{"jpeg", whole, Info{"image/jpeg", 120, 80}, "", false},
		{"png", encoded(t, "png", 30, 20), Info{"image/png", 30, 20}, "", false},
		{"webp", webp, Info{"image/webp", 1, 1}, "", false},
		{"nothing", nil, Info{}, "empty", false},
		{"text", []byte("hello"), Info{}, "not a JPEG, PNG or WebP", false},
		{"gif", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04"), Info{}, "not a JPEG, PNG or WebP", false},
		{"cut short", whole[:len(whole)/2], Info{}, "damaged or cut short", false},
		{"the last bytes missing", whole[:len(whole)-20], Info{}, "damaged or cut short", false},
		{"too many pixels", hugePNG(10_000, 5_001), Info{}, "50 million", true},
		{"too deep", pngHeader(7_000, 7_000, 16, 6, 0), Info{}, "to unpack", true},
		{"interlaced, and too large so", pngHeader(7_000, 7_000, 8, 6, 1), Info{}, "to unpack", true},
		{"progressive, and too large so", progressiveHeader(7_000, 7_000), Info{}, "to unpack", true},
		{"far too many pixels", hugePNG(1<<30, 1<<30), Info{}, "", true},
		{"too many bytes", append(encoded(t, "png", 3, 3), make([]byte, MaxBytes)...), Info{}, "at most 15 MB", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Inspect(tt.data)
			if got != tt.want {
				t.Errorf("it is %+v, want %+v (%v)", got, tt.want, err)
			}
			var refused *RefusedError
			switch {
			case tt.want != Info{} && err != nil:
				t.Errorf("refused: %v", err)
			case tt.want == Info{} && (!errors.As(err, &refused) || !strings.Contains(refused.Reason, tt.reason)):
				t.Errorf("error is %v, want a refusal with %q", err, tt.reason)
			case refused != nil && tt.tooLarge && !refused.TooLarge && tt.reason != "":
				t.Errorf("%v is not marked as too large", refused)
			}
		})
	}
}

func TestThumbnail(t *testing.T) {
	for width, want := range map[int]int{60: 60, 120: 120, 500: 120} {
		small, err := Thumbnail(encoded(t, "jpeg", 120, 80), width)
		if err != nil {
			t.Fatal(err)
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(small))
		if err != nil || format != "jpeg" || config.Width != want || config.Height != want*2/3 {
			t.Errorf("for width %d it is %s %d × %d, %v", width, format, config.Width, config.Height, err)
		}
	}
	if _, err := Thumbnail([]byte("x"), 50); err == nil {
		t.Error("a thumbnail of no image")
	}
}

// TestThumbnailCarriesNoMetadata: the original keeps what the camera wrote, the thumbnail does not.
func TestThumbnailCarriesNoMetadata(t *testing.T) {
	plain := encoded(t, "jpeg", 40, 30)
	exif := append([]byte{0xff, 0xe1, 0, 2 + 6 + 12}, "Exif\x00\x00SECRETPLACE!"...)
	tagged := append(append(plain[:2:2], exif...), plain[2:]...)
	if _, err := Inspect(tagged); err != nil {
		t.Fatal(err)
	}
	small, err := Thumbnail(tagged, 20)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(small, []byte("SECRET")) || bytes.Contains(small, []byte("Exif")) {
		t.Error("the thumbnail carries the camera's metadata")
	}
}

// FuzzInspect: what is taken has a size within the limits and can be made small.
func FuzzInspect(f *testing.F) {
	f.Add(encoded(f, "jpeg", 20, 10))
	f.Add(encoded(f, "png", 20, 10))
	f.Add(hugePNG(9, 9))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := Inspect(data)
		if err != nil {
			if info != (Info{}) {
				t.Errorf("%+v with error %v", info, err)
			}
			return
		}
		if info.Width < 1 || info.Height < 1 || info.Width*info.Height > MaxPixels {
			t.Errorf("taken with %d × %d pixels", info.Width, info.Height)
		}
		if _, err := Thumbnail(data, 16); err != nil {
			t.Errorf("sound, and cannot be made small: %v", err)
		}
	})
}

func BenchmarkThumbnail(b *testing.B) {
	data := encoded(b, "jpeg", 1280, 960)
	for b.Loop() {
		if _, err := Thumbnail(data, 320); err != nil {
			b.Fatal(err)
		}
	}
}
