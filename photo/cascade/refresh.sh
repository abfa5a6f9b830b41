#!/bin/sh
# Takes the cascade and its licence from the pinned module again and checks that it is the file we know.
set -eu
sum=d8014993e7298c7b1865d1f8b855d6dbf4ec5c808bf879e2091ab6837abf90cd
here=$(cd "$(dirname "$0")" && pwd)
module=$(cd "$here" && go list -m -f '{{.Dir}}' github.com/esimov/pigo)
echo "$sum  $module/cascade/facefinder" | sha256sum --check
cp "$module/cascade/facefinder" "$here/facefinder"
cp "$module/LICENSE" "$here/LICENCE.txt"
