"""Frames to bits or symbols with the encoders of GNU Radio and gr-satellites.

    python3 gr_encode.py FRAMES BITS --frame-octets 1115 --interleave 5 [--convolutional 79 -109] ...

FRAMES has frames one behind the other. BITS gets one octet a bit, 0 or 1. Reed-Solomon, the sequence, the
differential code and the convolutional code are theirs; only the marker in front of each codeblock is put here.
"""

import argparse
import time

import numpy
import pmt
from gnuradio import blocks, digital, fec, gr
from satellites import encode_rs

MARKER = numpy.unpackbits(numpy.frombuffer(bytes.fromhex("1acffc1d"), dtype=numpy.uint8))
LONGEST_S = 40
BITS = 840
"""Bits that are coded at once: whole periods of every puncturing."""
TAIL = 2
"""Blocks of zeros behind the last bit, for the last is not coded until another comes."""


class Kept(gr.basic_block):
    def __init__(self):
        gr.basic_block.__init__(self, "kept", None, None)
        self.octets = []
        self.message_port_register_in(pmt.intern("in"))
        self.set_msg_handler(pmt.intern("in"), self.keep)

    def keep(self, message):
        self.octets.append(bytes(pmt.u8vector_elements(pmt.cdr(message))))


def through(block, pieces):
    """Each piece through a block of messages."""
    graph, kept = gr.top_block(), Kept()
    graph.msg_connect((block, "out"), (kept, "in"))
    graph.start()
    for piece in pieces:
        block.to_basic_block()._post(
            pmt.intern("in"), pmt.cons(pmt.PMT_NIL, pmt.init_u8vector(len(piece), list(piece)))
        )
    begun = time.monotonic()
    while len(kept.octets) < len(pieces) and time.monotonic() - begun < LONGEST_S:
        time.sleep(0.02)
    graph.stop()
    graph.wait()
    if len(kept.octets) != len(pieces):
        raise SystemExit(f"{len(kept.octets)} of {len(pieces)} pieces came")
    return kept.octets


def streamed(block, bits):
    """Bits through a block of streams."""
    graph = gr.top_block()
    sink = blocks.vector_sink_b()
    graph.connect(blocks.vector_source_b(bits.tolist()), block, sink)
    graph.run()
    return numpy.array(sink.data(), dtype=numpy.uint8)


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("frames")
    asked.add_argument("bits")
    asked.add_argument("--frame-octets", type=int, required=True)
    asked.add_argument("--interleave", type=int, required=True)
    asked.add_argument("--basis", default="dual")
    asked.add_argument("--plain", action="store_true", help="not randomized")
    asked.add_argument("--nrz-m", action="store_true")
    asked.add_argument("--convolutional", type=int, nargs=2, help="polynomials, negative: inverted")
    asked.add_argument("--puncture", default="11", help="which symbols are sent, 1 or 0")
    wish = asked.parse_args()
    with open(wish.frames, "rb") as file:
        all_frames = file.read()
    length = wish.frame_octets
    frames = [all_frames[at : at + length] for at in range(0, len(all_frames), length)]
    if wish.interleave > 0:
        frames = through(encode_rs(wish.basis == "dual", wish.interleave), frames)
    bits = numpy.unpackbits(numpy.frombuffer(b"".join(frames), dtype=numpy.uint8))
    block_bits = 8 * len(frames[0])
    if not wish.plain:
        bits = streamed(digital.additive_scrambler_bb(0xA9, 0xFF, 7, block_bits), bits)
    blocks_of_bits = bits.reshape(-1, block_bits)
    markers = numpy.tile(MARKER, (len(blocks_of_bits), 1))
    line = numpy.hstack([markers, blocks_of_bits]).reshape(-1)
    if wish.nrz_m:
        line = streamed(digital.diff_encoder_bb(2), line)
    if wish.convolutional is not None:
        code = fec.cc_encoder_make(BITS, 7, 2, wish.convolutional, 0, fec.CC_STREAMING)
        coder = fec.extended_encoder(code, threading=None, puncpat=wish.puncture)
        rest = numpy.zeros(-len(line) % BITS + TAIL * BITS, dtype=numpy.uint8)
        line = streamed(coder, numpy.hstack([line, rest]))
    line.tofile(wish.bits)


main()
