// Package deploy holds what installs and runs Foule: the image, the compose
// files, systemd's units, the proxies' and ClickHouse's configuration. Its tests
// take these very files and try them as far as a machine without a container
// engine can: proxies run in front of a real collector, units and
// compose files are read by the programs that will read them, the image's
// build commands run and what they make is started as the image would start it.
package deploy
