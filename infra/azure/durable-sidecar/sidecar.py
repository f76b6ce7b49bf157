"""The backend that durabletask has for tests, as Java's workers need it, and on the loopback interface alone."""

import os
import signal
import sys
import threading
from concurrent import futures

import grpc
from durabletask.internal import orchestrator_service_pb2 as messages
from durabletask.internal import orchestrator_service_pb2_grpc as services
from durabletask.testing.in_memory_backend import ActivityWorkItem, InMemoryOrchestrationBackend

# Each connected worker and each client that waits for an orchestration holds one.
THREADS = 100
# Of events, in one orchestration.
LONGEST_HISTORY = 1_000_000


class Sidecar(InMemoryOrchestrationBackend):
    """Hands what a lost worker had taken to the next one, as Azure's queues do once a message is visible again."""

    def __init__(self):
        super().__init__(max_history_size=LONGEST_HISTORY)
        # What workers have taken and not answered yet, by what answers it.
        self._taken = {}

    def GetWorkItems(self, request, context):
        worker = object()
        try:
            for item in super().GetWorkItems(request, context):
                if item.HasField("orchestratorRequest"):
                    self._taken[item.orchestratorRequest.instanceId] = (worker, item)
                elif item.HasField("activityRequest"):
                    activity = item.activityRequest
                    self._taken[activity.orchestrationInstance.instanceId, activity.taskId] = (worker, item)
                yield item
        finally:
            self._give_back(worker)

    def CompleteOrchestratorTask(self, request, context):
        with self._lock:
            _, item = self._taken.pop(request.instanceId, (None, None))
            if item is None:
                # Given to another worker meanwhile, which decides the same.
                return messages.CompleteTaskResponse()
            if not request.completionToken:
                # Java's client sends none; without one the answer is taken for a stale one.
                request.completionToken = item.completionToken
            return super().CompleteOrchestratorTask(request, context)

    def CompleteActivityTask(self, request, context):
        with self._lock:
            self._taken.pop((request.instanceId, request.taskId), None)
            return super().CompleteActivityTask(request, context)

    def _give_back(self, worker):
        with self._lock:
            for key, (taker, item) in list(self._taken.items()):
                if taker is not worker:
                    continue
                del self._taken[key]
                if item.HasField("activityRequest"):
                    activity = item.activityRequest
                    self._activity_queue.append(
                        ActivityWorkItem(
                            instance_id=activity.orchestrationInstance.instanceId,
                            name=activity.name,
                            task_id=activity.taskId,
                            input=activity.input.value if activity.HasField("input") else None,
                            completion_token=int(item.completionToken),
                        )
                    )
                    self._work_available.set()
                elif instance := self._instances.get(key):
                    instance.pending_events[:0] = instance.dispatched_events
                    instance.dispatched_events.clear()
                    self._orchestration_in_flight.discard(key)
                    self._enqueue_orchestration(key)


def main():
    port = sys.argv[1] if len(sys.argv) > 1 else "0"
    # Not the backend's own start: that listens on every interface.
    server = grpc.server(
        futures.ThreadPoolExecutor(THREADS),
        options=[("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)],
    )
    services.add_TaskHubSidecarServiceServicer_to_server(Sidecar(), server)
    taken = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    print(f"Listening on 127.0.0.1:{taken}", flush=True)

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), ended.set()), daemon=True).start()
    ended.wait()
    # Without waiting for workers: their calls never end.
    os._exit(0)


main()
