package report

import (
	"fmt"

	"github.com/skip2/go-qrcode"
)

// QR is text as a QR code, a PNG of about 300 pixels.
func QR(text string) ([]byte, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("report: QR code: %w", err)
	}
	return code.PNG(-6) // six pixels a module
}
