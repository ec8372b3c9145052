/* outputs.c: a map from (declaration, key) to a file, with the least recently used ones suspended.
 *
 * The path is the declaration's template with {key} filled in by a name made safe (agg_safe_key); two keys that give one name
 * are an error, since their records would be mixed without a word. */
#include "engine/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/alloc.h"

struct file {
	size_t decl;
	struct span key;    /* as the script gave it, owned */
	char *path;         /* owned */
	struct sink *sink;
	bool open;
	uint64_t used;      /* stamp of the last write */
	uint64_t hash;
};

struct outputs {
	const struct agg_decls *decls;
	const struct source *source;
	const struct engine_config *config;
	struct file *file;
	size_t count, cap;
	uint32_t *slot;     /* place in file + 1; 0: free */
	size_t slots;       /* a power of two */
	size_t open;
	uint64_t stamp, bytes;
};

void outputs_of_options(const struct engine_config *config, const char *path[OPTION_FILES])
{
	path[0] = config->output;
	path[1] = config->reject_path;
	path[2] = config->errors_path;
	path[3] = config->agg_path;
	path[4] = config->stats_path;
}

bool outputs_hit_script(const struct engine_config *config, const char *path)
{
	const struct script_program *p = config->program;
	struct stat there;

	for (size_t i = 0; p && i < p->piece_count; i++)
		if (p->piece[i].kind == PIECE_FILE && stat(p->piece[i].name, &there) == 0 &&
		    sink_same_file(path, there.st_dev, there.st_ino))
			return true;
	return false;
}

struct outputs *outputs_new(const struct agg_decls *decls, const struct source *source, const struct engine_config *config)
{
	struct outputs *o = mem_zalloc(sizeof *o);

	if (o)
		*o = (struct outputs){ .decls = decls, .source = source, .config = config };
	return o;
}

static void forget_files(struct outputs *o)
{
	for (size_t i = 0; i < o->count; i++) {
		sink_discard(o->file[i].sink);
		mem_free((void *)(uintptr_t)o->file[i].key.ptr);
		mem_free(o->file[i].path);
	}
	mem_free(o->file);
	mem_free(o->slot);
}

void outputs_discard(struct outputs *o)
{
	if (!o)
		return;
	forget_files(o);
	mem_free(o);
}

static uint64_t hash_of(size_t decl, struct span key)
{
	uint64_t h = 0xcbf29ce484222325u ^ decl; /* FNV-1a */

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ key.ptr[i]) * 0x100000001b3u;
	return h;
}

static struct file *find(struct outputs *o, size_t decl, struct span key, uint64_t hash)
{
	if (o->slots == 0)
		return NULL;
	for (size_t i = hash & (o->slots - 1); o->slot[i]; i = (i + 1) & (o->slots - 1)) {
		struct file *f = &o->file[o->slot[i] - 1];

		if (f->hash == hash && f->decl == decl && span_eq(f->key, key))
			return f;
	}
	return NULL;
}

static void enter(struct outputs *o, size_t place)
{
	size_t i = o->file[place].hash & (o->slots - 1);

	while (o->slot[i])
		i = (i + 1) & (o->slots - 1);
	o->slot[i] = (uint32_t)place + 1;
}

static enum status make_room(struct outputs *o)
{
	if (o->count < o->cap)
		return STATUS_OK;

	size_t cap = o->cap ? o->cap * 2 : 16;
	struct file *grown = mem_realloc(o->file, cap * sizeof *grown);

	if (!grown)
		return STATUS_MEMORY;
	o->file = grown;

	uint32_t *slot = mem_zalloc(cap * 2 * sizeof *slot);

	if (!slot)
		return STATUS_MEMORY;
	mem_free(o->slot);
	o->slot = slot;
	o->slots = cap * 2;
	o->cap = cap;
	for (size_t i = 0; i < o->count; i++)
		enter(o, i);
	return STATUS_OK;
}

/* The template with its braces filled in, NUL-ended. */
static enum status make_path(const struct agg_decl *d, struct span key, struct buf *out)
{
	for (const char *p = d->path; *p;) {
		if (strncmp(p, "{key}", 5) == 0) {
			TRY(agg_safe_key(key, out));
			p += 5;
		} else if (strncmp(p, "{part}", 6) == 0 || strncmp(p, "{parts}", 7) == 0) {
			TRY(buf_add_byte(out, '1'));
			p += p[5] == 's' ? 7 : 6;
		} else {
			TRY(buf_add_byte(out, (uint8_t)*p++));
		}
	}
	return buf_add_byte(out, '\0');
}

static enum status refuse(struct output_problem *why, const char *what, const char *path)
{
	why->what = what;
	why->error = 0;
	why->usage = true;
	snprintf(why->path, sizeof why->path, "%s", path);
	return STATUS_INVALID;
}

static enum status failed(struct output_problem *why, enum status st, const char *what, const char *path)
{
	why->what = what;
	why->error = errno;
	why->usage = false;
	snprintf(why->path, sizeof why->path, "%s", path);
	return st;
}

static enum status check_path(struct outputs *o, const char *path, struct output_problem *why)
{
	const char *given[OPTION_FILES];

