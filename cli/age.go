package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// recipientSettings say for whom backups are encrypted.
type recipientSettings struct {
	BackupRecipient []string `group:"Settings" aliases:"recipient" help:"Encrypt backups with age for this recipient: age1…, or a file of recipients." placeholder:"AGE1"`
}

// recipients reads the recipients; none means that backups are plain.
func (s recipientSettings) recipients() (all []age.Recipient, err error) {
	for _, text := range s.BackupRecipient {
		from := io.Reader(strings.NewReader(text))
		if !strings.HasPrefix(text, "age1") {
			f, err := os.Open(text)
			if err != nil {
				return nil, fmt.Errorf("backup-recipient: %q is neither an age recipient (age1…) nor a file of them: %w", text, err)
			}
			defer f.Close()
			from = f
		}
		some, err := age.ParseRecipients(from)
		if err != nil {
			return nil, fmt.Errorf("backup-recipient %s: %w", text, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// encryptTo encrypts what is written to it; Close ends the encryption and leaves w open.
func encryptTo(w io.Writer, recipients []age.Recipient) io.WriteCloser {
	if len(recipients) == 0 {
		return struct {
			io.Writer
			io.Closer
		}{w, io.NopCloser(nil)}
	}
	return &encrypting{to: w, recipients: recipients}
}

// An encrypting writer writes the header of age with the first byte.
type encrypting struct {
	to         io.Writer
	recipients []age.Recipient
	inner      io.WriteCloser
}

func (e *encrypting) Write(p []byte) (n int, err error) {
	if e.inner == nil {
		if e.inner, err = age.Encrypt(e.to, e.recipients...); err != nil {
			return 0, err
		}
	}
	return e.inner.Write(p)
}

func (e *encrypting) Close() error {
	if e.inner == nil {
		return nil
	}
	return e.inner.Close()
}

// ageMagic begins every file that age encrypted.
const ageMagic = "age-encryption.org/"

// decrypted returns r as it was before age encrypted it, if it did.
func decrypted(r io.Reader, identityFile string) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(len(ageMagic))
	if err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.Equal(head, []byte(ageMagic)) {
		return in, nil
	}
	if identityFile == "" {
		return nil, fmt.Errorf("the backup is encrypted with age: give the file of its identity with --identity")
	}
	f, err := os.Open(identityFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	identities, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	plain, err := age.Decrypt(in, identities...)
	if err != nil {
		return nil, fmt.Errorf("the backup cannot be decrypted with this identity: %w", err)
	}
	return plain, nil
}
