#!/bin/sh
# Installs n8n into a folder, with the Node.js that it wants: about 8 minutes and 3 GB. Needs npm, a C++ compiler, and the
# headers of a Node.js below NODE_HEADERS (/usr), with which SQLite's library is built.
#
#   setup.sh FOLDER
set -eu

folder=${1:?"usage: setup.sh FOLDER"}
mkdir -p "$folder"
cd "$folder"
[ -f package.json ] || echo '{"private": true}' > package.json
npm install --no-audit --no-fund node@24
# Scripts of packages fetch from where no workflow of ours goes, brokers of messages among them; SQLite is all that is built.
npm install --no-audit --no-fund --ignore-scripts n8n@2.41.1
npm_config_nodedir="${NODE_HEADERS:-/usr}" npm rebuild sqlite3
PATH="$folder/node_modules/node/bin:$PATH" node node_modules/.bin/n8n --version
