/* A software bus of two pipes that hands buffers on without a copy, as cFE's does, and OSAL's files on the disk. */
#include "cfe.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PIPES 2
/* Messages that are under way at once, most. */
#define BUFFERS 128

static struct {
  CFE_SB_MsgId_t id;
  CFE_MSG_Message_t *first, *last, *held;
} pipes[PIPES];
static CFE_MSG_Message_t *idle;
static unsigned pipesMade, buffersMade;

CFE_Status_t CFE_MSG_Init(CFE_MSG_Message_t *message, CFE_SB_MsgId_t id, CFE_MSG_Size_t size) {
  message->id = id;
  message->size = size;
  return CFE_SUCCESS;
}

CFE_Status_t CFE_MSG_SetSize(CFE_MSG_Message_t *message, CFE_MSG_Size_t size) {
  message->size = size;
  return CFE_SUCCESS;
}

CFE_Status_t CFE_MSG_GetSize(const CFE_MSG_Message_t *message, CFE_MSG_Size_t *size) {
  *size = message->size;
  return CFE_SUCCESS;
}

CFE_Status_t CFE_MSG_SetMsgTime(CFE_MSG_Message_t *message, CFE_TIME_SysTime_t time) {
  message->time = time;
  return CFE_SUCCESS;
}

CFE_TIME_SysTime_t CFE_TIME_GetTime(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (CFE_TIME_SysTime_t){(uint32)now.tv_sec, (uint32)now.tv_nsec};
}

CFE_Status_t CFE_SB_CreatePipe(CFE_SB_PipeId_t *pipe, uint16 depth, const char *name) {
  (void)depth, (void)name;
  if (pipesMade == PIPES) return OS_ERROR;
  *pipe = pipesMade++;
  return CFE_SUCCESS;
}

CFE_Status_t CFE_SB_DeletePipe(CFE_SB_PipeId_t pipe) {
  (void)pipe;
  return OS_ERROR;
}

CFE_Status_t CFE_SB_SubscribeLocal(CFE_SB_MsgId_t id, CFE_SB_PipeId_t pipe, uint16 depth) {
  (void)depth;
  pipes[pipe].id = id;
  return CFE_SUCCESS;
}

/* All are of one size: CF always asks for its longest PDU. */
CFE_SB_Buffer_t *CFE_SB_AllocateMessageBuffer(size_t size) {
  CFE_MSG_Message_t *message = idle;
  if (message != NULL) idle = message->next;
  else if (buffersMade < BUFFERS && (message = malloc(size)) != NULL) buffersMade += 1;
  return (CFE_SB_Buffer_t *)message;
}

CFE_Status_t CFE_SB_ReleaseMessageBuffer(CFE_SB_Buffer_t *buffer) {
  buffer->Msg.next = idle;
  idle = &buffer->Msg;
  return CFE_SUCCESS;
}

CFE_Status_t CFE_SB_TransmitBuffer(CFE_SB_Buffer_t *buffer, bool counts) {
  (void)counts;
  CFE_MSG_Message_t *message = &buffer->Msg;
  for (int pipe = 0; pipe < PIPES; pipe++) {
    if (pipes[pipe].id != message->id) continue;
    message->next = NULL;
    if (pipes[pipe].first == NULL) pipes[pipe].first = message;
    else pipes[pipe].last->next = message;
    pipes[pipe].last = message;
    return CFE_SUCCESS;
  }
  return CFE_SB_ReleaseMessageBuffer(buffer);
}

/* What was received before is the bus's again. */
CFE_Status_t CFE_SB_ReceiveBuffer(CFE_SB_Buffer_t **buffer, CFE_SB_PipeId_t pipe, int32 timeout) {
  (void)timeout;
  if (pipes[pipe].held != NULL) CFE_SB_ReleaseMessageBuffer((CFE_SB_Buffer_t *)pipes[pipe].held);
  CFE_MSG_Message_t *message = pipes[pipe].held = pipes[pipe].first;
  *buffer = (CFE_SB_Buffer_t *)message;
  if (message == NULL) return OS_ERROR;
  pipes[pipe].first = message->next;
  return CFE_SUCCESS;
}

CFE_Status_t CFE_EVS_SendEvent(uint16 id, uint16 type, const char *form, ...) {
  if (type != CFE_EVS_EventType_ERROR) return CFE_SUCCESS;
  va_list values;
  va_start(values, form);
  fprintf(stderr, "event %u: ", id);
  vfprintf(stderr, form, values);
  fputc('\n', stderr);
  va_end(values);
  return CFE_SUCCESS;
}

int32 OS_OpenCreate(osal_id_t *id, const char *path, int32 flags, int32 access) {
  static const int modes[] = {[OS_READ_ONLY] = O_RDONLY, [OS_WRITE_ONLY] = O_WRONLY, [OS_READ_WRITE] = O_RDWR};
  int mode = modes[access] | (flags & OS_FILE_FLAG_CREATE ? O_CREAT : 0) | (flags & OS_FILE_FLAG_TRUNCATE ? O_TRUNC : 0);
  int file = open(path, mode, 0600);
  if (file < 0) return OS_ERROR;
  *id = (osal_id_t)file + 1;
  return OS_SUCCESS;
}

int32 OS_close(osal_id_t id) { return close((int)id - 1); }
int32 OS_read(osal_id_t id, void *octets, size_t size) { return (int32)read((int)id - 1, octets, size); }
int32 OS_write(osal_id_t id, const void *octets, size_t size) { return (int32)write((int)id - 1, octets, size); }
int32 OS_lseek(osal_id_t id, int32 offset, uint32 whence) { return (int32)lseek((int)id - 1, offset, (int)whence); }
int32 OS_remove(const char *path) { return remove(path); }
int32 OS_rename(const char *from, const char *to) { return rename(from, to); }

int32 OS_FileOpenCheck(const char *path) {
  (void)path;
  return OS_ERROR;
}

int32 OS_DirectoryOpen(osal_id_t *id, const char *path) {
  (void)id, (void)path;
  return OS_ERROR;
}

int32 OS_DirectoryRead(osal_id_t id, os_dirent_t *entry) {
  (void)id, (void)entry;
  return OS_ERROR;
}

int32 OS_DirectoryClose(osal_id_t id) {
  (void)id;
  return OS_ERROR;
}

int32 OS_CountSemGetIdByName(osal_id_t *id, const char *name) {
  (void)id, (void)name;
  return OS_ERROR;
}

int32 OS_CountSemTimedWait(osal_id_t id, uint32 ms) {
  (void)id, (void)ms;
  return OS_ERROR;
}
