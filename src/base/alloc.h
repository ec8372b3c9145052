/* alloc.h: the only door to malloc for src/ (checked by tools/layers.lua).
 *
 * Layer base. Any thread. Tests make the k-th allocation fail; when no countdown is set
 * the check is one relaxed atomic load. mem_free(NULL) is fine. Sizes are bytes; a size of
 * 0 gives a unique pointer that must be freed. Nothing here aborts: NULL means no memory. */
#ifndef MRRC_BASE_ALLOC_H
#define MRRC_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

void *mem_alloc(size_t len) MUST_CHECK;
void *mem_zalloc(size_t len) MUST_CHECK;
void *mem_realloc(void *ptr, size_t len) MUST_CHECK;
/* count * len with an overflow check */
void *mem_array(size_t count, size_t len) MUST_CHECK;
void *mem_dup(const void *ptr, size_t len) MUST_CHECK;
void mem_free(void *ptr);

/* Tests: let `allocations` more succeed, then fail the next one only (or, with for_ever, all
 * from there on). A negative number switches the countdown off. */
void mem_fail_after(long allocations, bool for_ever);
/* Number of allocations that were refused since mem_fail_after was last called. */
long mem_refused(void);
/* Blocks handed out and not yet freed: every test of a life cycle ends with the number it began with. */
long mem_live(void);
/* The gate itself, for allocators outside (Lua's, expat's): false means refuse this one. */
bool mem_may_allocate(void);

#endif
