#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Adding an option is one record: a copy of the spec gets nine, is built, and each of them is in every face and checked
# by the parser. No template is touched, and no C but the function that one of them names.

use SApps::Test;
use SApps::Build qw(compiler objects);
use SApps::Explain qw(meanings);
use SApps::Faces qw(bash_completions manual_headings);

use File::Path qw(make_path);

my $source = source_dir();
my $work   = work_dir();
ended(run(['cp', '-r', "$source/opts", 'opts']), 0, 'the spec is copied');
spew('opts/groups/added.yaml', <<'END');
format: "1"
kind: group
group:
  name: added
  title: Added options
  module: lib/added
options:
  added_setting:
    help: Send no session ticket
    doc: Map to a setting of libssl.
    apply: [{sslconf: -no_ticket}]
    history: {since: own}
  added_number:
    help: A bounded number
    doc: Take {arg}.
    arg: {type: number, metavar: count, min: 3, max: 7}
    default: "5"
    history: {since: own}
  added_word:
    help: One word of several
    doc: Take {arg}.
    arg: added_words
    history: {since: own}
  added_list:
    help: Several items
    doc: Take {arg}.
    arg: protocols
    history: {since: own}
  added_lonely:
    help: Not together with another
    doc: Be alone, without {opt:added_setting}.
    history: {since: own}
  added_leader:
    help: One that brings another
    doc: Bring {opt:added_follower}.
    history: {since: own}
  added_follower:
    help: One that follows
    doc: Follow {opt:added_leader}.
    history: {since: own}
  added_called:
    help: One with a function
    doc: Take {arg}, and call a function.
    arg: {type: number, metavar: count, max: 7}
    apply: [{store: added_called}, {call: sapp_added_called}]
    history: {since: own}
  added_absent:
    help: One that this build lacks
    doc: Never be there.
    when: added_never
    history: {since: own}
relations:
  added-exclusion:
    kind: exclusive
    members: [added_lonely, added_setting]
    on_clash: error
    why: the test wants it so
  added-implication:
    kind: implies
    given: [added_leader]
    then: [added_follower]
    why: the test wants it so
END

sub insert_behind {
    my ($file, $pattern, $text) = @_;
    my $content = slurp($file);
    $content =~ s/$pattern/$&$text/m or die "nothing in $file matches $pattern\n";
    return spew($file, $content);
}
insert_behind('opts/types.yaml', qr/^types:\n/m,
    "  added_words:\n    base: enum\n    metavar: word\n    values:\n      one: {doc: the first}\n      two: {doc: the second}\n");
insert_behind('opts/features.yaml', qr/^features:\n/m, qq(  added_never:\n    cpp: "0"\n    why: this build is without it\n));
insert_behind("opts/$_.yaml", qr/^    - rand\n/m, "    - added\n") for qw(s_client s_server);

# Only what the spec changes is built: the library and the driver come from this build, the programs do nothing.
chdir $source;
my $build = run(['make', "SPEC_DIR=$work/opts", "BUILD=$work/build", 'gen', 'doc'], timeout => 300,
    env => { MAKEFLAGS => undef, MAKELEVEL => undef, MFLAGS => undef });
ended($build, 0, 'everything is generated');
chdir $work;
make_path('build/bin');
spew('programs.c', <<'END');
#include "s_client_main.h"
#include "s_server_main.h"
#include "s_client_table.h"
#include "s_server_table.h"
#include "args/added.h"
#include "base/failure.h"
#include "opt/usage.h"
bool sapp_added_called(void *args, struct sapp_failure *failure)
{
    const struct sapp_added_args *const added = args;
    return added->added_called != 3 || sapp_fail(failure, SAPP_FAILURE_USAGE, "-added_called takes any number but 3");
}
int sapp_s_client_main(int argc, char **argv) { return argc > 1 && argv ? sapp_print_help(&sapp_s_client_program) : 0; }
int sapp_s_server_main(int argc, char **argv) { return argc > 1 && argv ? sapp_print_help(&sapp_s_server_program) : 0; }
END
my ($flags, $libraries) = compiler();
my @rest = (objects('lib', 'apps/s_apps'), (grep { /^-(?:L|Wl,|fsanitize)/ } @{$flags}), @{$libraries});
my @tables = map { "build/gen/$_.c" } qw(s_client_table s_server_table commands options_json);
my $link = run(
    [split(' ', $ENV{CC} || 'cc'), '-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Ibuild/gen',
        '-Ibuild/probe', "-I$source/lib", "-I$source/apps", '-o', 'build/bin/s_apps', 'programs.c', @tables, @rest],
    timeout => 120,
);
ended($link, 0, 'and compiled without a warning');
symlink 's_apps', "build/bin/$_" for qw(s_client s_server);

