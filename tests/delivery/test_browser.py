"""A real browser reads the stream: a page of an allowed origin, the key in the first message."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Final

import pytest

from contract.served import served

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PAGE: Final = """<!doctype html><script>
const told = [];
const socket = new WebSocket("ADDRESS");
socket.onopen = () => socket.send(JSON.stringify({op: "auth", key: "KEY"}));
socket.onmessage = ({data}) => {
  const event = JSON.parse(data);
  told.push(event);
  if (event.event === "welcome")
    for (const channel of ["ticks", "deals"]) socket.send(JSON.stringify({op: "subscribe", channel}));
  if (event.event === "deals") fetch("/told", {method: "POST", body: JSON.stringify(told)});
};
socket.onclose = ({code}) => fetch("/told", {method: "POST", body: JSON.stringify({code})});
</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine")
def test_a_browser_hears_the_stream(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    told: Queue[Any] = Queue()
    page = b""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    origin = f"http://127.0.0.1:{site.server_port}"
    with served(cors_origins=(origin,)) as broker:
        address = broker.base_url.replace("http", "ws") + "/api/stream"
        page = PAGE.replace("ADDRESS", address).replace("KEY", broker.world.keys["read"]).encode()
        threading.Thread(target=site.serve_forever, daemon=True).start()
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
        command += ["--remote-debugging-port=0", origin]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            events = told.get(timeout=60)
        except Empty:
            pytest.fail("the page has told nothing")
        finally:
            browser.terminate()
            browser.wait(30)
            site.shutdown()
    assert isinstance(events, list), events
    assert [each["event"] for each in events[:2]] == ["welcome", "subscribed"]
    symbols = {each["data"]["symbol"] for each in events if each["event"] == "tick"}
    assert {"EURUSD", "XAUUSD"} <= symbols
    assert events[-1]["event"] == "deals" and events[-1]["data"][0]["type"] == "balance"