	for (size_t i = 0; i < o->count; i++)
		if (strcmp(o->file[i].path, path) == 0)
			return refuse(why, "two keys or two declarations give one file name", path);
	outputs_of_options(o->config, given);
	for (size_t i = 0; i < OPTION_FILES; i++)
		if (given[i] && sink_same_target(given[i], path))
			return refuse(why, "the output of the script is also one of the command line", path);
	for (size_t i = 0; i < source_count(o->source); i++) {
		const struct source_info *info = source_info(o->source, i);

		if (info->regular && sink_same_file(path, info->dev, info->ino))
			return refuse(why, "the output of the script is also an input", path);
	}
	if (outputs_hit_script(o->config, path))
		return refuse(why, "the output of the script is the script itself", path);
	return STATUS_OK;
}

static enum status begin_file(struct outputs *o, struct file *f)
{
	const struct agg_decl *d = &o->decls->decl[f->decl];
	struct buf head;

	if (d->kind != AGG_TABLE)
		return STATUS_OK;
	buf_init(&head, BUF_NO_LIMIT);
	enum status st = table_header(d, &head);

	if (st == STATUS_OK)
		st = sink_write(f->sink, head.ptr, head.len);
	buf_release(&head);
	return st;
}

/* Suspend the file that was not written for the longest time. */
static enum status close_oldest(struct outputs *o, struct output_problem *why)
{
	struct file *oldest = NULL;

	for (size_t i = 0; i < o->count; i++)
		if (o->file[i].open && (!oldest || o->file[i].used < oldest->used))
			oldest = &o->file[i];
	if (!oldest)
		return STATUS_OK;
	oldest->open = false;
	o->open--;

	enum status st = sink_suspend(oldest->sink);

	return st == STATUS_OK ? st : failed(why, st, "cannot write", oldest->path);
}

static enum status add_file(struct outputs *o, size_t decl, struct span key, uint64_t hash, char *path,
			    struct output_problem *why)
{
	struct file f = { .decl = decl, .hash = hash, .path = path };

	TRY(make_room(o));
	f.key = span_of(mem_dup(key.ptr, key.len), key.len);
	if (!f.key.ptr)
		return STATUS_MEMORY;

	enum status st = sink_open(&f.sink, path, !o->config->no_sync);

	if (st != STATUS_OK) {
		st = failed(why, st, "cannot create", path);
		mem_free((void *)(uintptr_t)f.key.ptr);
		return st;
	}
	f.open = true;
	o->open++;
	o->file[o->count++] = f;
	enter(o, o->count - 1);
	st = begin_file(o, &o->file[o->count - 1]);
	return st == STATUS_OK ? st : failed(why, st, "cannot write", path);
}

static size_t max_open(const struct outputs *o, size_t decl)
{
	return o->decls->decl[decl].max_open ? o->decls->decl[decl].max_open : 64;
}

static enum status new_file(struct outputs *o, size_t decl, struct span key, uint64_t hash, struct output_problem *why)
{
	struct buf text;
	char *path = NULL;

	buf_init(&text, 4096);
	enum status st = make_path(&o->decls->decl[decl], key, &text);

	if (st == STATUS_OK && !(path = mem_dup(text.ptr, text.len)))
		st = STATUS_MEMORY;
	buf_release(&text);
	TRY(st);
	st = check_path(o, path, why);
	while (st == STATUS_OK && o->open >= max_open(o, decl))
		st = close_oldest(o, why);

	size_t before = o->count;

	if (st == STATUS_OK)
		st = add_file(o, decl, key, hash, path, why);
	if (o->count == before)
		mem_free(path);
	return st;
}

enum status outputs_write(struct outputs *o, size_t i, struct span key, struct span bytes, struct output_problem *why)
{
	uint64_t hash = hash_of(i, key);
	struct file *f = find(o, i, key, hash);

	if (!f) {
		TRY(new_file(o, i, key, hash, why));
		f = &o->file[o->count - 1];
	}
	if (!f->open) {
		while (o->open >= max_open(o, i))
			TRY(close_oldest(o, why));
		f->open = true;
		o->open++;
	}
	f->used = ++o->stamp;
	o->bytes += bytes.len;

	enum status st = sink_write(f->sink, bytes.ptr, bytes.len);

	return st == STATUS_OK ? st : failed(why, st, "cannot write", f->path);
}

/* A table without rows is a file with its header: other programs expect it to be there. */
static enum status add_empty_tables(struct outputs *o, struct output_problem *why)
{
	for (size_t i = 0; i < o->decls->count; i++) {
		const struct agg_decl *d = &o->decls->decl[i];

		if (d->kind != AGG_TABLE || !d->path || strstr(d->path, "{key}"))
			continue;
		TRY(outputs_write(o, i, span_of(NULL, 0), span_of(NULL, 0), why));
	}
	return STATUS_OK;
}

enum status outputs_flush(struct outputs *o, struct output_problem *why)
{
	TRY(add_empty_tables(o, why));
	for (size_t i = 0; i < o->count; i++) {
		enum status st = sink_flush(o->file[i].sink);

		if (st != STATUS_OK)
			return failed(why, st, "cannot write", o->file[i].path);
	}
	return STATUS_OK;
}

enum status outputs_commit(struct outputs *o, struct output_problem *why)
{
	for (size_t i = 0; i < o->count; i++) {
		enum status st = sink_commit(o->file[i].sink);

		o->file[i].sink = NULL;
		if (st != STATUS_OK)
			return failed(why, st, "cannot write", o->file[i].path);
	}
	return STATUS_OK;
}

uint64_t outputs_bytes(const struct outputs *o)
{
	return o->bytes;
}
