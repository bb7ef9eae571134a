# SPDX-License-Identifier: GPL-3.0-or-later
"""An HMC over HTTPS on loopback, on a port that the kernel chose. Its answers have the names and the shape of these public ones:

log-on, session       github.com/mnellemann/hmci src/test/resources/hmc-logon-response.xml, src/main/java/.../RestClient.java
quick lists           IBM's documentation of /rest/api/uom/ManagedSystem/quick/All (UUID, SystemName, MTMS; PartitionName)
preferences           hmci 2-managed-system-pcm-preferences.xml; IBM p8ehl/apis/ManagedSystemPCMPreferences
feeds                 hmci 4-managed-system-energy.xml, 2-managed-system-perf-feed.xml; IBM p9ehl/apis/ProcessedMetricsManagedSystem
metrics               hmci 4-managed-system-emergy-perf-data.json, 2-managed-system-perf-data2.json,
                      3-logical-partition-perf-data.json; IBM p9ehl/appendix/pcm/EM_Processed_Aggregated_JSON_Specification

Bins are as long as the console says in them (`frequency`): real ones are 30 s, those of tests a second, so that a test need not
last minutes. A bin is there `late` seconds after its end. The watts are the mean of `power(t)`, t in UNIX seconds, over a bin.
"""
import datetime
import email.utils
import http.server
import json
import re
import ssl
import threading
import time

USER, PASSWORD = "hscroot", "s3cret & <of> the HMC"
SYSTEM, PARTITION = "Server-9105-22A-SN1234567", "lpar-7"
S, P = "11111111-2222-3333-4444-555555555555", "7A7A7A7A-2222-3333-4444-555555555555"
KEPT = 240


