#!/usr/bin/env bash
# Makes the Debian package: the daemon with the Swift runtime in it, for the release of Debian that it is made on. The same program gives
# the same bytes, whenever and wherever it is packed; built again in a folder whose name is as long it differs at most in the order of a
# few instructions, which the compiler does not fix. `Config/setup.sh` comes first.
#
#   Config/package.sh [PROGRAM]    PROGRAM: an audienced that was linked with --static-swift-stdlib; without one it is built. Prints the
#                                  name of the package, below .build/package.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C TZ=UTC
umask 022
readonly folder=.build/package
readonly root=$folder/root

fail() {
    printf '%s\n' "package: $*" >&2
    exit 1
}

missing=()
for need in dpkg-shlibdeps:dpkg-dev chrpath:chrpath strip:binutils git:git; do
    command -v "${need%:*}" >/dev/null || missing+=("${need#*:}")
done
[[ ${#missing[@]} -eq 0 ]] || fail "tools are missing. As root: apt-get install --no-install-recommends ${missing[*]}"

program=${1:-}
if [[ -z $program ]]; then
    swift build -c release --static-swift-stdlib -Xswiftc -warnings-as-errors --product audienced >&2
    program=.build/release/audienced
fi
[[ -x $program ]] || fail "$program is no program; without an argument it is built"
if readelf --dynamic "$program" | grep 'NEEDED.*libswift' >/dev/null; then
    fail "$program needs Swift's libraries where it runs; build it with: swift build -c release --static-swift-stdlib"
fi

# Every instant in the package is that of the commit.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

rm -rf "$folder"
mkdir -p "$root"

put() { # put MODE FILE PLACE: a file, or what is on standard input (-)
    mkdir -p "$(dirname "$root/$3")"
    cat -- "$2" >"$root/$3"
    chmod "$1" "$root/$3"
}

put 755 "$program" usr/bin/audienced
# The two hashes are over what is stripped, too, which names folders.
strip --strip-unneeded --remove-section=.comment --remove-section=.note.gnu.build-id --remove-section=.swift_modhash \
    "$root/usr/bin/audienced"
# SwiftPM has it look for libraries beside itself.
chrpath --delete "$root/usr/bin/audienced" >/dev/null
if grep --quiet --text --fixed-strings "$PWD/" "$root/usr/bin/audienced"; then fail "the program names the folder that it was built in"; fi
installed() { "$root/usr/bin/audienced" "$@"; }

# What the program says of itself is the only place of the version. A package is for one release of Debian: another has other libraries.
version=$(installed --version | awk '{ print $2 }')
. /etc/os-release
[[ ${ID:-} == debian && -n ${VERSION_ID:-} ]] || fail "this is no release of Debian, so nobody knows what the package would be for"
version+="~deb$VERSION_ID"

share=usr/share/audienced
put 644 Config/openapi.json $share/descriptions/openapi.json
put 644 Config/asyncapi.json $share/descriptions/asyncapi.json
for schema in Config/schemas/*.json; do put 644 "$schema" "$share/descriptions/schemas/${schema##*/}"; done
put 644 Config/grafana-dashboard.json $share/grafana/audienced.json
put 644 Config/alerts.yaml $share/alerts/audienced.yaml

# The service listens on the socket, where its group may ask it.
socket='  # listen: 127.0.0.1:8080\n  listen: unix:/run/audienced/http.sock'
configuration=$(sed --expression="s|schema=schemas/|schema=/$share/descriptions/schemas/|" \
    --expression="s|^  listen: 127\.0\.0\.1:8080\$|$socket|" Config/audienced.yaml)
[[ $(diff Config/audienced.yaml - <<<"$configuration" | grep --count '^[<>]') -eq 5 ]] ||
    fail "Config/audienced.yaml has no line 'listen: 127.0.0.1:8080', or no schema in its first"
put 644 - etc/audienced/audienced.yaml <<<"$configuration"
put 644 systemd/audienced.service usr/lib/systemd/system/audienced.service
put 644 systemd/sysusers.conf usr/lib/sysusers.d/audienced.conf
put 644 systemd/tmpfiles.conf usr/lib/tmpfiles.d/audienced.conf

installed completions bash | put 644 - usr/share/bash-completion/completions/audienced
installed completions zsh | put 644 - usr/share/zsh/vendor-completions/_audienced
installed completions fish | put 644 - usr/share/fish/vendor_completions.d/audienced.fish
installed manual | gzip -9n | put 644 - usr/share/man/man1/audienced.1.gz

documents=usr/share/doc/audienced
put 644 Config/debian/copyright $documents/copyright
put 644 README.md $documents/README.md
put 644 Config/first-campaign.ndjson $documents/examples/first-campaign.ndjson
(cd Config/examples && find . -name '*.json' -printf '%P\n') | while read -r example; do
    put 644 "Config/examples/$example" "$documents/examples/$example"
done
gzip -9n <<CHANGES | put 644 - $documents/changelog.gz
audienced ($version) stable; urgency=medium

  * What changed since the release before: the commits up to this one,
    $(installed --version).

 -- audienced developers <audienced@example.org>  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
CHANGES

# The libraries that it is linked with, as the packages that have them on this machine name their versions.
mkdir -p "$folder/debian" "$root/DEBIAN"
printf '%s\n' 'Source: audienced' '' 'Package: audienced' 'Architecture: any' >"$folder/debian/control"
libraries=$(cd "$folder" && dpkg-shlibdeps -O -eroot/usr/bin/audienced | sed --quiet 's/^shlibs:Depends=//p')
[[ -n $libraries ]] || fail "dpkg-shlibdeps names no library"
kibibytes=$(find "$root" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
architecture=$(dpkg --print-architecture)
sed --expression="s/@version@/$version/" --expression="s/@architecture@/$architecture/" --expression="s/@kibibytes@/$kibibytes/" \
    --expression="s/@libraries@/$libraries/" Config/debian/control >"$root/DEBIAN/control"
echo /etc/audienced/audienced.yaml >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install --mode=755 "Config/debian/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort --zero-terminated | xargs --null md5sum) >"$folder/md5sums"
mv "$folder/md5sums" "$root/DEBIAN/md5sums"

find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
package=$folder/audienced_${version}_$architecture.deb
# Several threads cut the stream where the machine has cores.
dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$root" "$package" >&2
echo "$package"
