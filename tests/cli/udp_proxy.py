# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between perfwatt and a BMC on loopback: it counts what is sent to log in, and doubles or repeats answers."""
import select
import socket
import threading

OPEN_SESSION, RAKP1, RAKP3 = 0x10, 0x12, 0x14  # payload types: IPMI 2.0, table 13-16


class UdpProxy:
    def __init__(self, port, replay=None, which=range(1 << 30)):
        """replay: None, "double" (an answer comes twice) or "stale" (the answer before comes again before it); which answers."""
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", 0))
        self.port = self.front.getsockname()[1]
        self.behind, self.replay, self.which, self.kinds = ("127.0.0.1", int(port)), replay, which, []
        self.answers, self.last = 0, None
        self.backs = {}
        self.over = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def asked(self, kind):
        return self.kinds.count(kind)

    def serve(self):
        while not self.over.is_set():
            for ready in select.select([self.front, *self.backs.values()], [], [], 0.1)[0]:
                try:
                    self.pass_on(ready)
                except OSError:
                    pass  # nobody is behind it

    def pass_on(self, ready):
        if ready is self.front:
            data, peer = ready.recvfrom(65536)
            if len(data) > 5 and data[4] == 6:
                self.kinds.append(data[5] & 0x3f)
            if peer not in self.backs:
                self.backs[peer] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                self.backs[peer].connect(self.behind)
            self.backs[peer].send(data)
            return
        data = ready.recv(65536)
        peer = next(each for each, back in self.backs.items() if back is ready)
        before, self.last = self.last, data
        replay = self.replay if self.answers in self.which else None
        self.answers += 1
        answers = {"double": [data, data], "stale": [before, data] if before else [data]}.get(replay, [data])
        for answer in answers:
            self.front.sendto(answer, peer)

    def close(self):
        self.over.set()
