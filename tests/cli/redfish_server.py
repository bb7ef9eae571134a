# SPDX-License-Identifier: GPL-3.0-or-later
"""A Redfish service over HTTPS on loopback, on a port that the kernel chose. It plays generations of firmware, whose JSON
names follow these public threads and DMTF's schemas:

legacy    OpenBMC of POWER9: Chassis/chassis/Power, PowerControl[].PowerConsumedWatts, PowerSupplies[].PowerInputWatts
          (ibm-openbmc/dev#288, openbmc/openbmc-test-automation#1593; DMTF Power.v1_5_2)
newer     OpenBMC since 2025: Chassis/chassis/EnvironmentMetrics, PowerWatts.Reading, a SensorPowerExcerpt
          (ibm-openbmc/dev#3045, ibm-openbmc/bmcweb#1375; DMTF EnvironmentMetrics.v1_1_0), power supplies under PowerSubsystem
          (ibm-openbmc/dev#1815; DMTF PowerSupplyMetrics.v1_0_0)
sensors   OpenBMC between the two: EnvironmentMetrics without PowerWatts, no Power, Sensors with total_power
          (ibm-openbmc/dev#3620, ibm-openbmc/dev#2537; DMTF Sensor.v1_2_0)
ebmc      IBM's of POWER10: newer, but the supplies' Metrics hold Oem.IBM.InputPowerHistoryItems instead of InputPowerWatts, newest
          first, 30 s apart (ibm-openbmc/dev#1815, ibm-openbmc/bmcweb#328, #677), and sensors of parts are named as on D-Bus
          (open-power/op-test#769) behind their type
idrac     Power with numbers and nulls, of several chassis
          (dell/iDRAC-Redfish-Scripting#34, influxdata/telegraf#9575; DMTF Power.v1_3_0)
"""
import base64
import http.server
import json
import ssl
import subprocess
import threading
import time

ROOT = "/redfish/v1"
CHASSIS = ROOT + "/Chassis/chassis"
SESSIONS = ROOT + "/SessionService/Sessions"
READ = ("Power", "EnvironmentMetrics", "total_power")  # the resources with watts
USER, PASSWORD = "admin", "s3cret-of-the-bmc"


