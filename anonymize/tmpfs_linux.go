package anonymize

import "golang.org/x/sys/unix"

// onTmpfs says whether a directory is held in memory: tmpfs or ramfs. A tmpfs
// can still be swapped out; docs/operations.md says how to prevent that.
func onTmpfs(dir string) (bool, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return false, err
	}
	return st.Type == unix.TMPFS_MAGIC || st.Type == unix.RAMFS_MAGIC, nil
}
