#!/bin/sh
# Starts the Odoo that setup.sh fetched, on this machine only, with a database of its own, and writes an API key.
#
#   run.sh FOLDER          starts; the first time it makes the database, which takes about two minutes
#   run.sh FOLDER stop     stops what it started
#
# A PostgreSQL is started in the folder, unless PGHOST names one (with PGPORT, PGUSER and PGPASSWORD; the user may create
# databases and is not called postgres, which Odoo refuses).
set -eu

usage="usage: run.sh FOLDER [stop]"
folder=$(cd "${1:?"$usage"}" && pwd)
port=${ODOO_PORT:-58069}
database=${ODOO_DATABASE:-o19}
libraries="$folder/root/usr/lib/$(uname -m)-linux-gnu"

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

tool() {
    command -v "/usr/lib/postgresql/$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -n 1)/bin/$1" || command -v "$1"
}

stop() {
    if [ -f "$folder/odoo.pid" ]; then
        kill "$(cat "$folder/odoo.pid")" 2>/dev/null || true
        rm -f "$folder/odoo.pid"
    fi
    if [ -f "$folder/pg/data/postmaster.pid" ]; then
        as_postgres "$(tool pg_ctl)" -D "$folder/pg/data" -m fast stop
    fi
}

if [ "${2:-}" = stop ]; then
    stop
    exit 0
fi

if [ -z "${PGHOST:-}" ]; then
    PGHOST=127.0.0.1
    PGPORT=${PGPORT:-55469}
    PGUSER=odoo
    PGPASSWORD=odoo
    if [ ! -d "$folder/pg/data" ]; then
        mkdir -p "$folder/pg"
        [ "$(id -u)" != 0 ] || chown postgres "$folder/pg"
        printf '%s\n' "$PGPASSWORD" > "$folder/pg-password"
        chmod 644 "$folder/pg-password"
        as_postgres "$(tool initdb)" -D "$folder/pg/data" -U odoo --pwfile "$folder/pg-password" -A scram-sha-256 -E UTF8 \
            --locale C > "$folder/initdb.log"
    fi
    [ -f "$folder/pg/data/postmaster.pid" ] || as_postgres "$(tool pg_ctl)" -w -D "$folder/pg/data" \
        -l "$folder/pg/log" -o "-p $PGPORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start > /dev/null
fi
export PGHOST PGPORT PGUSER PGPASSWORD

export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"
export LD_LIBRARY_PATH="$libraries:$libraries/lapack:$libraries/blas"
# Takes the place of the shell that calls it, so that the process that is started in the background is Odoo's own.
odoo() {
    command="$1"
    shift
    exec /usr/bin/python3 -m odoo "$command" -d "$database" --db_host "$PGHOST" --db_port "$PGPORT" --db_user "$PGUSER" \
        --db_password "$PGPASSWORD" --data-dir "$folder/data" --logfile "$folder/odoo.log" "$@"
}

if [ ! -f "$folder/api-key" ]; then
    (odoo server -i base,account,sale --with-demo --stop-after-init --http-interface 127.0.0.1 --http-port "$port")
    umask 077
    printf '%s\n' "print('key', env(user=2)['res.users.apikeys']._generate('rpc', 'tarn', None)); env.cr.commit()" |
        (odoo shell --no-http) 2>/dev/null | sed -n 's/^.*key \([0-9a-f]\{20,\}\).*$/\1/p' > "$folder/api-key.new"
    [ -s "$folder/api-key.new" ] || { echo "no API key was made; see $folder/odoo.log" >&2; exit 1; }
    mv "$folder/api-key.new" "$folder/api-key"
fi

odoo server --http-interface 127.0.0.1 --http-port "$port" --max-cron-threads 0 > "$folder/odoo.out" 2>&1 &
echo $! > "$folder/odoo.pid"
tries=0
until /usr/bin/python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/web/version')" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "Odoo did not start; see $folder/odoo.log" >&2; exit 1; }
    sleep 1
done
echo "Odoo      http://127.0.0.1:$port  database $database  user admin, password admin, API key in $folder/api-key"
echo "Database  postgresql://$PGUSER@$PGHOST:$PGPORT/$database"
