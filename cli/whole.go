package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// writeOut writes to the standard output, which - stands for, or to a file, which is replaced when all is
// written and stays as it was if not.
func (env *Env) writeOut(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(env.Stdout)
	}
	return writeWhole(path, true, write)
}

// writeWhole writes a file that is there when it is whole and on the disk, or not at all. Over what is there
// already it writes by force; a pipe or a device is written to, not replaced.
func writeWhole(path string, force bool, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(path); err == nil && !force {
		return fmt.Errorf("%s is there already: choose another name, or write over it with --force", path)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // is replaced, and not the link to it
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	tmp := path + ".tmp"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) { // one that was killed left it: its permissions are anybody's guess
		return err
	}
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	mine, problem := f.Stat()
	if err = errors.Join(err, problem, f.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if now, err := os.Lstat(tmp); err != nil || !os.SameFile(mine, now) { // half of another's is not to become the file
		return fmt.Errorf("another command began to write %s meanwhile: that one goes on, and nothing of this one is kept", path)
	}
	err = os.Rename(tmp, path)
	if errors.Is(err, syscall.EBUSY) {
		err = fmt.Errorf("%s is mounted by itself, as into a container, and cannot be replaced: mount its folder, or write to - and redirect that: %w", path, err)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
