#!/bin/sh
# Runs both workflows in the n8n that setup.sh installed, each twice, against a `tarn up` of its own, and fails unless bronze
# has every event once. Leaves nothing running; what was said is in the folder when it fails.
#
#   run.sh FOLDER
set -eu

folder=$(cd "${1:?"usage: run.sh FOLDER"}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
tarn="$here/../tarn"
work=$(mktemp -d "$folder/run.XXXXXX")
project="$work/project"
PATH="$folder/node_modules/node/bin:$folder/node_modules/.bin:$PATH"
up=
trap '[ -z "$up" ] || kill "$up" 2>/dev/null || true' EXIT

fail() {
    echo "$1" >&2
    exit 1
}

mkdir -p "$project/sources" "$project/pipelines"
cat > "$project/spark-pipeline.yml" <<'EOF'
name: live-n8n
storage: file:///srv/live-n8n
libraries:
  - glob:
      include: pipelines/**
EOF
cat > "$project/tarn.yml" <<'EOF'
version: 1
timezone: UTC
targets:
  local: { lake: ./.lake, default: true }
EOF
cat > "$project/sources/n8n.yml" <<'EOF'
source: n8n
type: webhook
endpoints:
  - name: platform
    auth: { header: x-webhook-secret, secrets: [ "${secret:n8n-platform}" ] }
    event_id: $.event_id
    columns: { event_type: STRING, occurred_at: TIMESTAMP, amount: "DECIMAL(18,2)" }
  - name: platform_signed
    auth: { hmac_sha256: { header: X-Signature, secrets: [ "${secret:n8n-signed}" ] } }
    event_id: $.event_id
EOF
cat > "$project/pipelines/silver_events.sql" <<'EOF'
CREATE OR REFRESH STREAMING TABLE silver.events AS
SELECT event_id, event_type, occurred_at, amount FROM STREAM(bronze.platform_events);
EOF

port=${TARN_PORT:-58081}
secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
signing=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
: > "$work/up.log"
TARN_SECRET_N8N_PLATFORM="$secret" TARN_SECRET_N8N_SIGNED="$signing" \
    "$tarn" up --project "$project" --port "$port" --postgres-port 0 > "$work/up.log" 2>&1 &
up=$!
tries=0
until grep -q "POST http://localhost:$port/api/webhooks/platform_signed" "$work/up.log"; do
    kill -0 "$up" 2>/dev/null || fail "tarn up ended: $(cat "$work/up.log")"
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "tarn up does not listen: $(cat "$work/up.log")"
    sleep 1
done

export N8N_USER_FOLDER="$work/n8n" N8N_LISTEN_ADDRESS=127.0.0.1
export N8N_PORT="${N8N_PORT:-55678}" N8N_RUNNERS_BROKER_PORT="${N8N_RUNNERS_BROKER_PORT:-55679}"
export N8N_DIAGNOSTICS_ENABLED=false N8N_VERSION_NOTIFICATIONS_ENABLED=false N8N_TEMPLATES_ENABLED=false
export N8N_BLOCK_ENV_ACCESS_IN_NODE=false N8N_ENCRYPTION_KEY="$secret"
export TARN_WEBHOOKS="http://localhost:$port/api/webhooks" TARN_WEBHOOK_SECRET="$signing"
mkdir -p "$N8N_USER_FOLDER"
cat > "$work/credential.json" <<EOF
[{ "id": "tarn-webhook", "name": "Tarn webhook", "type": "httpHeaderAuth",
   "data": { "name": "x-webhook-secret", "value": "$secret" } }]
EOF
n8n import:credentials --input="$work/credential.json" > "$work/import.log" 2>&1 || fail "$(cat "$work/import.log")"
for workflow in send-events send-signed-events; do
    n8n import:workflow --input="$here/$workflow.json" > "$work/import.log" 2>&1 || fail "$(cat "$work/import.log")"
done
for time in 1 2; do
    for workflow in tarn-send tarn-send-signed; do
        n8n execute --id="$workflow" > "$work/$workflow-$time.log" 2>&1 || fail "$workflow failed: $(cat "$work/$workflow-$time.log")"
        echo "$workflow ran, time $time"
    done
done

inbox() {
    "$tarn" inbox list --project "$project" --format json > "$work/inbox.json" 2> "$work/inbox.log"
}
# The second time each event has its id again and another time of day: kept as a conflict, and never a second row.
settled() {
    inbox && node -e '
        const lines = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").map(line => JSON.parse(line));
        const right = e => e.waiting_files === 0 && e.events === 3 && e.conflicts === 3 && e.unreadable.length === 0;
        process.exit(lines.length === 2 && lines.every(right) ? 0 : 1);
    ' "$work/inbox.json"
}
tries=0
until settled; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || fail "bronze is not as it should be: $(cat "$work/inbox.json" "$work/inbox.log")"
    sleep 1
done
echo "Both workflows arrived: 3 events each, and the 3 of the second time kept beside them."
rm -rf "$work"
