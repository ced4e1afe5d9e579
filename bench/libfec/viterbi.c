/*
 * One round of Viterbi decoding by libfec, for bench/viterbi.ts to compare with.
 *
 *   viterbi FRAMES OCTETS MS < SYMBOLS      decodes them all, again and again, for at least MS milliseconds of CPU
 *
 * SYMBOLS are octets, 0 surely a zero and 255 surely a one: FRAMES times those of OCTETS octets, the last of which is
 * zero and ends the frame. Prints bits per microsecond of CPU, and a digest of the octets but the last of each frame.
 */
#include <fec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int frames = atoi(argv[1]), octets = atoi(argv[2]), bits = 8 * octets;
  double least = atof(argv[3]) * 1e3, begun, spent;
  unsigned char *symbols = malloc(2l * bits * frames), *decoded = malloc(octets);
  if (fread(symbols, 2 * bits, frames, stdin) != (size_t)frames) return 3;
  int generators[2] = {V27POLYB, -V27POLYA};
  void *viterbi = create_viterbi27(bits);
  set_viterbi27_polynomial(generators);
  unsigned digest = 2166136261u;
  long done = 0;
  begun = microseconds();
  do {
    for (int frame = 0; frame < frames; frame++) {
      init_viterbi27(viterbi, 0);
      update_viterbi27_blk(viterbi, symbols + 2l * bits * frame, bits - 2);
      chainback_viterbi27(viterbi, decoded, bits - 8, 0);
      if (done > 0) continue;
      for (int i = 0; i < octets - 1; i++) digest = (digest ^ decoded[i]) * 16777619u;
    }
    done += (long)frames * bits;
    spent = microseconds() - begun;
  } while (spent < least);
  printf("%.3f %u\n", done / spent, digest);
  return 0;
}
