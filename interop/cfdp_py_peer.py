"""A CFDP entity made of cfdp-py, over UDP, that a test drives.

Reads one JSON object a line from standard input and writes one a line to standard output:

    -> {"op": "begin", "to": [host, port], "entity": 2, "peer": 1, "class": 2, ...}   a fresh pair of handlers
    -> {"op": "send", "file": "/path", "name": "/path/there"}
    <- {"event": "listening", "port": 1234}
    <- {"event": "begun"}
    <- {"event": "finished", "side": "source", "condition": "NO_ERROR", "complete": true}
    <- {"event": "trouble", "side": "dest", "what": "..."}                            an exception of the library

Whatever the library throws at a PDU is told and survived, as an owner of it would have to.
"""

import json
import os
import selectors
import socket
import sys
from pathlib import Path

from cfdppy import (
    CfdpState,
    CfdpUserBase,
    IndicationConfig,
    LocalEntityConfig,
    PutRequest,
    RemoteEntityConfig,
    RemoteEntityConfigTable,
)
from cfdppy.handler import DestHandler, SourceHandler
from cfdppy.mib import CheckTimerProvider, DefaultFaultHandlerBase
from spacepackets.cfdp import ChecksumType, Direction, TransmissionMode
from spacepackets.cfdp.pdu import PduFactory
from spacepackets.countdown import Countdown
from spacepackets.seqcount import SeqCountProvider
from spacepackets.util import ByteFieldU16

CHECKSUMS = {
    "crc32c": ChecksumType.CRC_32C,
    "crc32": ChecksumType.CRC_32,
    "modular": ChecksumType.MODULAR,
    "null": ChecksumType.NULL_CHECKSUM,
}
# Long enough for an answer on this computer, short enough for a test.
TIMER_S = 0.4
TURN_S = 0.02
# More than the relay holds back would only be lost in a buffer.
PDUS_A_TURN = 16


def tell(event, **fields):
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def name_of(condition):
    """An EOF that cancels leaves the library with a number that is no condition code."""
    return getattr(condition, "name", str(condition))


class Faults(DefaultFaultHandlerBase):
    def notice_of_suspension_cb(self, transaction_id, cond, progress):
        tell("fault", action="suspend", condition=name_of(cond))

    def notice_of_cancellation_cb(self, transaction_id, cond, progress):
        tell("fault", action="cancel", condition=name_of(cond))

    def abandoned_cb(self, transaction_id, cond, progress):
        tell("fault", action="abandon", condition=name_of(cond))

    def ignore_cb(self, transaction_id, cond, progress):
        tell("fault", action="ignore", condition=name_of(cond))


class User(CfdpUserBase):
    def __init__(self, side):
        super().__init__()
        self.side = side

    def transaction_finished_indication(self, params):
        finished = params.finished_params
        tell(
            "finished",
            side=self.side,
            condition=name_of(finished.condition_code),
            complete=finished.delivery_code.value == 0,
        )

    def transaction_indication(self, transaction_indication_params):
        pass

    def eof_sent_indication(self, transaction_id):
        pass

    def metadata_recv_indication(self, params):
        pass

    def file_segment_recv_indication(self, params):
        pass

    def report_indication(self, transaction_id, status_report):
        pass

    def suspended_indication(self, transaction_id, cond_code):
        pass

    def resumed_indication(self, transaction_id, progress):
        pass

    def fault_indication(self, transaction_id, cond_code, progress):
        pass

    def abandoned_indication(self, transaction_id, cond_code, progress):
        tell("abandoned", side=self.side, condition=name_of(cond_code))

    def eof_recv_indication(self, transaction_id):
        pass


class CheckTimers(CheckTimerProvider):
    def provide_check_timer(self, local_entity_id, remote_entity_id, entity_type):
        return Countdown.from_seconds(TIMER_S)


