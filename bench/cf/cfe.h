/*
 * What CF's engine asks of cFE and OSAL, and no more of them: a software bus between its two channels, files of the
 * disk, the clock. In cfe.c; what a single transfer of one file does not need is refused there.
 */
#ifndef CFE_H
#define CFE_H
#include "common_types.h"
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#define CFE_SUCCESS 0
typedef int32 CFE_Status_t;

/* Messages. Both headers are one here, so that what a channel sends is what the other receives. */
typedef uint32 CFE_SB_MsgId_Atom_t;
typedef CFE_SB_MsgId_Atom_t CFE_SB_MsgId_t;
typedef size_t CFE_MSG_Size_t;
typedef struct {
  uint32 Seconds, Subseconds;
} CFE_TIME_SysTime_t;
typedef struct CFE_MSG_Message {
  struct CFE_MSG_Message *next;
  CFE_MSG_Size_t size;
  CFE_TIME_SysTime_t time;
  CFE_SB_MsgId_t id;
} CFE_MSG_Message_t;
typedef struct {
  CFE_MSG_Message_t Msg;
} CFE_SB_Buffer_t, CFE_MSG_CommandHeader_t, CFE_MSG_TelemetryHeader_t;

static inline CFE_SB_MsgId_t CFE_SB_ValueToMsgId(CFE_SB_MsgId_Atom_t value) { return value; }
CFE_Status_t CFE_MSG_Init(CFE_MSG_Message_t *message, CFE_SB_MsgId_t id, CFE_MSG_Size_t size);
CFE_Status_t CFE_MSG_SetSize(CFE_MSG_Message_t *message, CFE_MSG_Size_t size);
CFE_Status_t CFE_MSG_GetSize(const CFE_MSG_Message_t *message, CFE_MSG_Size_t *size);
CFE_Status_t CFE_MSG_SetMsgTime(CFE_MSG_Message_t *message, CFE_TIME_SysTime_t time);
CFE_TIME_SysTime_t CFE_TIME_GetTime(void);

/* The software bus. */
#define CFE_SB_POLL 0
typedef uint32 CFE_SB_PipeId_t;
CFE_Status_t CFE_SB_CreatePipe(CFE_SB_PipeId_t *pipe, uint16 depth, const char *name);
CFE_Status_t CFE_SB_DeletePipe(CFE_SB_PipeId_t pipe);
CFE_Status_t CFE_SB_SubscribeLocal(CFE_SB_MsgId_t id, CFE_SB_PipeId_t pipe, uint16 depth);
CFE_SB_Buffer_t *CFE_SB_AllocateMessageBuffer(size_t size);
CFE_Status_t CFE_SB_ReleaseMessageBuffer(CFE_SB_Buffer_t *buffer);
CFE_Status_t CFE_SB_TransmitBuffer(CFE_SB_Buffer_t *buffer, bool counts);
CFE_Status_t CFE_SB_ReceiveBuffer(CFE_SB_Buffer_t **buffer, CFE_SB_PipeId_t pipe, int32 timeout);

/* Tables, events, and the performance log, which is off. */
typedef int16_t CFE_TBL_Handle_t;
enum { CFE_EVS_EventType_INFORMATION = 2, CFE_EVS_EventType_ERROR = 3 };
CFE_Status_t CFE_EVS_SendEvent(uint16 id, uint16 type, const char *form, ...);
#define CFE_ES_PerfLogEntry(id) ((void)(id))
#define CFE_ES_PerfLogExit(id) ((void)(id))

/* OSAL: an id of a file is its descriptor plus one, for 0 is none. */
#define OS_SUCCESS 0
#define OS_ERROR (-1)
#define OS_OBJECT_ID_UNDEFINED 0
#define OS_MAX_API_NAME 20
#define OS_MAX_FILE_NAME 20
#define OS_MAX_PATH_LEN 64
enum { OS_FILE_FLAG_NONE = 0, OS_FILE_FLAG_CREATE = 1, OS_FILE_FLAG_TRUNCATE = 2 };
enum { OS_READ_ONLY, OS_WRITE_ONLY, OS_READ_WRITE };
enum { OS_SEEK_SET = SEEK_SET, OS_SEEK_CUR = SEEK_CUR, OS_SEEK_END = SEEK_END };
typedef uint32 osal_id_t;
typedef struct {
  char FileName[OS_MAX_PATH_LEN];
} os_dirent_t;
#define OS_DIRENTRY_NAME(entry) ((entry).FileName)

static inline bool OS_ObjectIdDefined(osal_id_t id) { return id != OS_OBJECT_ID_UNDEFINED; }
int32 OS_OpenCreate(osal_id_t *id, const char *path, int32 flags, int32 access);
int32 OS_close(osal_id_t id);
int32 OS_read(osal_id_t id, void *octets, size_t size);
int32 OS_write(osal_id_t id, const void *octets, size_t size);
int32 OS_lseek(osal_id_t id, int32 offset, uint32 whence);
int32 OS_remove(const char *path);
int32 OS_rename(const char *from, const char *to);
int32 OS_FileOpenCheck(const char *path);
int32 OS_DirectoryOpen(osal_id_t *id, const char *path);
int32 OS_DirectoryRead(osal_id_t id, os_dirent_t *entry);
int32 OS_DirectoryClose(osal_id_t id);
int32 OS_CountSemGetIdByName(osal_id_t *id, const char *name);
int32 OS_CountSemTimedWait(osal_id_t id, uint32 ms);

#endif
