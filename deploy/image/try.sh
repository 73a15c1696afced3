#!/bin/sh
# Builds the file system of the image by the steps of the Dockerfile, where no Docker is, and runs the service in it: as another
# user, on a read-only root. Needs root, mmdebstrap, npm and a PostgreSQL.
#   DATABASE_URL=postgres://… deploy/image/try.sh
# Goes on until it is told to stop (Ctrl-C); the folder that it names is left behind.
set -eu
: "${DATABASE_URL:?is not set}"

root=$(mktemp -d /tmp/gatehouse-image-XXXXXX)
echo "The file system is in $root"
mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$root"

# As in the images of Node: the program and npm, below /usr/local.
install -D "$(command -v node)" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -R "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
before=$(du -sm "$root" | cut -f 1)

npm pack --silent --pack-destination "$root/tmp" >/dev/null
cp deploy/image/install.sh "$root/tmp/install.sh"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# For machines that reach the registry through a proxy with certificates of its own.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
npm config get registry | sed 's/^/registry=/' >"$root/root/.npmrc"
mount -t proc none "$root/proc"
trap 'umount "$root/proc" 2>/dev/null || true' EXIT
chroot "$root" env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt sh -c 'sh /tmp/install.sh /tmp/gatehouse-*.tgz && rm -rf /tmp/* /root/.npmrc'
umount "$root/proc"
echo "Gatehouse adds $(($(du -sm "$root" | cut -f 1) - before)) MB to Debian and Node, which take $before MB"

# A mount namespace of its own, with a root that nobody can write to but for the volume and /dev/shm.
export root DATABASE_URL
APP_SECRET=${APP_SECRET:-$(head -c 32 /dev/urandom | base64)} PUBLIC_URL=${PUBLIC_URL:-http://localhost:${PORT:-4000}}
export APP_SECRET PUBLIC_URL PORT
exec unshare --mount sh -c '
  mount --bind "$root" "$root"
  mount --bind "$root/var/lib/gatehouse" "$root/var/lib/gatehouse"
  mount -t proc none "$root/proc"
  mount --bind /dev "$root/dev"
  mount -o remount,bind,ro "$root"
  exec setpriv --no-new-privs --bounding-set=-all,+setuid,+setgid,+sys_chroot chroot --userspec=10001:10001 "$root" \
    env -i PATH=/usr/local/bin:/usr/bin:/bin NODE_ENV=production HOST=127.0.0.1 DATA_DIR=/var/lib/gatehouse \
    NODE_OPTIONS=--max-semi-space-size=16 \
    PORT="$PORT" DATABASE_URL="$DATABASE_URL" APP_SECRET="$APP_SECRET" PUBLIC_URL="$PUBLIC_URL" \
    gatehouse serve'
