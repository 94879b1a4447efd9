"""The host of functions, seen from Azure's Java worker: starts it, has every function loaded, and calls each.

Arguments: the folder that `run` has prepared, a java command, and the app's settings as NAME=value. Prints what each
function answered and the milliseconds since the worker's start; ends with 1 when one could not be loaded.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from concurrent import futures
from pathlib import Path

import FunctionRpc_pb2 as rpc
import FunctionRpc_pb2_grpc as service
import grpc

LIMIT = 1 << 27
# As in the worker's own worker.config.json.
FLAGS = ["-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1", "-noverify", "-Djava.net.preferIPv4Stack=true"]
DIRECTIONS = {"in": 0, "out": 1, "inout": 2}
DATA_TYPES = {"string": 1, "binary": 2}
COMMIT = "_delta_log/00000000000000000000.json"
BLOBS = {
    "cleanse": f"account_move/{COMMIT}",
    "aggregate": f"account_move/{COMMIT}",
    "publish": f"monthly_revenue/{COMMIT}",
    "fileArrived": "statements/may.csv",
    "drain": "platform/0.ndjson",
}
# What the host reads from the route and hands over beside the request.
ROUTE = {"source": "platform"}
UNIT = {
    "v": 1,
    "kind": "maintain",
    "name": "tarn.event_log",
    "attempt": 1,
    "correlation": "real-worker",
    "asked": "2026-05-01T08:00:00Z",
}


class Host(service.FunctionRpcServicer):
    """One stream: what is put into `requests` goes to the worker, what it answers comes out of `answers`."""

    def __init__(self):
        self.requests = queue.Queue()
        self.answers = queue.Queue()

    def EventStream(self, messages, context):
        threading.Thread(target=self._read, args=(messages,), daemon=True).start()
        while (message := self.requests.get()) is not None:
            yield message

    def _read(self, messages):
        for message in messages:
            if message.WhichOneof("content") != "rpc_log":
                self.answers.put(message)

    def send(self, **content):
        self.requests.put(rpc.StreamingMessage(request_id=str(uuid.uuid4()), **content))

    def expect(self, kind):
        message = self.answers.get(timeout=150)
        if message.WhichOneof("content") != kind:
            raise RuntimeError(f"expected {kind}, got {message}")
        return getattr(message, kind)


def functions(app):
    return {
        declared.parent.name: json.loads(declared.read_text())
        for declared in sorted(app.glob("*/function.json"))
    }


def load(host, app, name, function):
    bindings = {
        binding["name"]: rpc.BindingInfo(
            type=binding["type"],
            direction=DIRECTIONS[binding["direction"].lower()],
            data_type=DATA_TYPES.get(binding.get("dataType", "").lower(), 0),
        )
        for binding in function["bindings"]
    }
    metadata = rpc.RpcFunctionMetadata(
        name=name,
        function_id=name,
        directory=str(app / name),
        script_file=os.path.normpath(app / name / function["scriptFile"]),
        entry_point=function["entryPoint"],
        bindings=bindings,
        language="java",
    )
    host.send(function_load_request=rpc.FunctionLoadRequest(function_id=name, metadata=metadata))
    return host.expect("function_load_response").result


def trigger(function):
    return next(binding for binding in function["bindings"] if binding["direction"].lower() == "in")


def data(name, binding, key, message):
    if binding["type"] == "httpTrigger":
        method = binding.get("methods", ["GET"])[0].upper()
        body = b'{"event_id": 1}' if method == "POST" else b""
        return rpc.TypedData(
            http=rpc.RpcHttp(
                method=method,
                url="https://app/" + binding.get("route", name),
                headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
                params=ROUTE,
                body=rpc.TypedData(bytes=body) if body else None,
                rawBody=rpc.TypedData(bytes=body) if body else None,
            )
        )
    if binding["type"] == "timerTrigger":
        return rpc.TypedData(json='{"Schedule": {"AdjustForDST": true}, "IsPastDue": false}')
    if binding["type"] == "queueTrigger":
        return rpc.TypedData(string=message)
    return rpc.TypedData(bytes=b"{}")


def call(host, name, function, secret, message=json.dumps(UNIT)):
    binding = trigger(function)
    named = {"name": BLOBS[name]} if name in BLOBS else ROUTE
    metadata = {key: rpc.TypedData(string=value) for key, value in named.items()}
    if binding["type"] == "queueTrigger":
        metadata["DequeueCount"] = rpc.TypedData(json="1")
    host.send(
        invocation_request=rpc.InvocationRequest(
            invocation_id=str(uuid.uuid4()),
            function_id=name,
            input_data=[rpc.ParameterBinding(name=binding["name"], data=data(name, binding, secret, message))],
            trigger_metadata=metadata,
        )
    )
    return host.expect("invocation_response")


def told(answer):
    status = rpc.StatusResult.Status.Name(answer.result.status)
    http = answer.return_value.http
    body = http.body.string or http.body.bytes.decode(errors="replace")
    outputs = "".join(f" {out.name}={out.data.json}" for out in answer.output_data if out.data.json != "null")
    line = f"{status} {http.status_code} {body} {answer.result.exception.message}{outputs}"
    return " ".join(line.split())[:160]


def main():
    work, java = Path(sys.argv[1]), sys.argv[2]
    settings = dict(setting.split("=", 1) for setting in sys.argv[3:])
    app = work / "app"
    host = Host()
    server = grpc.server(futures.ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", LIMIT)])
    service.add_FunctionRpcServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TARN_")} | settings
    began = time.monotonic()
    with open(work / "worker.log", "w") as log:
        worker = subprocess.Popen(
            [java, *FLAGS, "-jar", str(work / "worker" / "worker.jar"), "--host", "127.0.0.1", "--port", str(port)]
            + ["--workerId", "worker", "--requestId", "start", "--grpcMaxMessageLength", str(LIMIT)],
            env=environment,
            stdout=log,
            stderr=log,
        )

    def say(what, text):
        print(f"{int((time.monotonic() - began) * 1000):6d} ms  {what:20s} {text}", flush=True)

    loaded = True
    try:
        host.expect("start_stream")
        say("worker", "speaks")
        host.send(
            worker_init_request=rpc.WorkerInitRequest(
                host_version="4.0.0", function_app_directory=str(app), worker_directory=str(work / "worker")
            )
        )
        host.expect("worker_init_response")
        declared = functions(app)
        for name, function in declared.items():
            result = load(host, app, name, function)
            loaded &= result.status == rpc.StatusResult.Success
            say(f"load {name}", rpc.StatusResult.Status.Name(result.status) + " " + result.exception.message[:300])
        for name in sorted(declared, key=lambda name: (name != "health", name)):
            begun = time.monotonic()
            answer = call(host, name, declared[name], settings.get("TARN_STATUS_KEY", ""))
            say(f"call {name}", f"{int((time.monotonic() - begun) * 1000)} ms {told(answer)}")
            if trigger(declared[name])["type"] == "queueTrigger":
                # What the host would put into queues: the reason for which this is given up, and no other message.
                say(f"call {name}", told(call(host, name, declared[name], "", "[]")))
        peak = next(line for line in open(f"/proc/{worker.pid}/status") if line.startswith("VmHWM"))
        say("peak", f"{int(peak.split()[1]) // 1024} MB")
    finally:
        host.requests.put(None)
        worker.terminate()
        worker.wait()
    sys.exit(0 if loaded else 1)


if __name__ == "__main__":
    main()
