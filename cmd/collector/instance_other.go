//go:build !linux

package main

import "os/exec"

// dieWithParent: only Linux ends a process when its parent is gone.
func dieWithParent(*exec.Cmd) {}
