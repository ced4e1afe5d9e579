/*
 * CF sends itself a file of 64 MiB, from its first channel to its second, for bench/cfdp.ts to compare with.
 *
 *   loop 2 SEGMENT      in class 2, with so many octets of the file in a PDU
 *
 * The file is read from the disk, and its copy is written there, read back for its checksum and compared with it here
 * after all. From the request to the acknowledged Finished counts; prints the median of three, in MB per second of CPU.
 */
#include "cf_app.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define OCTETS (64 << 20)
#define ROUNDS 3
/* A transfer takes as many wakeups as it has PDUs, if each sent one. */
#define WAKEUPS_MAX (OCTETS / 64)
#define MESSAGES_PER_WAKEUP 16

CF_AppData_t CF_AppData;

static char from[] = "from", to[] = "to", folder[] = "downpour-bench-cf-XXXXXX";
static uint8 source[OCTETS], copy[OCTETS];

static void fail(const char *what) {
  fprintf(stderr, "CF: %s\n", what);
  exit(1);
}

static void configure(long segment) {
  static CF_ConfigTable_t table;
  if (segment < 1 || segment > 4096) fail("the segment is 1 to 4096 octets long");
  table.ticks_per_second = 100;
  table.rx_crc_calc_bytes_per_wakeup = OCTETS;
  table.local_eid = 1;
  table.ack_timer_s = table.nak_timer_s = table.inactivity_timer_s = 3600;
  table.ack_limit = table.nak_limit = 4;
  table.outgoing_file_chunk_size = (uint16)segment;
  for (int channel = 0; channel < 2; channel++) {
    table.chan[channel].max_outgoing_messages_per_wakeup = MESSAGES_PER_WAKEUP;
    table.chan[channel].rx_max_messages_per_wakeup = MESSAGES_PER_WAKEUP;
    table.chan[channel].mid_input = 0x1800 + channel;
    table.chan[channel].mid_output = 0x1801 - channel;
    table.chan[channel].dequeue_enabled = 1;
  }
  CF_AppData.config_table = &table;
  if (CF_CFDP_InitEngine() != CFE_SUCCESS) fail("the engine does not start");
}

static bool isUnderWay(void) {
  CF_Channel_t *sender = &CF_AppData.engine.channels[0], *receiver = &CF_AppData.engine.channels[1];
  return sender->qs[CF_QueueIdx_PEND] != NULL || sender->qs[CF_QueueIdx_TXA] != NULL ||
         sender->qs[CF_QueueIdx_TXW] != NULL || receiver->qs[CF_QueueIdx_RX] != NULL;
}

static double cpuSeconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Seconds of CPU that a transfer takes. */
static double transfer(void) {
  double begun = cpuSeconds();
  if (CF_CFDP_TxFile(from, to, CF_CFDP_CLASS_2, 1, 0, 0, 1) != CFE_SUCCESS) fail("the request is refused");
  for (int wakeups = 0; isUnderWay(); wakeups++) {
    if (wakeups > WAKEUPS_MAX) fail("the transfer does not end");
    CF_CFDP_CycleEngine();
  }
  return cpuSeconds() - begun;
}

static void writeSource(void) {
  for (uint32 i = 0; i < OCTETS; i++) source[i] = (uint8)(i * 31 + (i >> 9));
  FILE *file = fopen(from, "wb");
  if (file == NULL || fwrite(source, 1, OCTETS, file) != OCTETS || fclose(file) != 0) fail("cannot write the file");
}

static void compare(void) {
  FILE *file = fopen(to, "rb");
  if (file == NULL || fread(copy, 1, OCTETS, file) != OCTETS || fgetc(file) != EOF) fail("the copy has another length");
  if (memcmp(source, copy, OCTETS) != 0) fail("the copy is another file");
  fclose(file);
}

static void leave(void) {
  remove(from);
  remove(to);
  if (chdir("..") == 0) rmdir(folder);
}

static int ascending(const void *a, const void *b) { return (*(const double *)a > *(const double *)b) * 2 - 1; }

int main(int argc, char **argv) {
  if (argc != 3 || strcmp(argv[1], "2") != 0) fail("usage: loop 2 SEGMENT");
  const char *parent = getenv("TMPDIR");
  if (chdir(parent == NULL ? "/tmp" : parent) != 0 || mkdtemp(folder) == NULL || chdir(folder) != 0)
    fail("cannot make a folder");
  atexit(leave);
  writeSource();
  configure(atol(argv[2]));
  double seconds[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    remove(to);
    seconds[round] = transfer();
    compare();
  }
  qsort(seconds, ROUNDS, sizeof *seconds, ascending);
  printf("%.1f\n", OCTETS / seconds[ROUNDS / 2] / 1e6);
  return 0;
}
