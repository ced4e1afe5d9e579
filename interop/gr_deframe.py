"""The CCSDS deframers of gr-satellites, in a flowgraph that reads a file of soft symbols and writes the frames.

    python3 gr_deframe.py SYMBOLS FRAMES --frame-octets 1115 --interleave 5 [--convolutional CCSDS] ...

SYMBOLS has 32-bit floats, positive for a one, and no clock to be found. FRAMES has the frames that come out, in
order, one behind the other; how many they are, how long each is, and after how many seconds the last of them came
is written to standard output, as JSON.
"""

import argparse
import json
import os
import time

import pmt
from gnuradio import blocks, gr
from satellites.components.deframers import ccsds_concatenated_deframer, ccsds_rs_deframer

# Debian's gr-satellites 4.4 names the type of GNU Radio 3.9; 3.10 has it elsewhere.
if not hasattr(blocks, "byte_t"):
    blocks.byte_t = gr.types.byte_t

QUIET_S = 0.7
"""No frame for so long: none will come. The flowgraph goes on with noise-free silence meanwhile."""
LONGEST_S = 40
SILENCE_RATE = 1_000_000


class Frames(gr.basic_block):
    def __init__(self):
        gr.basic_block.__init__(self, "frames", None, None)
        self.octets = []
        self.message_port_register_in(pmt.intern("in"))
        self.set_msg_handler(pmt.intern("in"), self.keep)

    def keep(self, message):
        self.octets.append(bytes(pmt.u8vector_elements(pmt.cdr(message))))


def deframer(wish):
    settings = {
        "frame_size": wish.frame_octets,
        "precoding": "differential" if wish.nrz_m else None,
        "rs_en": wish.interleave > 0,
        "rs_basis": wish.basis,
        "rs_interleaving": max(1, wish.interleave),
        "scrambler": "none" if wish.plain else "CCSDS",
        "syncword_threshold": wish.threshold,
        "options": argparse.Namespace(syncword_threshold=wish.threshold, verbose_rs=False),
    }
    if wish.convolutional is None:
        return ccsds_rs_deframer(**settings)
    return ccsds_concatenated_deframer(convolutional=wish.convolutional, **settings)


def run(wish):
    symbols = os.path.getsize(wish.symbols) // gr.sizeof_float
    graph = gr.top_block()
    source = blocks.file_source(gr.sizeof_float, wish.symbols, False)
    silence = blocks.throttle(gr.sizeof_float, SILENCE_RATE)
    both = blocks.stream_mux(gr.sizeof_float, [symbols, 2**31 - 1])
    frames, found = Frames(), deframer(wish)
    graph.connect(source, (both, 0))
    graph.connect(blocks.null_source(gr.sizeof_float), silence, (both, 1))
    graph.connect(both, found)
    graph.msg_connect((found, "out"), (frames, "in"))
    begun = changed = time.monotonic()
    seen = 0
    graph.start()
    while time.monotonic() - changed < QUIET_S and time.monotonic() - begun < LONGEST_S:
        time.sleep(0.05)
        if len(frames.octets) > seen or both.nitems_written(0) < symbols:
            seen, changed = len(frames.octets), time.monotonic()
    graph.stop()
    graph.wait()
    return frames.octets, changed - begun


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("symbols")
    asked.add_argument("frames")
    asked.add_argument("--frame-octets", type=int, required=True)
    asked.add_argument("--interleave", type=int, required=True)
    asked.add_argument("--basis", default="dual")
    asked.add_argument("--plain", action="store_true", help="not randomized")
    asked.add_argument("--nrz-m", action="store_true")
    asked.add_argument("--convolutional")
    asked.add_argument("--threshold", type=int, default=4)
    wish = asked.parse_args()
    frames, seconds = run(wish)
    with open(wish.frames, "wb") as out:
        out.write(b"".join(frames))
    lengths = sorted({len(frame) for frame in frames})
    print(json.dumps({"frames": len(frames), "lengths": lengths, "seconds": seconds}))


main()
