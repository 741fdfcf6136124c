#!/usr/bin/env bash
# Gets libtorch for the CPU from packages on PyPI, for `cargo build --features bert` on Linux x86-64:
#
#   eval "$(tools/libtorch.sh)"            # into ./libtorch
#   eval "$(tools/libtorch.sh FOLDER)"
#
# It downloads 812 MB, whose checksums it knows, and keeps 529 MB. A folder that is whole is kept. What it
# prints are the variables that the build reads. On other systems leave it out: without LIBTORCH the build
# downloads libtorch from its makers.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(realpath -m "${1:-libtorch}")
version=2.4.0

say() { printf '%s\n' "$*" >&2; }

variables() {
  printf 'export LIBTORCH=%q LIBTORCH_CXX11_ABI=0\n' "$folder"
}

if [[ $(cat "$folder/build-version" 2>/dev/null) == "$version" ]]; then
  variables
  exit
fi
if [[ $(uname -sm) != "Linux x86_64" ]]; then
  say "this script is for Linux x86-64; elsewhere build without it, and libtorch is downloaded by the build"
  exit 2
fi
for program in python3 cc; do
  command -v "$program" >/dev/null || { say "$program is needed; install it and try again"; exit 2; }
done

# Beside the folder: moved there when it is whole.
work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT

# libtorch's CPU half names two libraries of CUDA; they are small, and no GPU is used.
cat >"$work/packages" <<'PACKAGES'
torch==2.4.0 --hash=sha256:e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
PACKAGES
say "downloading 812 MB of packages"
python3 -m pip download --quiet --no-deps --require-hashes --only-binary=:all: --python-version 3.11 \
  --platform manylinux1_x86_64 --requirement "$work/packages" --dest "$work/wheels" >&2

say "unpacking what the CPU needs"
python3 - "$work" <<'UNPACK'
import pathlib, re, shutil, sys, zipfile

work = pathlib.Path(sys.argv[1])
LIBRARY = re.compile(r"torch/lib/(libtorch_cpu|libc10)\.so|.*/(libgomp-|libcudart\.so|libcupti\.so)[^/]*")
for wheel in sorted((work / "wheels").iterdir()):
    with zipfile.ZipFile(wheel) as package:
        for name in package.namelist():
            if LIBRARY.fullmatch(name):
                place = work / "new/lib" / pathlib.Path(name).name
            elif name.startswith("torch/include/") and not name.endswith("/"):
                place = work / "new" / name.removeprefix("torch/")
            else:
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            with package.open(name) as packed, open(place, "wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
UNPACK

# The linker asks for libtorch.so; that of the package would load a gigabyte for GPUs.
cc -shared -x c /dev/null -Wl,-soname,libtorch.so -o "$work/new/lib/libtorch.so"
echo "$version" >"$work/new/build-version"
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$work/new" "$folder"
say "libtorch $version is in $folder ($(du -sh "$folder" | cut -f1))"
variables
