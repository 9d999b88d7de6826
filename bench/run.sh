#!/bin/sh
# Measures requests per second: Caravan beside Express + BullMQ + Redis, one machine, one run, alternately. See README.md.
# Everything listens on loopback, in a temporary directory, and is stopped and removed at the end. No root needed.
set -eu

BENCH=$(cd "$(dirname "$0")" && pwd)
SUBJECTS=${SUBJECTS:-"baseline-always baseline-everysec baseline-always-worker baseline-everysec-worker caravan caravan-automation"}
ROUNDS=${ROUNDS:-3}
CONNECTIONS=${CONNECTIONS:-64}
THREADS=${THREADS:-1}
WARMUP=${WARMUP:-15}       # seconds under the same load, not counted
DURATION=${DURATION:-20}   # seconds
NODES=${NODES:-1}          # processes of the baseline; more than 1 uses node:cluster
JAR=${JAR:-$BENCH/../target/caravan.jar}
JAVA_OPTS=${JAVA_OPTS:-}
RESULTS=${RESULTS:-$BENCH/results}

fail() {
    echo "run.sh: $*" >&2
    exit 2
}

for tool in wrk curl python3 timeout; do
    command -v "$tool" >/dev/null || fail "$tool is not installed; see README.md, \"What it needs\"."
done
case "$SUBJECTS" in *baseline*)
    for tool in redis-server redis-cli node npm; do
        command -v "$tool" >/dev/null || fail "$tool is not installed; see README.md, \"What it needs\"."
    done
    [ -d "$BENCH/baseline/node_modules" ] || (cd "$BENCH/baseline" && npm ci --no-audit --no-fund --loglevel=error)
    ;;
esac
case "$SUBJECTS" in *caravan*)
    command -v java >/dev/null || fail "java is not installed; see README.md, \"What it needs\"."
    [ -f "$JAR" ] || fail "$JAR does not exist; build it with mvn -DskipTests package, or set JAR."
    ;;
esac

WORK=$(mktemp -d "${TMPDIR:-/tmp}/caravan-bench.XXXXXX")
STARTED="" # process ids, the latest first

stop_all() {
    for pid in $STARTED; do
        kill "$pid" 2>/dev/null || continue
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ $tries -lt 400 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    STARTED=""
}

