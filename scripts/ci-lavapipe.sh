#!/bin/bash
# Mesa's software Vulkan driver (lavapipe), version 25 or newer, on Debian: from the release if it is that new, else from
# its backports (the 22.3 of Debian 12 is refused by Dawn). Needs root; nothing to do where it is installed already.
set -euo pipefail
source "$(dirname "$0")/ci-lib.sh"

is_there() {
  local version
  version=$(dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null) || return 1
  dpkg --compare-versions "$version" ge 25 && compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' && ldconfig -p | grep -q libvulkan.so.1
}

update() { apt-get update -qq; }

install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    libvulkan1 {mesa-vulkan-drivers,libdrm2,libdrm-amdgpu1,libdrm-common}"$suffix"
}

if is_there; then exit 0; fi
retry 5 update
suffix=''
candidate=$(apt-cache policy mesa-vulkan-drivers | awk '/Candidate:/ { print $2 }')
if ! dpkg --compare-versions "${candidate:-0}" ge 25; then
  . /etc/os-release
  # the mirror this machine uses for the release itself
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
    awk -v name="$VERSION_CODENAME" '$2 == name { print $1; exit }')
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb [signed-by=$keyring] $mirror $VERSION_CODENAME-backports main" >/etc/apt/sources.list.d/darkscan-backports.list
  retry 5 update
  suffix="/$VERSION_CODENAME-backports"
fi
retry 5 install
is_there
