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
# A libc before glibc 2.34 has its threads in a library of its own.
CFLAGS_ALL = -std=c11 -pthread $(WARNINGS) $(CFLAGS)

GEN := $(BUILD)/gen
STAMP := $(BUILD)/gen.stamp
PROGRAMS := s_client s_server
GEN_SOURCES := $(PROGRAMS:%=$(GEN)/%_table.c) $(PROGRAMS:%=$(GEN)/%_main.c) $(GEN)/options_json.c $(GEN)/commands.c
SOURCES := $(sort $(shell find apps lib -name '*.c'))
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o) $(GEN_SOURCES:$(GEN)/%.c=$(BUILD)/obj/gen/%.o)
BENCH_PROGRAMS := $(patsubst test/bench/%.c,$(BUILD)/bench/%,$(wildcard test/bench/*.c))
SPEC_FILES := $(shell find $(SPEC_DIR) -name '*.yaml')
CODEGEN := $(shell find codegen -name '*.py' -o -name '*.j2') $(wildcard pod/*)

# A machine without pod2man builds the programs all the same.
DOC := $(if $(shell command -v pod2man 2>/dev/null),doc)

.PHONY: all gen check obligations clean help
all: $(BUILD)/bin/s_apps $(PROGRAMS:%=$(BUILD)/bin/%) gen $(DOC)  ## build everything

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
gen: $(STAMP) schema $(BUILD)/doc/spec-reference.md  ## write everything that follows from opts/
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

.PHONY: schema
schema: $(BUILD)/opts.schema.json  ## write the schema by which editors check the files of opts/
$(BUILD)/opts.schema.json: $(CODEGEN)
	$(Q)$(codegen) schema --out $@
	@touch $@

$(BUILD)/doc/spec-reference.md: $(CODEGEN)
	$(Q)$(codegen) reference --out $@
	@touch $@

# The manual. Its date is that of the release and not the clock's, so that two builds are the same to the byte.
MAN_DATE := 2026-11-01
PAGES := $(PROGRAMS) s_apps
MAN_PAGES := $(PAGES:%=$(BUILD)/man/man1/%.1)
HTML_PAGES := $(PAGES:%=$(BUILD)/html/%.html)
.PHONY: doc
doc: $(MAN_PAGES) $(HTML_PAGES)  ## make manual pages and HTML
$(PAGES:%=$(GEN)/pod/%.pod): $(STAMP) ;

$(BUILD)/man/man1/%.1: $(GEN)/pod/%.pod
	$(call say,MAN,$@)
	@mkdir -p $(@D)
	$(Q)pod2man --utf8 --errors=die --section=1 --name=$(shell echo $* | tr a-z A-Z) --center='User Commands' \
		--release=s_apps --date=$(MAN_DATE) $< $@.new
	@mv $@.new $@

$(BUILD)/html/%.html: $(GEN)/pod/%.pod pod/html.pl
	$(call say,HTML,$@)
	@mkdir -p $(@D)
	$(Q)perl pod/html.pl $< $@.new $(PAGES)
	@mv $@.new $@

$(BUILD)/obj/gen/%.o: $(GEN)/%.c $(FLAGS_FILE)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(BUILD)/probe $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.o: %.c $(FLAGS_FILE) | $(STAMP)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(BUILD)/probe $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# A recipe finds the build by BUILD; a make that it runs is not a part of this one.
# What is missing is installed first, so that the build which follows sees it.
check:  ## see to the packages that it needs, build, and run every recipe: RECIPES=files for some
	@test/needs
	$(Q)$(MAKE) --no-print-directory tests

ALL_RECIPES = test/recipes $(GEN)/test
.PHONY: test-programs tests
test-programs: all fixture $(BENCH_PROGRAMS)  ## build what recipes run

tests: test-programs
	$(Q)env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS BUILD=$(abspath $(BUILD)) CC='$(CC)' PYTHON='$(PYTHON)' \
		$(PROVE) -j$(JOBS) -I test/lib --recurse $(or $(RECIPES),$(ALL_RECIPES))

# The fixture: a spec with one option of each kind, as a program that needs no libssl. Parser and driver are the build's own.
FIXTURE := $(BUILD)/fixture
FIXTURE_SOURCES := $(addprefix $(FIXTURE)/gen/,alpha_table.c beta_table.c commands.c options_json.c)
FIXTURE_OBJECTS := $(filter $(addprefix $(BUILD)/obj/,lib/opt/% apps/s_apps/% lib/base/failure.o lib/base/arena.o),$(OBJECTS))
fixture_codegen = $(need_python)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m codegen --spec test/fixture/opts --pod test/fixture/pod
FIXTURE_INCLUDES := -I$(FIXTURE)/gen -I$(FIXTURE)/probe

.PHONY: fixture
fixture: $(FIXTURE)/bin/s_apps  ## build the program of the fixture spec, which the tests use

$(FIXTURE)/gen.stamp: $(wildcard test/fixture/opts/*) $(CODEGEN) $(FLAGS_FILE)
	$(call say,GEN,$(FIXTURE)/gen)
	$(Q)$(fixture_codegen) features --out $(FIXTURE)/probe
	$(Q)$(CC) -E $(FIXTURE_INCLUDES) $(CPPFLAGS_ALL) $(FIXTURE)/probe/features_probe.c | grep '^sapp_feature ' > $(FIXTURE)/features.list
	$(Q)$(fixture_codegen) gen --features $(FIXTURE)/features.list --out $(FIXTURE)/gen
	@touch $@
$(FIXTURE_SOURCES): $(FIXTURE)/gen.stamp ;

$(FIXTURE)/main.o: test/fixture/main.c $(FIXTURE)/gen.stamp $(wildcard lib/opt/*.h lib/base/*.h)
	$(Q)$(CC) $(FIXTURE_INCLUDES) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

$(FIXTURE)/bin/s_apps: $(FIXTURE_SOURCES) $(FIXTURE)/main.o $(FIXTURE_OBJECTS)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FIXTURE_INCLUDES) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $^
	$(Q)for name in alpha beta; do ln -sf s_apps $(@D)/$$name; done

obligations: all fixture  ## change one fact at a time and want a test to fail: SPEC=real SAMPLE=n SEED=n for the whole spec
	$(Q)PYTHONDONTWRITEBYTECODE=1 CC='$(CC)' SSL_CFLAGS='$(SSL_CFLAGS)' SSL_LIBS='$(SSL_LIBS)' LDLIBS='$(LDLIBS)' \
		$(PYTHON) -m codegen.obligations \
		--build $(BUILD) --spec $(or $(SPEC),fixture) --jobs $(JOBS) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

# Benchmarks: every figure is a ratio to a peer in the same run. ONLY=name runs one, ROUNDS=n how often.
$(BUILD)/bench/%: test/bench/%.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $< $(SSL_LIBS)

.PHONY: bench demo asan
bench: all $(BENCH_PROGRAMS)  ## measure speed beside peers
	$(Q)BUILD=$(BUILD) ONLY=$(ONLY) ROUNDS=$(or $(ROUNDS),3) perl -I $(CURDIR)/test/lib test/bench/run

# The recipes with a build that notices undefined behaviour, misuse of memory and leaks. What it notices goes to a file of
# its own for each process, because an exit status or a line on standard error may be what a recipe expects. Left out are the
# recipes of the generator, of the build and of the cost, which run no C that the others do not.
ASAN_BUILD ?= build-asan
# Beside the one of addresses, gcc's library of undefined behaviour writes to a file only where it is linked statically.
ASAN_STATIC = $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),,-static-libubsan)
ASAN_CFLAGS = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer $(ASAN_STATIC)
ASAN_REPORTS := $(abspath $(ASAN_BUILD))/sanitizer
ASAN_WITHOUT := generator broken-specs obligations add-an-option build cost
ASAN_RECIPES = $(filter-out $(wildcard $(ASAN_WITHOUT:%=test/recipes/[0-9][0-9]-%.t)),$(wildcard test/recipes/*.t)) $(ASAN_BUILD)/gen/test
asan:  ## build with sanitizers and run the recipes, but those of generator, build and cost: ASAN_BUILD=dir RECIPES=files
	@test/needs
	$(Q)$(MAKE) --no-print-directory BUILD=$(ASAN_BUILD) CFLAGS='$(ASAN_CFLAGS)' test-programs
	@rm -rf $(ASAN_REPORTS) && mkdir -p $(ASAN_REPORTS)
	$(Q)ASAN_OPTIONS=exitcode=99:log_path=$(ASAN_REPORTS)/address \
		UBSAN_OPTIONS=exitcode=99:print_stacktrace=1:log_path=$(ASAN_REPORTS)/undefined \
		SAPPS_TEST_SLOW=$(or $(SAPPS_TEST_SLOW),4) \
		$(MAKE) --no-print-directory BUILD=$(ASAN_BUILD) CFLAGS='$(ASAN_CFLAGS)' ALL_RECIPES='$(ASAN_RECIPES)' tests; status=$$?; \
		reports=$$(find $(ASAN_REPORTS) -type f); test -z "$$reports" || { cat $$reports; exit 1; }; exit $$status

demo:  ## see to the packages that the build needs, build, and show what it does
	@test/needs build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(BUILD) test/demo/run

# Where things go; a distribution sets PREFIX=/usr and DESTDIR.
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
DOCDIR ?= $(DATADIR)/doc/s_apps
BASH_COMPLETIONS ?= $(DATADIR)/bash-completion/completions
ZSH_COMPLETIONS ?= $(DATADIR)/zsh/site-functions
FISH_COMPLETIONS ?= $(DATADIR)/fish/vendor_completions.d
INSTALL ?= install
put = $(Q)$(INSTALL) -d '$(DESTDIR)$(2)' && $(INSTALL) -m $(3) $(1) '$(DESTDIR)$(2)'

.PHONY: install uninstall
install: all doc  ## install programs, manual pages, HTML and completions below DESTDIR and PREFIX
	$(call put,$(BUILD)/bin/s_apps,$(BINDIR),755)
	$(call put,$(MAN_PAGES),$(MANDIR)/man1,644)
	$(call put,$(HTML_PAGES),$(DOCDIR),644)
	$(call put,$(GEN)/completion/bash/s_apps,$(BASH_COMPLETIONS),644)
	$(call put,$(GEN)/completion/zsh/_s_apps,$(ZSH_COMPLETIONS),644)
	$(call put,$(PAGES:%=$(GEN)/completion/fish/%.fish),$(FISH_COMPLETIONS),644)
	$(Q)for name in $(PROGRAMS); do \
		ln -sf s_apps '$(DESTDIR)$(BINDIR)'/$$name && ln -sf s_apps '$(DESTDIR)$(BASH_COMPLETIONS)'/$$name || exit 1; done

uninstall:  ## remove what install put there
	$(Q)for name in $(PAGES); do \
		rm -f '$(DESTDIR)$(BINDIR)'/$$name '$(DESTDIR)$(BASH_COMPLETIONS)'/$$name '$(DESTDIR)$(MANDIR)'/man1/$$name.1 \
			'$(DESTDIR)$(FISH_COMPLETIONS)'/$$name.fish '$(DESTDIR)$(DOCDIR)'/$$name.html; done
	$(Q)rm -f '$(DESTDIR)$(ZSH_COMPLETIONS)'/_s_apps

# What reads the sources and changes nothing.
LINT_C = $(shell find apps lib test -name '*.[ch]') $(shell find $(GEN) -name '*.[ch]')
LINT_TOOLS := mypy flake8 pylint $(CLANG_FORMAT) $(CLANG_TIDY) podchecker mandoc
.PHONY: lint lint-tools lint-python lint-c lint-tidy lint-pod
lint: lint-tools lint-python lint-c lint-tidy lint-pod  ## check types, style and manual pages

lint-tools:
	@for tool in $(LINT_TOOLS); do command -v $$tool >/dev/null || { \
		echo "lint: $$tool is missing; apt-get install mypy python3-typeshed flake8 pylint clang-format clang-tidy perl mandoc" >&2; \
		exit 1; }; done

lint-python:
	$(Q)$(codegen) check
	$(Q)mypy --strict --cache-dir=$(BUILD)/mypy codegen
	$(Q)flake8 codegen
	$(Q)PYTHONDONTWRITEBYTECODE=1 pylint codegen

lint-c: gen
	$(Q)$(CLANG_FORMAT) --style=file:.clang-format --dry-run --Werror $(LINT_C)

lint-tidy: gen
	$(Q)printf '%s\n' $(SOURCES) | xargs -P $(JOBS) -I FILE \
		$(CLANG_TIDY) --quiet FILE -- -std=c11 $(CPPFLAGS_ALL) -I$(BUILD)/probe

lint-pod: doc
	$(Q)podchecker -warnings $(PAGES:%=$(GEN)/pod/%.pod)
	$(Q)mandoc -T lint -W warning $(MAN_PAGES)

clean:  ## remove what was made
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
