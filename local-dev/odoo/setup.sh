#!/bin/sh
# Fetches Debian's odoo-19 and the Python libraries that it needs into a folder. Nothing is installed: packages are unpacked
# below the folder, and the system's own sources stay as they are.
set -eu

usage="usage: setup.sh FOLDER"
folder=${1:?"$usage"}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

libraries="asn1crypto babel cbor2 chardet cryptography dateutil decorator docutils freezegun geoip2 gevent greenlet idna jinja2
libsass lxml magic markupsafe num2words ofxparse openpyxl openssl passlib pil polib psutil psycopg2 pypdf qrcode reportlab
requests rjsmin serial stdnum tz urllib3 usb vobject werkzeug xlrd xlsxwriter xlwt zeep"

state="$folder/apt"
mkdir -p "$state/parts" "$state/lists/partial" "$state/cache/archives/partial" "$state/debs/archives/partial" "$folder/root"

# The system's own Debian mirror with another suite. Only the suite's name is replaced.
for list in /etc/apt/sources.list.d/*.sources; do
    [ -f "$list" ] || continue
    awk 'BEGIN { RS = ""; ORS = "\n\n" } /URIs:[^\n]*\/debian(\n|\/|$)/ && !/security/' "$list" |
        sed 's/^Suites:.*/Suites: sid/' > "$state/parts/sid.sources"
    [ -s "$state/parts/sid.sources" ] && break
done
if [ ! -s "$state/parts/sid.sources" ]; then
    rm -f "$state/parts/sid.sources"
    sed -n '/security/d; s/^\(deb \(\[[^]]*\] \)\{0,1\}[^ ]*\/debian\/\{0,1\}\) [^ ]*\( .*\)$/\1 sid\3/p' /etc/apt/sources.list |
        head -n 1 > "$state/parts/sid.list"
fi

sid() {
    apt-get -q -o Dir::Etc::sourcelist=- -o Dir::Etc::sourceparts="$state/parts" -o Dir::State::lists="$state/lists" \
        -o Dir::Cache="$state/cache" -o APT::Sandbox::User=root "$@"
}
(cd "$state/cache" && sid update && sid download odoo-19)

wanted=$(for name in $libraries; do printf 'python3-%s ' "$name"; done)
# shellcheck disable=SC2086
apt-get -q -y --download-only --no-install-recommends -o Dir::Cache="$state/debs" -o APT::Sandbox::User=root \
    -o Debug::NoLocking=1 install $wanted

for package in "$state"/cache/odoo-19*.deb "$state"/debs/archives/*.deb; do
    dpkg -x "$package" "$folder/root"
done
ls "$state"/cache/odoo-19*.deb | sed 's/.*odoo-19_/odoo-19 /; s/_all.deb//' > "$folder/version.txt"
cat "$folder/version.txt"
