"""The hub behind HTTP, with faults."""

import contextlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from .hub import Exchange


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def _serve(self):
        hub = self.server.hub
        length = int(self.headers.get("content-length") or 0)
        text = self.rfile.read(length)
        parts = urlsplit(self.path)
        path = re.sub("^/api(/v3)?", "", parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = json.loads(text) if text else None
        with hub.lock:
            fault = self._fault(hub, path)
            if (fault and fault.drop == "before") or self._is_cut(hub, path):
                self.close_connection = True
                return self.connection.close()
            if fault and fault.status:
                return self._reply(fault.status, fault.body, fault.headers)
            if fault and fault.slow:
                return self._slowly(fault.slow)
            if self.headers.get("authorization") != f"Bearer {hub.token}":
                return self._reply(401, {"message": f"Bad credentials {self.headers.get('authorization')}"}, {})
            status, value = hub.answer(self.command, path, query, body)
            headers, shown = self._paged(hub, status, value, parts, query)
            if hub.judge:
                shown = hub.judge.completed(self.command, path, status, shown)
            hub.log.append(Exchange(self.command, path, query, body, status, shown))
            if (fault and fault.drop == "after") or hub.cut == 0:
                self.close_connection = True
                return self.connection.close()
        return self._reply(status, shown, headers)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - so http.server names them

    def _fault(self, hub, path):
        for fault in hub.faults:
            if fault.times and re.search(fault.fits, f"{self.command} {path}"):
                fault.times -= 1
                return fault
        return None

    def _is_cut(self, hub, path):
        """Whether the network is down, which it is from the write on of which only the answer is lost."""
        if hub.cut is None:
            return False
        if self.command != "GET" and path != "/graphql":
            hub.cut -= 1
        return hub.cut < 0 or (hub.cut == 0 and self.command == "GET")

    def _paged(self, hub, status, value, parts, query):
        if status == 301:
            return {"Location": f"{self.server.base}{hub.moved_to}"}, value
        if not isinstance(value, list) or self.command != "GET":
            return {}, value
        size, page = min(int(query.get("per_page", 30)), hub.per_page), int(query.get("page", 1))
        if page * size >= len(value):
            return {}, value[(page - 1) * size :]
        kept = "&".join(f"{name}={text}" for name, text in query.items() if name != "page")
        link = f'<{self.server.base}{parts.path.removeprefix("/api/v3")}?{kept}&page={page + 1}>; rel="next"'
        return {"Link": link}, value[(page - 1) * size : page * size]

    def _reply(self, status, value, headers):
        data = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, text in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def _slowly(self, seconds):
        """A sign now and then, so that no single wait is long."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        until = time.monotonic() + seconds
        with contextlib.suppress(OSError):
            while time.monotonic() < until:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        self.close_connection = True


@contextlib.contextmanager
def serving(hub, context=None):
    """The hub's address while it answers; with TLS where a context is given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scheme = "http"
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.hub, server.base = hub, f"{scheme}://127.0.0.1:{server.server_port}/api/v3"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
