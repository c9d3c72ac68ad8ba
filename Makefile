# s_apps: s_client and s_server for TLS, generated from one spec. `make help` lists what there is to make.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format
CLANG_TIDY ?= clang-tidy
SPEC_DIR ?= opts
PROVE ?= prove
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' $(1) $(2))

# A python3 that has Jinja2 and PyYAML may stand behind one in PATH that lacks them.
PYTHON ?= $(shell for p in $$(which -a python3 2>/dev/null) /usr/bin/python3 /usr/local/bin/python3; do \
	$$p -c 'import jinja2, yaml' 2>/dev/null && echo $$p && break; done)
ifeq ($(PYTHON),)
need_python = $(error no python3 with Jinja2 and PyYAML was found; install the packages python3-jinja2 and python3-yaml)
endif
codegen = $(need_python)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m codegen --spec $(SPEC_DIR)

ifdef OPENSSL_PREFIX
SSL_CFLAGS := -I$(OPENSSL_PREFIX)/include
SSL_LIBDIR := $(firstword $(wildcard $(OPENSSL_PREFIX)/lib64/libssl.so $(OPENSSL_PREFIX)/lib64/libssl.a \
	$(OPENSSL_PREFIX)/lib/libssl.so $(OPENSSL_PREFIX)/lib/libssl.a $(OPENSSL_PREFIX)/lib/*/libssl.so))
SSL_LIBDIR := $(patsubst %/,%,$(dir $(SSL_LIBDIR)))
SSL_LIBS := -L$(SSL_LIBDIR) -Wl,-rpath,$(SSL_LIBDIR) -lssl -lcrypto
else
SSL_CFLAGS := $(shell $(PKG_CONFIG) --cflags libssl libcrypto 2>/dev/null)
SSL_LIBS := $(shell $(PKG_CONFIG) --libs libssl libcrypto 2>/dev/null || echo -lssl -lcrypto)
endif

WARNINGS := -Wall -Wextra -Wpedantic -Werror
CPPFLAGS_ALL = -D_GNU_SOURCE -I$(BUILD)/gen -Ilib -Iapps $(SSL_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(WARNINGS) $(CFLAGS)

GEN := $(BUILD)/gen
STAMP := $(BUILD)/gen.stamp
PROGRAMS := s_client s_server
GEN_SOURCES := $(PROGRAMS:%=$(GEN)/%_table.c) $(PROGRAMS:%=$(GEN)/%_main.c) $(GEN)/options_json.c $(GEN)/commands.c
SOURCES := $(sort $(shell find apps lib -name '*.c'))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o) $(GEN_SOURCES:$(GEN)/%.c=$(BUILD)/obj/gen/%.o)
SPEC_FILES := $(shell find $(SPEC_DIR) -name '*.yaml')
CODEGEN := $(shell find codegen -name '*.py' -o -name '*.j2') $(wildcard pod/*)

.PHONY: all gen check obligations clean help
all: $(BUILD)/bin/s_apps $(PROGRAMS:%=$(BUILD)/bin/%)  ## build everything

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo
	@echo '  BUILD=dir CC= CFLAGS= LDFLAGS= OPENSSL_PREFIX=dir PREFIX=dir DESTDIR=dir V=1'

$(BUILD)/bin/s_apps: $(OBJECTS)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $(OBJECTS) $(SSL_LIBS) $(LDLIBS)

$(PROGRAMS:%=$(BUILD)/bin/%): $(BUILD)/bin/s_apps
	$(Q)ln -sf s_apps $@

# The flags are a prerequisite, so that a build with others is a whole build.
FLAGS_FILE := $(BUILD)/flags
FLAGS_TEXT := $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) $(SSL_LIBS)
ifneq ($(file <$(FLAGS_FILE)),$(FLAGS_TEXT))
$(shell mkdir -p $(BUILD))
$(file >$(FLAGS_FILE),$(FLAGS_TEXT))
endif

# What the spec becomes. The generator writes a file only when it changes, so a changed record rebuilds what reads it.
gen: $(STAMP)  ## write everything that follows from opts/
$(GEN_SOURCES): $(STAMP) ;
$(STAMP): $(BUILD)/features.list $(SPEC_FILES) $(CODEGEN)
	$(call say,GEN,$(GEN))
	$(Q)$(codegen) gen --features $(BUILD)/features.list --out $(GEN)
	@touch $@

# What this build has: the preprocessor's answers, renewed with the flags and replaced only when one changes.
$(BUILD)/features.list: $(BUILD)/features.stamp ;
$(BUILD)/features.stamp: $(BUILD)/probe.stamp $(FLAGS_FILE)
	$(Q)$(CC) -E $(CPPFLAGS_ALL) -I$(BUILD)/probe $(BUILD)/probe/features_probe.c > $@.all
	$(Q)grep '^sapp_feature ' $@.all > $@.new; rm $@.all
	$(Q)cmp -s $@.new $(BUILD)/features.list || cp $@.new $(BUILD)/features.list; rm $@.new
	@touch $@

$(BUILD)/probe.stamp: $(SPEC_DIR)/features.yaml $(CODEGEN)
	$(Q)$(codegen) features --out $(BUILD)/probe
	@touch $@

$(BUILD)/obj/gen/%.o: $(GEN)/%.c $(FLAGS_FILE)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(BUILD)/probe $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.o: %.c $(FLAGS_FILE) | $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(BUILD)/probe $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# A recipe finds the build by BUILD; a make that it runs is not a part of this one.
check: all  ## build, see to the packages that the tests need, and run every recipe
	@test/needs
	$(Q)env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS BUILD=$(abspath $(BUILD)) CC='$(CC)' PYTHON='$(PYTHON)' \
		$(PROVE) -j$(JOBS) -I test/lib --recurse test/recipes $(GEN)/test

obligations: all  ## change one fact at a time and want a test to fail: SPEC=real SAMPLE=n SEED=n for the whole spec
	$(Q)PYTHONDONTWRITEBYTECODE=1 BUILD=$(abspath $(BUILD)) CC='$(CC)' $(PYTHON) -m codegen.obligations \
		--build $(BUILD) --spec $(or $(SPEC),fixture) --jobs $(JOBS) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

# Benchmarks: every figure is a ratio to a peer in the same run. ONLY=name runs one, ROUNDS=n how often.
BENCH_PROGRAMS := $(patsubst test/bench/%.c,$(BUILD)/bench/%,$(wildcard test/bench/*.c))
$(BUILD)/bench/%: test/bench/%.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $< $(SSL_LIBS)

.PHONY: bench demo
bench: all $(BENCH_PROGRAMS)  ## measure speed beside peers
	$(Q)BUILD=$(BUILD) ONLY=$(ONLY) ROUNDS=$(or $(ROUNDS),3) perl -I test/lib test/bench/run

demo: all  ## show what it does, with nothing prepared
	$(Q)BUILD=$(BUILD) test/demo/run

clean:  ## remove what was made
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