my @names = map { "added_$_" } qw(setting number word list lonely leader follower called);
for my $program (qw(s_client s_server)) {
    my $help = run(["$work/build/bin/$program", '-help'])->err;
    my $list = run(["$work/build/bin/s_apps", 'list', $program])->out;
    my $man  = slurp("build/man/man1/$program.1") =~ s/\\//gr;
    my $pod  = join "\n", manual_headings("build/gen/pod/$program.pod");
    my $fish = slurp("build/gen/completion/fish/$program.fish");
    my $zsh  = slurp('build/gen/completion/zsh/_s_apps');
    my $bash = slurp('build/gen/completion/bash/s_apps');
    for my $name (@names) {
        like($help, qr/^ -$name /m, "the help of $program has -$name");
        like($pod, qr/^B<-$name>/m, "the POD of $program has -$name");
        like($man, qr/-$name\b/, "the manual page of $program has -$name");
        like($fish, qr/-o $name /, "fish completes -$name of $program");
        like($zsh, qr/-$name\[/, "zsh completes -$name");
        like($bash, qr/-$name\b/, "bash completes -$name");
        like($list, qr/^$name /m, "the list of $program has -$name");
    }
    unlike($help . $pod . $fish, qr/added_absent/, "no face of $program shows the option that the build lacks");
}
my $json = run(["$work/build/bin/s_apps", 'list', '-json'])->out;
like($json, qr/"name": "$_"/, "the JSON has -$_") for @names, 'added_absent';

my @lines = (
    [['-added_setting'],                   qr/"conf":\[\{"option":"added_setting","name":"-no_ticket"/, 'the setting reaches libssl'],
    [['-added_number', '3'],               qr/"added.added_number":3\b/,      'the smallest number is stored'],
    [['-added_number', '7'],               qr/"added.added_number":7\b/,      'the largest number is stored'],
    [['-added_number', '2'],               qr/expected a whole number from 3 to 7/, 'a number too small is refused'],
    [['-added_number', '8'],               qr/expected a whole number from 3 to 7/, 'a number too large is refused'],
    [['-added_word', 'two'],               qr/"added.added_word":"two"/,      'a word is stored'],
    [['-added_word', 'twoo'],               qr/did you mean two\?/,            'a near miss is helped'],
    [['-added_list', 'h2,http/1.1'],       qr/"added.added_list":\["h2","http\/1.1"\]/, 'a list is taken apart'],
    [['-added_list', ',,'],             qr/"failure":"usage"/,             'a list with nothing in it is refused'],
    [['-added_lonely', '-added_setting'],  qr/cannot be used together: the test wants it so/, 'two exclude each other'],
    [['-added_setting', '-added_lonely'],  qr/cannot be used together: the test wants it so/, 'in the other order too'],
    [['-added_leader'],                    qr/"added.added_follower":true/,   'one implies the other'],
    [['-added_called', '2'],               qr/"added.added_called":2\b.*"calls":\["sapp_added_called"\]/, 'a function is called'],
    [['-added_called', '3'],               qr/"text":"-added_called takes any number but 3"/, 'and may refuse the line'],
    [['-added_absent'],                    qr/not available: this build is without it/, 'the absent one says why'],
);
{
    no warnings 'redefine';
    local *SApps::Explain::program = sub { "$work/build/bin/$_[0]" };
    for my $program (qw(s_client s_server)) {
        my @found = meanings($program, map { $_->[0] } @lines);
        like($found[$_], $lines[$_][1], "$program: $lines[$_][2]") for 0 .. $#lines;
    }
}

done_testing();