class Case:
    """One transfer: fresh handlers, so that nothing is left of the one before."""

    def __init__(self, wish, numbers):
        self.to = tuple(wish["to"])
        self.remote_id = ByteFieldU16(wish["peer"])
        self.mode = (
            TransmissionMode.ACKNOWLEDGED
            if wish["class"] == 2
            else TransmissionMode.UNACKNOWLEDGED
        )
        self.closure = wish["closure"]
        remote = RemoteEntityConfig(
            entity_id=self.remote_id,
            max_packet_len=wish["segment"] + 64,
            max_file_segment_len=wish["segment"],
            closure_requested=self.closure,
            crc_on_transmission=wish["crc"],
            default_transmission_mode=self.mode,
            crc_type=CHECKSUMS[wish["checksum"]],
            positive_ack_timer_interval_seconds=TIMER_S,
            positive_ack_timer_expiration_limit=20,
            check_limit=5,
            immediate_nak_mode=wish["immediate"],
            nak_timer_interval_seconds=TIMER_S,
            nak_timer_expiration_limit=20,
        )
        local = LocalEntityConfig(ByteFieldU16(wish["entity"]), IndicationConfig(), Faults())
        remotes = RemoteEntityConfigTable([remote])
        self.source = SourceHandler(local, User("source"), remotes, CheckTimers(), numbers)
        self.dest = DestHandler(local, User("dest"), remotes, CheckTimers())
        self.troubles = set()

    def send(self, wish):
        self.source.put_request(
            PutRequest(
                destination_id=self.remote_id,
                source_file=Path(wish["file"]),
                dest_file=Path(wish["name"]),
                trans_mode=self.mode,
                closure_requested=self.closure,
            )
        )

    def step(self, side, handler, pdu, link):
        """One call of a state machine, and all that it then wants to send. Answers whether it sent."""
        try:
            handler.state_machine(pdu)
        except Exception as error:  # noqa: BLE001
            self.trouble(side, error)
        sent = False
        while (held := handler.get_next_packet()) is not None:
            try:
                link.sendto(held.pack(), self.to)
                sent = True
            except Exception as error:  # noqa: BLE001
                self.trouble(side, error)
        return sent

    def trouble(self, side, error):
        what = f"{type(error).__name__}: {error}"
        if what not in self.troubles:
            self.troubles.add(what)
            tell("trouble", side=side, what=what[:200])

    def hear(self, octets, link):
        try:
            pdu = PduFactory.from_raw(octets)
        except Exception as error:  # noqa: BLE001
            tell("trouble", side="codec", what=f"{type(error).__name__}: {error}"[:200])
            return
        if pdu.direction == Direction.TOWARDS_RECEIVER:
            self.step("dest", self.dest, pdu, link)
        else:
            self.step("source", self.source, pdu, link)

    def turn(self, link):
        """Answers whether there is more to do at once."""
        busy = False
        for _ in range(PDUS_A_TURN):
            if self.source.state == CfdpState.IDLE:
                break
            busy = self.step("source", self.source, None, link)
            if not busy:
                break
        if self.dest.state != CfdpState.IDLE:
            self.step("dest", self.dest, None, link)
        return busy


def main():
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    link.bind(("127.0.0.1", 0))
    link.setblocking(False)
    tell("listening", port=link.getsockname()[1])
    sleeper = selectors.DefaultSelector()
    sleeper.register(link, selectors.EVENT_READ)
    sleeper.register(sys.stdin, selectors.EVENT_READ)
    numbers = SeqCountProvider(16)
    case = None
    pending = b""
    busy = False
    while True:
        for key, _ in sleeper.select(0 if busy else TURN_S):
            if key.fileobj is sys.stdin:
                octets = os.read(sys.stdin.fileno(), 65536)
                if octets == b"":
                    return
                pending += octets
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            wish = json.loads(line)
            if wish["op"] == "begin":
                case = Case(wish, numbers)
                tell("begun")
            elif case is not None:
                case.send(wish)
        if case is None:
            continue
        for _ in range(PDUS_A_TURN):
            try:
                octets, _ = link.recvfrom(65536)
            except BlockingIOError:
                break
            case.hear(octets, link)
        busy = case.turn(link)


if __name__ == "__main__":
    main()
