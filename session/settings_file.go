package session

import (
	"context"
	"encoding/json"
	"fmt"
)

// settingsFormat names the form of a [SettingsFile]; another number is another form.
const settingsFormat = "dossier settings 1"

// A SettingsFile is a company's settings on their way out and in. Taking one in replaces the settings
// whole, and nothing but the settings.
type SettingsFile struct {
	Format   string   `json:"format"`
	Company  string   `json:"company"` // where it came from, for people
	Version  int      `json:"version"`
	Settings Settings `json:"settings"`
}

// File is the settings of c as they are taken out.
func (c Company) File() SettingsFile {
	return SettingsFile{settingsFormat, c.Slug, c.Version, c.Settings}
}

// ExportSettings returns a company's settings as a file, and notes that they were taken out.
func (s *Service) ExportSettings(ctx context.Context, actor Actor, slug string) ([]byte, error) {
	if err := actor.need("session.ExportSettings", MayManage); err != nil {
		return nil, err
	}
	c, err := s.company(ctx, actor, slug)
	if err != nil {
		return nil, err
	}
	file, err := json.MarshalIndent(c.File(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("session: settings do not encode: %w", err)
	}
	event := actor.Event(s.now().UTC(), ActExport, c.Slug, "", map[string]string{"what": "settings", "version": fmt.Sprint(c.Version)})
	return append(file, '\n'), s.store.Record(ctx, event)
}

// ReadSettings returns the company as it would be with the settings of a file, to be looked at with
// [Compare] and stored with SaveCompany. Fields that the settings do not have are refused by name.
func (s *Service) ReadSettings(ctx context.Context, actor Actor, slug string, file []byte) (Company, error) {
	if err := actor.need("session.ReadSettings", MayManage); err != nil {
		return Company{}, err
	}
	var in SettingsFile
	if err := Decode(file, &in); err != nil {
		return Company{}, err
	}
	return s.WithSettings(ctx, actor, slug, in)
}

// WithSettings is ReadSettings of a file that has been read.
func (s *Service) WithSettings(ctx context.Context, actor Actor, slug string, in SettingsFile) (Company, error) {
	const op = "session.WithSettings"
	if err := actor.need(op, MayManage); err != nil {
		return Company{}, err
	}
	c, err := s.company(ctx, actor, slug)
	if err != nil {
		return Company{}, err
	}
	if in.Format != settingsFormat {
		return Company{}, Fields{"format": fmt.Sprintf("This must be %q: use a file that Dossier exported.", settingsFormat)}.Err(op)
	}
	c.Settings = in.Settings
	return c, c.Validate()
}
