# The whole build. `make help` lists the targets.
#
# VARIANT=plain|asan|tsan|coverage builds below build/VARIANT, so that the four live side by side; build/mrrc is the plain one.
# Everything in src/ but main.c goes into one archive that the program, the C tests and the fuzz targets link.
# Lua is linked statically where its archive is there (calls into it then need no PLT: docs/DECISIONS.md), and its API is the only
# thing the program exports, so that Lua modules written in C find it.

VARIANT ?= plain
CC      ?= cc
LUA     ?= lua5.4
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   := build/$(VARIANT)
VERSION := $(shell sed -n 's/.*MRRC_VERSION "\(.*\)"/\1/p' src/cli/version.h)

ifeq ($(filter $(VARIANT),plain asan tsan coverage),)
$(error VARIANT is plain, asan, tsan or coverage, not '$(VARIANT)')
endif

# ---- flags ----

WARN := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wwrite-strings -Wvla -Wundef -Wpointer-arith
KIND_plain    := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
KIND_asan     := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
KIND_tsan     := -O1 -fsanitize=thread
KIND_coverage := -O0 --coverage -fprofile-update=atomic
CFLAGS  ?= -g
PACKAGES := $(LUA) libpcre2-8 libutf8proc jansson
comma := ,

# Asked for once, and only when something is compiled: `make deps` may just have installed pkg-config.
once = $(eval $(1) := $(2))$(value $(1))
cc-option = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo $(1))
HARDEN      = $(call once,HARDEN,$(foreach f,-fstack-protector-strong -fstack-clash-protection,$(call cc-option,$(f))))
LIB_CFLAGS  = $(call once,LIB_CFLAGS,$(shell pkg-config --cflags $(PACKAGES)))
LUA_ARCHIVE = $(call once,LUA_ARCHIVE,$(filter /%,$(shell $(CC) -print-file-name=lib$(LUA).a)))
LUA_LIBS    = $(if $(LUA_ARCHIVE),$(LUA_ARCHIVE) -ldl -Wl$(comma)--export-dynamic-symbol=lua*,$(shell pkg-config --libs $(LUA)))
LIBS        = $(call once,LIBS,$(shell pkg-config --libs $(filter-out $(LUA),$(PACKAGES))) $(LUA_LIBS))
TEST_LIBS   = $(call once,TEST_LIBS,$(shell pkg-config --libs cmocka))

COMPILE = $(CC) -std=c11 -D_GNU_SOURCE $(WARN) $(KIND_$(VARIANT)) $(HARDEN) -fPIE -fvisibility=hidden -pthread -Isrc \
	$(LIB_CFLAGS) $(CPPFLAGS) $(CFLAGS)
LINK    = $(CC) $(KIND_$(VARIANT)) $(CFLAGS) -pie -pthread -Wl,-z,relro,-z,now,--as-needed $(LDFLAGS)

# ---- files ----