def make_certificate(folder, name="localhost", address="IP:127.0.0.1"):
    """A self-signed certificate for loopback: (certificate, key)."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName=DNS:{name},{address}", "-keyout", key, "-out", certificate], check=True, timeout=60,
                   stderr=subprocess.DEVNULL)
    return certificate, key


def link(path):
    return {"@odata.id": path}


def collection(*paths):
    return {"Members": [link(path) for path in paths], "Members@odata.count": len(paths)}


def legacy(watts):
    return {
        ROOT + "/Chassis": collection(CHASSIS, ROOT + "/Chassis/motherboard"),
        CHASSIS: {"Id": "chassis", "ChassisType": "RackMount", "Power": link(CHASSIS + "/Power")},
        ROOT + "/Chassis/motherboard": {"Id": "motherboard", "Links": {"ContainedBy": link(CHASSIS)}},
        CHASSIS + "/Power": {
            "@odata.type": "#Power.v1_5_2.Power",
            "PowerControl": [{"MemberId": "0", "Name": "Chassis Power Control", "PowerConsumedWatts": watts,
                              "PowerLimit": {"LimitInWatts": None},
                              "PowerMetrics": {"AverageConsumedWatts": 433, "IntervalInMin": 3, "MaxConsumedWatts": 778}}],
            "PowerSupplies": [{"MemberId": f"powersupply{i}", "Name": f"powersupply{i}", "EfficiencyPercent": 90,
                               "PowerInputWatts": watts and watts / 2} for i in range(2)]}}


def newer(watts):
    subsystem = CHASSIS + "/PowerSubsystem"
    supply = subsystem + "/PowerSupplies/powersupply"
    pages = {
        ROOT + "/Chassis": collection(CHASSIS),
        CHASSIS: {"Id": "chassis", "ChassisType": "RackMount", "EnvironmentMetrics": link(CHASSIS + "/EnvironmentMetrics"),
                  "PowerSubsystem": link(subsystem)},
        CHASSIS + "/EnvironmentMetrics": {
            "@odata.type": "#EnvironmentMetrics.v1_1_0.EnvironmentMetrics",
            "PowerLimitWatts": {"AllowableMax": 3982, "AllowableMin": 3000, "ControlMode": "Automatic", "SetPoint": 0},
            "PowerWatts": {"DataSourceUri": CHASSIS + "/Sensors/power_total_power", "Reading": watts}},
        subsystem: {"PowerSupplies": link(subsystem + "/PowerSupplies")},
        subsystem + "/PowerSupplies": collection(supply + "0", supply + "1")}
    for i in "01":
        pages[supply + i] = {"Id": "powersupply" + i, "Metrics": link(supply + i + "/Metrics")}
        pages[supply + i + "/Metrics"] = {"InputPowerWatts": {"Reading": watts and watts / 2}}
    return pages


def ebmc(watts):
    pages = newer(watts)
    paths = [CHASSIS + "/Sensors/power_" + name for name in ("p0_power", "p0_mem_power", "fans_a_power", "total_power")]
    pages[CHASSIS]["Sensors"] = link(CHASSIS + "/Sensors")
    pages[CHASSIS + "/Sensors"] = collection(*paths)
    for number, path in enumerate(paths):
        pages[path] = {"Id": path.rsplit("/", 1)[-1], "ReadingType": "Power", "ReadingUnits": "W", "Reading": 50.0 + number}
    return pages


def iso_date(unix):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(unix))


def history(items):
    """The Metrics of a power supply with [(UNIX time, average watts)]."""
    return {"@odata.type": "#PowerSupplyMetrics.v1_0_0.PowerSupplyMetrics", "Id": "Metrics",
            "Oem": {"@odata.type": "#OemPowerSupplyMetrics.Oem", "IBM": {
                "@odata.type": "#OemPowerSupplyMetrics.IBM",
                "InputPowerHistoryItems": [{"Average": watts, "Date": iso_date(date), "Maximum": watts + 3}
                                           for date, watts in sorted(items, reverse=True)]}}}


def sensors(watts):
    paths = [CHASSIS + "/Sensors/" + name for name in ("ps0_input_power", "ps1_output_current", "total_power")]
    return {
        ROOT + "/Chassis": collection(CHASSIS),
        CHASSIS: {"Id": "chassis", "EnvironmentMetrics": link(CHASSIS + "/EnvironmentMetrics"),
                  "Sensors": link(CHASSIS + "/Sensors")},
        CHASSIS + "/EnvironmentMetrics": {"PowerLimitWatts": {"AllowableMax": 3982, "SetPoint": 0}},
        CHASSIS + "/Sensors": collection(*paths),
        paths[0]: {"Id": "ps0_input_power", "ReadingType": "Power", "ReadingUnits": "W", "Reading": 99.5},
        paths[1]: {"Id": "ps1_output_current", "ReadingType": "Current", "ReadingUnits": "A", "Reading": 7.5},
        paths[2]: {"Id": "total_power", "Name": "total power", "ReadingType": "Power", "ReadingUnits": "W", "Reading": watts}}


def idrac(watts):
    system, enclosure = ROOT + "/Chassis/System.Embedded.1", ROOT + "/Chassis/Enclosure.Internal.0-1"

    def power(consumed):
        return {"@odata.type": "#Power.v1_3_0.Power", "PowerControl": [
            {"MemberId": "PowerControl", "Name": "System Power Control", "PowerAllocatedWatts": 750, "PowerConsumedWatts": consumed,
             "PowerLimit": {"CorrectionInMs": 0, "LimitException": "HardPowerOff", "LimitInWatts": 152}}]}
    return {
        ROOT + "/Chassis": collection(enclosure, system),
        enclosure: {"Id": "Enclosure.Internal.0-1", "Links": {"ContainedBy": link(system)}, "Power": link(enclosure + "/Power")},
        system: {"Id": "System.Embedded.1", "Power": link(system + "/Power")},
        enclosure + "/Power": power(41), system + "/Power": power(watts)}


GENERATIONS = {"legacy": legacy, "newer": newer, "ebmc": ebmc, "sensors": sensors, "idrac": idrac}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + self.server.ahead if timestamp is None else timestamp)

    def handle(self):
        with self.server.lock:
            self.server.connections += 1
        try:
            super().handle()
        except OSError:
            pass  # what a client that goes away leaves

    def answer(self, status, content, headers=(), cut=0):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) - cut])

    def allowed(self):
        server = self.server
        if self.headers.get("X-Auth-Token") in server.tokens:
            return True
        given = self.headers.get("Authorization")
        server.basic += given is not None
        return given == "Basic " + base64.b64encode(f"{USER}:{server.password}".encode()).decode()

    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.log.append(("POST", self.path))
        if "no-sessions" in server.faults:
            return self.answer(404, {"error": {}})
        if "redirected-sessions" in server.faults:
            return self.answer(307, {}, [("Location", SESSIONS)])
        if self.path.rstrip("/") != SESSIONS:
            return self.answer(405, {})
        if json.loads(body) != {"UserName": USER, "Password": server.password}:
            return self.answer(401, {"error": {"code": "Base.1.8.GeneralError"}})
        number = len(server.sessions_made) + 1
        token = f"token-{number}"
        server.tokens.add(token)
        server.sessions_made.append(f"{SESSIONS}/{number}")
        return self.answer(201, link(f"{SESSIONS}/{number}"),
                           [("X-Auth-Token", token), ("Location", f"{SESSIONS}/{number}")])

    def do_DELETE(self):
        self.server.log.append(("DELETE", self.path))
        if not self.allowed():
            return self.answer(401, {})
        self.server.tokens.discard(self.headers.get("X-Auth-Token"))
        return self.answer(200, {})

    def do_GET(self):
        server = self.server
        path = self.path.rstrip("/")
        server.log.append(("GET", path))
        if path == ROOT:
            return self.answer(200, {"RedfishVersion": "1.15.0", "Chassis": link(ROOT + "/Chassis"),
                                     "Links": {"Sessions": link(SESSIONS)}})
        if not self.allowed():
            return self.answer(401, {"error": {}})
        pages = GENERATIONS[server.generation](server.watts)
        for part, page in server.replaced.items():
            if path.endswith(part):
                return self.answer(200, page() if callable(page) else page)
        if path not in pages:
            return self.answer(404, {"error": {}})
        fault = server.fault if path.rsplit("/", 1)[-1] in READ else None
        return self.faulty(fault, pages[path])

    def faulty(self, fault, page):
        if fault == "503":
            return self.answer(503, {"error": {}}, [("Retry-After", "1")])
        if fault == "silence":
            time.sleep(10)
            return self.answer(200, page)
        if fault == "garbage":
            return self.answer(200, b'{"PowerControl": [{"PowerConsumedWatts": 23\xff\xfe')
        if fault == "deep":
            return self.answer(200, b'{"a":' + b"[" * 400000)
        if fault == "huge":
            return self.answer(200, b'{"a": "' + b"x" * 3_000_000 + b'"}')
        if fault == "truncated":
            self.close_connection = True
            return self.answer(200, page, cut=20)
        if fault == "closed":
            self.close_connection = True
            self.connection.close()
            return None
        if fault == "redirect":
            return self.answer(302, {}, [("Location", self.server.elsewhere)])
        return self.answer(200, page)


class RedfishServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate, key, generation="legacy", watts=232.0):
        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.lock = threading.Lock()
        self.generation, self.watts, self.ahead = generation, watts, 0  # s, of its clock
        self.fault, self.faults, self.replaced, self.elsewhere = None, set(), {}, ""
        self.tokens, self.sessions_made, self.log, self.connections = set(), [], [], 0
        self.password, self.basic = PASSWORD, 0  # how often it was sent with basic authentication
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a client that does not trust the certificate

    @property
    def port(self):
        return self.server_address[1]

    def url(self, **query):
        keys = "&".join(f"{name}={value}" for name, value in query.items())
        return f"redfish://{USER}@127.0.0.1:{self.port}" + (f"?{keys}" if keys else "")

    def wait_for_readings(self, count):
        """Until it was asked for its power so many times more."""
        enough, give_up = len(self.asked("GET", READ)) + count, time.monotonic() + 120
        while len(self.asked("GET", READ)) < enough and time.monotonic() < give_up:
            time.sleep(0.02)

    def asked(self, method, end=""):
        return [path for verb, path in self.log if verb == method and path.endswith(end)]
