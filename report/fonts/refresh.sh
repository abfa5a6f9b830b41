#!/bin/sh
# Fetches the fonts again from Debian's packages and checks that they are the files we know.
# Needs apt-get, dpkg-deb and sha256sum; run it where the package lists are up to date.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
apt-get download fonts-dejavu-core=2.37-6 fonts-droid-fallback=1:6.0.1r16-1.1
for package in *.deb; do
	dpkg-deb -x "$package" package
done
find package -name '*.ttf' -exec mv {} . \;
sha256sum --check <<SUMS
abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322  DejaVuSans.ttf
0d977336a6d5fba34eab8e3199eb218327161b5143749f802982c2bc34df0c96  DejaVuSans-Bold.ttf
0f5db4f1749979d961019838b160bec74abdf7f9eca69553fe1aa856bbff49a4  DejaVuSansMono.ttf
acb6440a713d880a13a21b468ba7cd43f5a2b2934972e51be791c880730777b8  DroidSansFallbackFull.ttf
SUMS
cp DejaVuSans.ttf DejaVuSans-Bold.ttf DejaVuSansMono.ttf DroidSansFallbackFull.ttf "$here"
