/* status.h: what a function says when the environment fails it.
 *
 * Layer base. Three kinds of trouble travel three roads (docs/ARCHITECTURE.md): faults of
 * the data are struct fault (base/fault.h), bugs are assert/abort, and everything the
 * environment does to us (memory, disk, pipes) is an enum status, returned up the call
 * chain and never dropped: the attribute makes the compiler complain. */
#ifndef MRRC_BASE_STATUS_H
#define MRRC_BASE_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum status {
	STATUS_OK = 0,
	STATUS_MEMORY,  /* an allocation failed or a limit given at birth was reached */
	STATUS_IO,      /* read, write, open, sync or rename failed; errno kept by the caller */
	STATUS_PIPE,    /* the reader of our output is gone: not a fault, a wish to stop */
	STATUS_STOPPED, /* another thread or a signal asked for the end */
	STATUS_INVALID, /* a text given by the user (path, expression, option) is wrong */
};

/* Forward anything but success to the caller. */
#define TRY(call)                                                                              \
	do {                                                                                   \
		enum status try_status_ = (call);                                              \
		if (try_status_ != STATUS_OK)                                                  \
			return try_status_;                                                    \
	} while (0)

#endif