def steps(t):
    """300 W and 500 W in turn, 7 s each."""
    return 300.0 if int(t // 7) % 2 else 500.0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # what a client that goes away leaves

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(self.server.now(), usegmt=True)

    def answer(self, status, body=b""):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def do_PUT(self):
        server = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        server.log.append(("PUT", self.path))
        expected = server.password.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        if (f"<UserID>{USER}</UserID><Password>{expected}</Password>" not in body
                or self.headers["Content-Type"] != "application/vnd.ibm.powervm.web+xml; type=LogonRequest"):
            return self.answer(401)
        token = f"token-{len(server.tokens_made) + 1}="
        server.tokens_made.append(token)
        server.tokens.add(token)
        return self.answer(200, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<LogonResponse '
                           'xmlns="http://www.ibm.com/xmlns/systems/power/firmware/web/mc/2012_10/" schemaVersion="V1_0">\n'
                           f'  <Metadata><Atom/></Metadata>\n  <X-API-Session kb="ROR" kxe="false">{token}</X-API-Session>\n'
                           '</LogonResponse>')

    def do_DELETE(self):
        self.server.log.append(("DELETE", self.path))
        self.server.tokens.discard(self.headers.get("X-API-Session"))
        return self.answer(204)

    def do_GET(self):
        server = self.server
        server.log.append(("GET", self.path))
        if self.headers.get("X-API-Session") not in server.tokens:
            return self.answer(401)
        if server.fault and "ProcessedMetrics" in self.path:
            return self.faulty(server.fault)
        if self.path == "/rest/api/uom/ManagedSystem/quick/All":
            return self.answer(200, json.dumps([{"UUID": S, "SystemName": SYSTEM, "MTMS": "9105-22A*1234567"}]))
        if self.path == f"/rest/api/uom/ManagedSystem/{S}/LogicalPartition/quick/All":
            return self.answer(200, json.dumps([{"UUID": P, "PartitionName": PARTITION, "PartitionID": 7}]))
        if self.path == f"/rest/api/pcm/ManagedSystem/{S}/preferences":
            return self.answer(200, self.preferences())
        feed = re.fullmatch(rf"/rest/api/pcm/ManagedSystem/{S}(/LogicalPartition/{P})?/ProcessedMetrics\?(Type=Energy&)?"
                            r"NoOfSamples=(\d+)", self.path)
        if feed:
            return self.feed("LogicalPartition" if feed[1] else "EnergyMetrics" if feed[2] else "ManagedSystem", int(feed[3]))
        metrics = re.fullmatch(r"/rest/api/pcm/ProcessedMetrics/(\w+?)_(\d+)_(\d+)\.json", self.path)
        if metrics:
            return self.answer(200, json.dumps(self.metrics(metrics[1], int(metrics[2]), int(metrics[3]))))
        return self.answer(404)

    def faulty(self, fault):
        if fault == "html":
            return self.answer(200, b"<html><body>log on</body></html>")
        if fault == "garbage":
            return self.answer(200, b"\xff\xfe<feed")
        if fault == "closed":
            self.close_connection = True
            return self.connection.close()
        return self.answer(int(fault))

    def preferences(self):
        told = "".join(f"<{name} kb='UOD' kxe='false'>{str(value).lower()}</{name}>"
                       for name, value in self.server.preferences.items())
        return ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="application/xml"><M:ManagedSystemPcmPreference '
                f'xmlns:M="x">{told}</M:ManagedSystemPcmPreference></content></entry></feed>')

    def feed(self, kind, count):
        server = self.server
        newest = int((server.now() - server.late) // server.length)
        first = max(newest - min(count, KEPT) + 1, int(server.begin // server.length))
        if newest < first:
            return self.answer(204)
        href = f"https://10.0.0.1:12443/rest/api/pcm/ProcessedMetrics/{kind}_{first}_{newest}.json"
        return self.answer(200, '<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">ProcessedMetrics</title>'
                           f'<link rel="self" href="https://10.0.0.1:12443{self.path.replace("&", "&amp;")}"/><entry>'
                           f'<category term="ManagedSystem" frequency="30"/><link type="application/json" href="{href}"/></entry></feed>')

    def metrics(self, kind, first, newest):
        server = self.server
        samples = []
        for number in range(first, newest + 1):
            end = number * server.length
            zone = datetime.timezone(datetime.timedelta(hours=1))
            stamp = datetime.datetime.fromtimestamp(end, zone).strftime("%Y-%m-%dT%H:%M:%S%z")
            sample = {"sampleType": "ManagedSystem", "sampleInfo": {"timeStamp": stamp, "status": server.status(end)}}
            if kind == "EnergyMetrics":
                sample["energyUtil"] = {"powerUtil": {"powerReading": [server.mean(end)]}, "thermalUtil": {"inletTemperatures": []}}
            elif kind == "LogicalPartition":
                sample["lparsUtil"] = [{"id": 7, "uuid": P, "name": PARTITION, "processor": {"utilizedProcUnits": [server.mean(end, server.ours)]}}]
            else:
                sample["systemFirmwareUtil"] = {"utilizedProcUnits": [0.25], "assignedMem": [40448]}
                sample["serverUtil"] = {"processor": {"totalProcUnits": [20], "utilizedProcUnits": [server.mean(end, server.ours) + 4]}, "memory": {"totalMem": [1]}}
                sample["viosUtil"] = [{"id": 1, "processor": {"utilizedProcUnits": [0.5]}, "network": {"a": [[[1]]]}},
                                      {"id": 2, "processor": {"utilizedProcUnits": [0.75]}}]
            samples.append(sample)
        return {"systemUtil": {"utilInfo": {"version": "1.3.0", "metricType": "Processed", "frequency": server.length,
                                            "name": SYSTEM, "uuid": S, "metricArrayOrder": ["AVG"]}, "utilSamples": samples}}


class HmcServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate, key, power=steps, length=1, late=1.0):
        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.power, self.length, self.late, self.ahead = power, length, late, 0.0
        self.ours = lambda _: 2.5  # units of the partition, t as in power(t)
        self.begin = 0.0  # UNIX time of the first bin that is kept
        self.fault, self.status, self.password = None, lambda _: 0, PASSWORD
        self.preferences = {"EnergyMonitoringCapable": True, "LongTermMonitorEnabled": True, "AggregationEnabled": True,
                            "EnergyMonitorEnabled": True}
        self.tokens, self.tokens_made, self.log = set(), [], []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a client that does not trust the certificate

    def now(self):
        """Its own clock."""
        return time.time() + self.ahead

    def mean(self, end, of=None):
        """Of the bin that ends then, by its own clock: of its watts, or of another curve."""
        of = of or self.power
        begin = end - self.length - self.ahead
        return sum(of(begin + self.length * (i + 0.5) / 1000) for i in range(1000)) / 1000

    @property
    def port(self):
        return self.server_address[1]

    def url(self, system=SYSTEM, **query):
        keys = "&".join(f"{name}={value}" for name, value in query.items())
        return f"hmc://{USER}@127.0.0.1:{self.port}/{system}" + (f"?{keys}" if keys else "")

    def asked(self, method, part=""):
        return [path for verb, path in self.log if verb == method and part in path]
