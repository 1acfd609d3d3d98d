#!/bin/sh
# Fetches the Debian packages that some tests need. Where that cannot be, those tests skip themselves and say so.
set -u

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then
    echo "Chromium: $(command -v "$name")"
    exit 0
  fi
done
if [ -n "${CHROMIUM_PATH:-}" ]; then
  echo "Chromium: $CHROMIUM_PATH"
  exit 0
fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo 'No Chromium, and it cannot be installed here (that takes root and apt): tests in the browser are skipped.'
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null && echo 'Chromium: installed' ||
  echo 'Chromium could not be installed: tests in the browser are skipped.'
