"""Two cfdp-py handlers in one process, every PDU packed and unpacked between them: the seconds that a file takes.

    python3 cfdp_py_loop.py FILE COPY SEGMENT
"""

import sys
import time
from pathlib import Path

from cfdp_py_peer import Case
from cfdppy import CfdpState
from spacepackets.cfdp.pdu import PduFactory
from spacepackets.seqcount import SeqCountProvider


def case(entity, peer, segment):
    wish = {"to": ["127.0.0.1", 9], "entity": entity, "peer": peer, "class": 2, "closure": False}
    wish |= {"segment": segment, "crc": False, "checksum": "crc32", "immediate": True}
    return Case(wish, SeqCountProvider(16))


def main(file, copy, segment):
    one, two = case(1, 2, segment), case(2, 1, segment)
    source, dest = one.source, two.dest
    one.send({"file": file, "name": copy})
    begun = time.perf_counter()
    while source.state != CfdpState.IDLE or dest.state != CfdpState.IDLE:
        source.state_machine()
        is_silent = True
        while (held := source.get_next_packet()) is not None:
            is_silent = False
            dest.state_machine(PduFactory.from_raw(held.pack()))
        if is_silent:
            dest.state_machine()
        while (answer := dest.get_next_packet()) is not None:
            source.state_machine(PduFactory.from_raw(answer.pack()))
    print(time.perf_counter() - begun)
    assert Path(file).read_bytes() == Path(copy).read_bytes()


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