MAIN     := $(BUILD)/src/cli/main.o
ARCHIVE  := $(BUILD)/libmrrc.a
SRC      := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
OBJ      := $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
MODULES  := $(sort $(wildcard lua/mrrc/*.lua lua/mrrc/*/*.lua))
C_TESTS  := $(patsubst %.c,$(BUILD)/%,$(wildcard spec/c/*_test.c))
C_HELP   := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %_test.c,$(wildcard spec/c/*.c)))
FUZZ     := $(patsubst %.c,$(BUILD)/%,$(wildcard spec/fuzz/fuzz_*.c))
# what ThreadSanitizer is for: the tests that start threads
C_THREAD_TESTS := $(patsubst %.c,$(BUILD)/%,$(shell grep -lE '"(flow|engine)/' spec/c/*_test.c 2>/dev/null))
PROGRAM  := $(BUILD)/mrrc $(if $(filter plain,$(VARIANT)),build/mrrc)

# With one of these goals nothing is compiled before the packages are there; the others never install anything.
NEEDS_DEPS := $(if $(filter deps test demo,$(MAKECMDGOALS)),deps)

# ---- targets for people ----

all: $(PROGRAM)                 ## build the program: build/mrrc

help:                           ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@echo "variables: VARIANT=plain|asan|tsan|coverage CC=gcc|clang PREFIX=$(PREFIX) DESTDIR="

deps:                           ## install the packages that are missing (Debian, Ubuntu), or say which are
	@sh tools/deps.sh $(DEPS_EXTRA)

test: deps tests                ## install what is missing, build, run every test

tests: $(PROGRAM) $(C_TESTS) $(FUZZ) | $(NEEDS_DEPS)  ## every test, with nothing installed
	@$(LUA) tools/run_tests.lua --mrrc $(BUILD)/mrrc --specs spec $(C_TESTS:%=--c %) $(FUZZ:%=--fuzz %)

check-c: $(C_TESTS)             ## the C tests alone
	@$(LUA) tools/run_tests.lua $(C_TESTS:%=--c %)

check-lua: $(PROGRAM)           ## the Lua specs alone (SPECS=spec/x_spec.lua for one)
	@$(LUA) tools/run_tests.lua --mrrc $(BUILD)/mrrc --specs $(or $(SPECS),spec)

fuzz-replay: $(FUZZ)            ## every fuzz target over its corpus, no fuzzer needed
	@$(if $(FUZZ),$(LUA) tools/run_tests.lua $(FUZZ:%=--fuzz %),echo "no fuzz targets in spec/fuzz")

demo: deps $(PROGRAM)           ## a script over the sample books, from nothing
	@sh tools/demo.sh

lint:                           ## layers, luacheck, cppcheck, tidiness
	@sh tools/lint.sh

asan:                           ## every test under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory VARIANT=asan tests

tsan:                           ## the threaded tests under ThreadSanitizer
	@$(MAKE) --no-print-directory VARIANT=tsan thread-tests

coverage:                       ## line coverage of src/ by all tests
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory VARIANT=coverage tests
	@sh tools/coverage.sh build/coverage

bench: $(PROGRAM)               ## gates and tables of speed and memory (BENCH_ARGS=--quick)
	@$(LUA) bench/bench.lua $(BENCH_ARGS)

bench-peers:                    ## fetch the tools that bench compares with, into build/peers
	@sh bench/peers/get.sh

install: $(BUILD)/mrrc          ## into PREFIX, below DESTDIR
	install -D -m 755 $(BUILD)/mrrc $(DESTDIR)$(PREFIX)/bin/mrrc
	install -d $(DESTDIR)$(PREFIX)/share/mrrc/scripts $(DESTDIR)$(PREFIX)/share/mrrc/lua
	install -m 644 $(sort $(wildcard scripts/*.lua)) $(DESTDIR)$(PREFIX)/share/mrrc/scripts
	$(foreach m,$(MODULES),install -D -m 644 $(m) $(DESTDIR)$(PREFIX)/share/mrrc/$(m) && ) true
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/mrrc/LICENSE
	$(if $(wildcard docs/mrrc.1),install -D -m 644 docs/mrrc.1 $(DESTDIR)$(PREFIX)/share/man/man1/mrrc.1)

uninstall:                      ## the reverse, with the same PREFIX and DESTDIR
	rm -f $(DESTDIR)$(PREFIX)/bin/mrrc $(DESTDIR)$(PREFIX)/share/man/man1/mrrc.1
	rm -rf $(DESTDIR)$(PREFIX)/share/mrrc $(DESTDIR)$(PREFIX)/share/doc/mrrc

clean:                          ## remove build/
	rm -rf build

thread-tests: $(PROGRAM) $(C_THREAD_TESTS)
	@$(LUA) tools/run_tests.lua --mrrc $(BUILD)/mrrc --specs spec --tags threads $(C_THREAD_TESTS:%=--c %)

# ---- rules ----

build/mrrc: $(BUILD)/mrrc
	@ln -sfn plain/mrrc $@

$(BUILD)/mrrc: $(MAIN) $(ARCHIVE)
	@echo "ld $@"
	@$(LINK) -o $@ $^ $(LIBS) -lm

# from nothing each time: a source that was deleted must not live on in the archive
$(ARCHIVE): $(OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(C_TESTS): $(BUILD)/spec/c/%: $(BUILD)/spec/c/%.o $(C_HELP) $(ARCHIVE)
	@echo "ld $@"
	@$(LINK) -o $@ $^ $(TEST_LIBS) $(LIBS) -lm

$(FUZZ): $(BUILD)/spec/fuzz/%: $(BUILD)/spec/fuzz/%.o $(BUILD)/spec/fuzz/replay.o $(ARCHIVE)
	@echo "ld $@"
	@$(LINK) -o $@ $^ $(LIBS) -lm

$(BUILD)/embedded.c: tools/embed.lua $(MODULES) $(BUILD)/modules
	$(LUA) tools/embed.lua $@ $(MODULES)

$(BUILD)/embedded.o: $(BUILD)/embedded.c $(BUILD)/flags
	@$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "cc $<"
	@$(COMPILE) -MMD -MP -c -o $@ $<

# These two change only when what they say changes: other flags or another compiler rebuild all, a deleted module is noticed.
$(BUILD)/flags: FORCE | $(NEEDS_DEPS)
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(LINK) $(LIBS)' | cmp -s - $@ || echo '$(COMPILE) $(LINK) $(LIBS)' > $@

$(BUILD)/modules: FORCE | $(NEEDS_DEPS)
	@mkdir -p $(@D)
	@echo '$(MODULES)' | cmp -s - $@ || echo '$(MODULES)' > $@

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*/*.d)

FORCE:
.PHONY: all help deps test tests check-c check-lua fuzz-replay demo lint asan tsan coverage bench bench-peers install \
	uninstall clean thread-tests FORCE
.SECONDARY:
.DELETE_ON_ERROR:
