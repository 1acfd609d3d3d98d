#!/bin/sh
# Fetches the Debian packages that some tests need. Where that cannot be, those tests skip themselves and say so.
set -u

packages=''
chromium="${CHROMIUM_PATH:-}"
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  [ -n "$chromium" ] || chromium="$(command -v "$name" || true)"
done
if [ -n "$chromium" ]; then echo "Chromium: $chromium"; else packages='chromium'; fi

# WebGPU in Node finds Chromium's SwiftShader through the loader of Vulkan.
if [ "$(uname)" = Linux ]; then
  if ldconfig -p 2>/dev/null | grep -q 'libvulkan\.so\.1'; then echo 'Vulkan: there'; else packages="$packages libvulkan1"; fi
fi

# The binding to TensorFlow's own library is compiled.
if [ "$(uname)" = Linux ]; then
  for tool in g++ make python3; do
    if command -v "$tool" >/dev/null; then echo "$tool: there"; else packages="$packages $tool"; fi
  done
fi
[ -n "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing:$(echo " $packages" | tr -s ' '). They cannot be installed here (that takes root and apt): tests in the browser, on WebGPU in Node, or on TensorFlow's own library are skipped."
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
for package in $packages; do
  if apt-get install -y -qq --no-install-recommends "$package" >/dev/null; then
    echo "$package: installed"
  else
    echo "$package could not be installed: the tests that need it are skipped."
  fi
done
exit 0