clean_up() {
    status=$?
    trap - EXIT INT TERM
    trap '' PIPE # whoever read the output may have gone; the directory has to go too
    set +e
    stop_all
    if [ "$status" -ne 0 ]; then
        for log in "$WORK"/*/*.log; do
            [ -s "$log" ] || continue
            echo "--- $log" >&2
            tail -n 20 "$log" >&2
        done
    fi
    rm -rf "$WORK"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for() { # WHAT COMMAND...: until the command succeeds, at most 60 s
    what=$1
    shift
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || fail "$what did not start within 60 s."
        sleep 0.1
    done
}

start_baseline() { # DIR FSYNC WORKER(0|1)
    redis_port=$(free_port)
    redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$1" --save "" --appendonly yes --appendfsync "$2" \
        --auto-aof-rewrite-percentage 0 --maxmemory-policy noeviction >"$1/redis.log" 2>&1 &
    STARTED="$! $STARTED"
    wait_for Redis redis-cli -p "$redis_port" ping
    REDIS_PORT=$redis_port PORT=$PORT AUTOMATION=$3 NODES=$NODES NODE_ENV=production node "$BENCH/baseline/server.js" >"$1/node.log" 2>&1 &
    STARTED="$! $STARTED"
}

start_caravan() { # DIR AUTOMATION(0|1)
    mkdir -p "$1/routes"
    {
        echo "caravan.source.koji.preset = koji"
        echo "caravan.source.koji.secret = $WEBHOOK_SECRET"
        echo "camel.server.host = 127.0.0.1"
        echo "camel.server.port = $PORT"
        echo "camel.management.port = $(free_port)"
    } >"$1/application.properties"
    [ "$2" = 0 ] || cat >"$1/routes/bench.yaml" <<'YAML'
- route:
    id: bench
    description: Takes every event and does next to nothing with it
    from:
      uri: inbox:koji
      steps:
        - setVariable:
            id: noted
            name: noted
            simple: "${body[data][interview_id]}"
YAML
    # shellcheck disable=SC2086 # JAVA_OPTS is a list of words
    java $JAVA_OPTS -jar "$JAR" --dir "$1" >"$1/caravan.log" 2>&1 &
    STARTED="$! $STARTED"
}

expect() { # STATUS ARGUMENTS...: a signed request of sign.py is answered so
    status=$1
    shift
    python3 "$BENCH/sign.py" koji --url "$URL" --expect "$status" "$@" >"$DIR/sign.log" || fail "$SUBJECT does not answer $status: $(cat "$DIR/sign.log")"
}

load() { # SECONDS LOAD_ID
    LOAD_ID=$2 LOAD_OUT=$DIR/load.json timeout $(($1 + 60)) \
        wrk -t"$THREADS" -c"$CONNECTIONS" -d"$1s" --latency -s "$BENCH/load.lua" "$URL" >"$DIR/wrk.log" || fail "wrk failed against $SUBJECT: $(tail -n 3 "$DIR/wrk.log")"
}

stored() { # INTERVIEW_ID: the event that carries it has been kept
    case $SUBJECT in
    baseline*) [ "$(redis-cli -p "$redis_port" exists "bull:koji:interview.completed-$1")" = 1 ] ;;
    *) python3 "$BENCH/sign.py" koji --url "$URL" --id "$1" | grep -q '"duplicate"' ;;
    esac
}

measure() { # SUBJECT ROUND
    SUBJECT=$1
    DIR=$WORK/$1-$2
    mkdir "$DIR"
    PORT=$(free_port)
    URL=http://127.0.0.1:$PORT/webhooks/koji
    case $SUBJECT in
    baseline-always) start_baseline "$DIR" always 0 ;;
    baseline-everysec) start_baseline "$DIR" everysec 0 ;;
    baseline-always-worker) start_baseline "$DIR" always 1 ;;
    baseline-everysec-worker) start_baseline "$DIR" everysec 1 ;;
    caravan) start_caravan "$DIR" 0 ;;
    caravan-automation) start_caravan "$DIR" 1 ;;
    *) fail "$SUBJECT is not a subject; the ones there are stand in README.md." ;;
    esac
    wait_for "$SUBJECT" curl -s -o "$DIR/probe" --max-time 2 "$URL"

    expect 200 --id first --repeat 2
    expect 401 --id forged --change-byte
    expect 401 --id unsigned --unsigned
    machine=$(python3 "$BENCH/machine.py" "$DIR")
    load "$WARMUP" "warm$2"
    load "$DURATION" "round$2"
    for number in 2 500 1500; do # 1 may be the request that wrk makes up for itself
        stored "round$2-1-$number" || fail "$SUBJECT answered 200 and does not know event round$2-1-$number."
    done

    tail -n 1 "$DIR/load.json" | sed "s/^{/{\"subject\":\"$SUBJECT\",\"round\":$2,$machine,/" | tee -a "$RESULTS/last.jsonl"
    stop_all
    rm -rf "$DIR"
}

WEBHOOK_SECRET=bench-$(python3 -c 'import secrets; print(secrets.token_hex(16))')
export WEBHOOK_SECRET
[ "$(stat -f -c %T "$WORK" 2>/dev/null || echo unknown)" != tmpfs ] || echo "run.sh: $WORK is in memory, so a disk sync costs nothing; set TMPDIR to a directory on a disk." >&2
mkdir -p "$RESULTS"
: >"$RESULTS/last.jsonl"

round=1
order=$SUBJECTS
while [ "$round" -le "$ROUNDS" ]; do
    for subject in $order; do
        measure "$subject" "$round"
    done
    # shellcheck disable=SC2086 # a list of words
    set -- $order
    first=$1
    shift
    order="$* $first" # nobody always goes first
    round=$((round + 1))
done
failed=0
python3 "$BENCH/summary.py" "$RESULTS/last.jsonl" >"$RESULTS/last.md" || failed=1
cat "$RESULTS/last.md"
exit $failed
