"""What the daemon answers over HTTP while it is killed: no answer may show a commit that is not in the journal."""
import http.client
import re
import threading
import time

PATHS = ("status", "audiences", "audiences/frequent", "audiences/frequent/members?limit=50", "audiences/frequent/members/Email/nobody@example.com")


class Answers(threading.Thread):
    """Asks a daemon all the time, from its start to its end; remembers the newest commit that was shown."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.process, self.log, self.begin = daemon.process, daemon.log, daemon.log_begin
        self.newest, self.count = 0, 0
        self.start()

    def address(self):
        with open(self.log, "rb") as file:
            file.seek(self.begin)
            found = re.findall(rb"listening.*http://(127\.0\.0\.1:\d+)", file.read())
        return found[-1].decode() if found else None

    def run(self):
        address = None
        while self.process.poll() is None and not address:
            address = self.address()
            time.sleep(0.01)
        while self.process.poll() is None:
            connection = http.client.HTTPConnection(address, timeout=40)
            try:
                while True:
                    for path in PATHS:
                        connection.request("GET", f"/api/v1/{path}")
                        answer = connection.getresponse()
                        answer.read()
                        if answer.status == 200:
                            self.newest = max(self.newest, int(answer.headers["Audienced-Sequence"]))
                            self.count += 1
                    time.sleep(0.002)
            except (OSError, http.client.HTTPException):
                connection.close()
