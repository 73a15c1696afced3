#!/bin/sh
# What the image is made of, besides Debian and Node. Run as root.
#   sh install.sh gatehouse-0.1.0.tgz
set -eu

# --omit=optional leaves out the PostgreSQL that the package brings along; npm heeds it only in a folder, not with --global. No
# package has to run anything when it is installed.
mkdir /opt/gatehouse
npm install --prefix /opt/gatehouse --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund "$1"
ln -s /opt/gatehouse/node_modules/.bin/gatehouse /usr/local/bin/gatehouse
npm cache clean --force >/dev/null 2>&1
rm -rf /root/.npm

groupadd --gid 10001 gatehouse
useradd --uid 10001 --gid gatehouse --no-create-home --home-dir /var/lib/gatehouse --shell /usr/sbin/nologin gatehouse
install -d -o gatehouse -g gatehouse -m 0700 /var/lib/gatehouse
