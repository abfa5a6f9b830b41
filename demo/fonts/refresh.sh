#!/bin/sh
# Fetches OCRB.otf again from Debian's package fonts-ocr-b and checks that it is the file we know.
# Needs apt-get, dpkg-deb and sha256sum; run it where the package lists are up to date.
set -eu

version=0.3~dfsg1-1
sum=84558d47dbc19bb5887cc7b72ed62c64534fd00f0b569d28e6dc63b71fe27707
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
apt-get download "fonts-ocr-b=$version"
dpkg-deb -x fonts-ocr-b_*.deb package
echo "$sum  package/usr/share/fonts/opentype/ocr-b/OCRB.otf" | sha256sum --check
cp package/usr/share/fonts/opentype/ocr-b/OCRB.otf "$here/OCRB.otf"
