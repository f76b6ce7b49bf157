"""Runs Lambda functions as child processes of LocalStack.

One executor is one execution environment: a server of the Lambda Runtime API on a free loopback port, and one JVM that
polls it. There is no sandbox: only -Xmx limits memory, and layers are ignored. A function gets the environment that
Lambda would give it, and of LocalStack's own only PATH, HOME and JAVA_HOME. What it prints reaches CloudWatch Logs with
the end of each invocation, and a file of its own at once.

Environment variables of LocalStack that are read here:
  LAMBDA_PROCESS_JAVA     the java of functions
  LAMBDA_PROCESS_RUNTIME  a folder with aws-lambda-java-runtime-interface-client, the jars it needs, and its jni folder
"""

import json
import logging
import os
import platform
import queue
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

LOG = logging.getLogger(__name__)
API = "/2018-06-01/runtime"
HOST = "127.0.0.1"
RUNTIME = "com.amazonaws.services.lambda.runtime"


class _RuntimeApi(BaseHTTPRequestHandler):
    """The Lambda Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    protocol_version = "HTTP/1.1"
    executor: "ProcessRuntimeExecutor"

    def log_message(self, *args):
        pass

    def _reply(self, status: int, body: bytes = b"", headers: dict | None = None):
        self.send_response(status)
        for key, value in (headers or {"Content-Type": "application/json"}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self):
        if self.path != f"{API}/invocation/next":
            return self._reply(404)
        item = self.executor.next_invocation()
        if item is None:  # shutting down
            self.close_connection = True
            return self._reply(410)
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": item["invoke-id"],
            "Lambda-Runtime-Deadline-Ms": str(item["deadline-ms"]),
            "Lambda-Runtime-Invoked-Function-Arn": item["invoked-function-arn"],
            "Lambda-Runtime-Trace-Id": item["trace-id"],
        }
        self._reply(200, item["payload"].encode(), headers)

    def do_POST(self):
        body = self._body()
        parts = self.path[len(API) :].strip("/").split("/")
        if parts[:2] == ["init", "error"]:
            self.executor.init_error(body)
        elif len(parts) == 3 and parts[0] == "invocation" and parts[2] in ("response", "error"):
            if not self.executor.complete(parts[1], body, is_error=parts[2] == "error"):
                return self._reply(403, b'{"errorType":"InvalidRequestID"}')
        else:
            return self._reply(404)
        self._reply(202, b'{"status":"OK"}')


class ProcessRuntimeExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self.process: subprocess.Popen | None = None
        self.server: ThreadingHTTPServer | None = None
        self.ready: Future = Future()
        self.current: tuple[str, Future] | None = None
        self.pending: queue.Queue = queue.Queue()
        self.env: dict[str, str] = {}
        self.stopped = False
        self.log_path = Path(tempfile.gettempdir()) / "lambda-process-logs" / f"{id}.log"
        self.log_told = 0

    def _command(self, code: Path) -> list[str]:
        config = self.function_version.config
        if not (config.runtime or "").startswith("java"):
            raise LambdaRuntimeException(
                f"{config.handler} has the runtime {config.runtime!r}: here functions run on a Java runtime only"
            )
        runtime = os.environ["LAMBDA_PROCESS_RUNTIME"]
        machine = "aarch_64" if platform.machine() == "aarch64" else "x86_64"
        # Options and order of the class path as Lambda has them: its runtime, then the package's root, then its lib/*.
        return [
            os.environ["LAMBDA_PROCESS_JAVA"],
            f"-D{RUNTIME}.api.client.runtimeapi.NativeClient.JNI={runtime}/jni/libaws-lambda-jni.linux-{machine}.so",
            "--enable-native-access=ALL-UNNAMED",
            f"-Xmx{max(64, int(config.memory_size * 0.85))}m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            f"{runtime}/*:{code}:{code}/lib/*",
            f"{RUNTIME}.api.client.AWSLambda",
            config.handler,
        ]

    def _spawn(self) -> None:
        code = Path(self.function_version.config.code.get_unzipped_code_location())
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        log = open(self.log_path, "ab")
        env = {k: os.environ[k] for k in ("PATH", "HOME", "JAVA_HOME") if k in os.environ}
        env |= self.env
        env |= {
            "AWS_LAMBDA_RUNTIME_API": f"{HOST}:{self.server.server_port}",
            "LAMBDA_TASK_ROOT": str(code),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.function_version.config.runtime}",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.ready = Future()
        self.process = subprocess.Popen(
            self._command(code),
            cwd=code,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        threading.Thread(target=self._watch, args=(self.process,), daemon=True).start()

    def _run(self) -> None:
        self._spawn()
        try:
            self.ready.result(timeout=config.LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT)
        except Exception:
            # LocalStack tells the caller no more than that it failed.
            LOG.error("%s did not start:\n%s", self.function_version.qualified_arn, self.get_logs()[-4000:])
            raise

    def _watch(self, process: subprocess.Popen) -> None:
        code = process.wait()
        if self.stopped or process is not self.process:
            return
        request_id = self.current[0] if self.current else "-"
        message = f"RequestId: {request_id} Error: Runtime exited with error: exit status {code}"
        error = json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message}).encode()
        if not self.ready.done():
            self.ready.set_exception(StatusErrorException("runtime exited during init", payload=error))
        if self.current and not self.current[1].done():
            self.current[1].set_result((error, True))

    def _kill(self) -> None:
        process, self.process = self.process, None
        if process and process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait(timeout=5)

    # What the Runtime API calls.

    def next_invocation(self) -> dict | None:
        if not self.ready.done():
            self.ready.set_result(True)
        return self.pending.get()

    def init_error(self, body: bytes) -> None:
        if not self.ready.done():
            self.ready.set_exception(StatusErrorException("Environment startup failed", payload=body))

    def complete(self, request_id: str, body: bytes, is_error: bool) -> bool:
        current = self.current
        if not current or current[0] != request_id or current[1].done():
            return False
        current[1].set_result((body, is_error))
        return True

    # What LocalStack calls.

    def start(self, env_vars: dict[str, str]) -> None:
        self.env = {k: str(v) for k, v in env_vars.items() if not k.startswith(("LOCALSTACK_", "_AWS_XRAY"))}
        handler = type("Handler", (_RuntimeApi,), {"executor": self})
        self.server = ThreadingHTTPServer((HOST, 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self._run()

    def stop(self) -> None:
        self.stopped = True
        self.pending.put(None)
        self._kill()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        if self.current and not self.current[1].done():
            self.current[1].cancel()

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id, timeout = payload["invoke-id"], self.function_version.config.timeout
        if self.process is None or self.process.poll() is not None:  # after a timeout or a crash
            self.pending.put(None)  # frees a poll left over from the dead process
            self.pending = queue.Queue()
            self._run()
        future: Future = Future()
        self.current = (request_id, future)
        started = time.time()
        self.pending.put(payload | {"deadline-ms": int((started + timeout) * 1000)})
        try:
            body, is_error = future.result(timeout=timeout)
        except FutureTimeout:
            self._kill()
            message = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
            body, is_error = json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": message}).encode(), True
        duration = (time.time() - started) * 1000
        memory = self.function_version.config.memory_size
        time.sleep(0.02)  # the last line may be under way
        with open(self.log_path, "rb") as log:
            log.seek(self.log_told)
            output = log.read().decode(errors="replace")
            self.log_told = log.tell()
        version = self.function_version.id.qualifier
        logs = (
            f"START RequestId: {request_id} Version: {version}\n{output.rstrip()}\nEND RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {duration:.2f} ms\tBilled Duration: {int(duration) + 1} ms\t"
            f"Memory Size: {memory} MB\tMax Memory Used: {memory} MB\t"
        )
        return InvocationResult(request_id, body, is_error=is_error, logs=logs)

    def get_address(self) -> str:
        return HOST

    def get_endpoint_from_executor(self) -> str:
        return HOST

    def get_runtime_endpoint(self) -> str:
        return f"http://{HOST}:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    def get_logs(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass
