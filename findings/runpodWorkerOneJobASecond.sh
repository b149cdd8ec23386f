#!/usr/bin/env bash
# PyPI runpod 1.12.0, the serverless worker with its usual concurrency of one: it looks for the next job a whole second after
# it took one, however short that was, so it serves at most one job a second. A server that has jobs waiting cannot hurry
# it: it is not asked. Only a concurrency above one (concurrency_modifier) or more workers get more out of a machine.
# Seen: 4 jobs of no work each, all waiting from the start: taken 1.0 s apart, each answered within 0.1 s.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${worker:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check runpod==1.12.0
cat > worker.py <<'PY'
import runpod
runpod.serverless.start({"handler": lambda job: {"did": job["input"]["number"]}})
PY
cat > server.py <<'PY'
import json, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COUNT = 4
waiting = list(range(COUNT))
taken, answered = {}, {}
done = threading.Event()


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=None):
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if "/job-take/" in self.path and waiting:
            number = waiting.pop(0)
            taken[number] = time.monotonic()
            return self.answer(200, {"id": f"job-{number}", "input": {"number": number}})
        if "/job-stop/" in self.path:
            time.sleep(2)
        self.answer(204)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "output" in body:
            answered[body["output"]["did"]] = time.monotonic()
            if len(answered) == COUNT:
                done.set()
        self.answer(200, {})

    def log_message(self, *words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
if not done.wait(90):
    sys.exit("the worker did not serve the jobs")
gaps = [taken[n + 1] - taken[n] for n in range(COUNT - 1)]
times = [answered[n] - taken[n] for n in range(COUNT)]
print("between two jobs:", [round(gap, 2) for gap in gaps], "s; for one:", [round(took, 2) for took in times], "s", file=sys.stderr)
# The answers are quick, and the next job is not asked for before the second is over.
sys.exit(0 if min(gaps) >= 0.95 and sorted(times)[COUNT // 2] < 0.5 else "it goes on sooner now")
PY
python3 server.py > port &
server=$!
until [ -s port ]; do sleep 0.1; done
base="http://127.0.0.1:$(cat port)/v2/endpoint"
env -i PATH="$PATH" HOME="$folder" RUNPOD_WEBHOOK_GET_JOB="$base/job-take/\$ID?gpu=none" \
  RUNPOD_WEBHOOK_POST_OUTPUT="$base/job-done/pod/\$ID?gpu=none" RUNPOD_POD_ID=pod RUNPOD_ENDPOINT_ID=endpoint \
  RUNPOD_SKIP_AUTO_SYSTEM_CHECKS=true RUNPOD_SKIP_GPU_CHECK=true RUNPOD_MIN_MEMORY_GB=0.1 RUNPOD_MIN_DISK_PERCENT=0 \
  venv/bin/python worker.py > worker.log 2>&1 &
worker=$!
wait "$server"
