#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The build: what a changed spec makes anew, two builds in two folders, the variables that everyone expects, and Python.

use SApps::Test;

my $source = source_dir();
my $work   = work_dir();
my %plain  = (MAKEFLAGS => undef, MAKELEVEL => undef, MFLAGS => undef, BUILD => undef, PYTHON => undef);

sub make {
    my ($arguments, %env) = @_;
    chdir $source;
    my $run = run(['make', @{$arguments}], timeout => 300, env => { %plain, %env });
    chdir $work;
    return $run;
}

ended(run(['cp', '-r', "$source/opts", 'opts']), 0, 'the spec is copied');
my @copy = ("SPEC_DIR=$work/opts");
ended(make(["BUILD=$work/one", @copy, 'gen', 'doc']), 0, 'a build in one folder');
ended(make(["BUILD=$work/two", @copy, 'gen', 'doc']), 0, 'a build in another folder');
for my $made (qw(gen man html doc features.list)) {
    ended(run(['diff', '-r', "one/$made", "two/$made"]), 0, "both have the same bytes in $made");
}

# What a changed record makes anew.
sub generated_times {
    my %times;
    for my $line (split /\n/, run(['find', 'one/gen', '-type', 'f', '-printf', '%p %T@\n'])->out) {
        my ($path, $time) = split / /, $line;
        $times{$path} = $time;
    }
    return %times;
}
my %before = generated_times();
my $again = make(["BUILD=$work/one", @copy, 'gen', 'doc']);
unlike($again->out, qr/GEN|MAN/, 'without a change nothing is made');
my $spec = slurp('opts/s_server.yaml');
$spec =~ s/^(  accept:\n(?:    .*\n)*?    help: ).*/$1Where to wait for clients/m or die 'there is no -accept';
sleep 1;
spew('opts/s_server.yaml', $spec);
ended(make(["BUILD=$work/one", @copy, 'gen', 'doc']), 0, 'a changed help line is built');
my %after   = generated_times();
my @changed = grep { $before{$_} ne ($after{$_} // '') } sort keys %before;
my %changed = map { $_ => 1 } @changed;
ok($changed{'one/gen/s_server_table.c'}, 'the table of that program is made anew');
ok(!$changed{'one/gen/s_client_table.c'}, 'the table of the other program is not');
is(join(' ', grep { /\.h$/ && !m{/args/} } @changed), '', 'no header is made anew but that with the text as a comment');

# Variables.
my $shown = make(["BUILD=$work/three", '-n', 'V=1', 'CC=mycc', 'CFLAGS=-O1 -DMINE', 'LDFLAGS=-Lmine', 'all']);
like($shown->out, qr/^mycc .*-O1 -DMINE .*-c -o /m, 'CC and CFLAGS reach the compiler, and V=1 shows the command');
like($shown->out, qr/^mycc .*-Lmine .*-o \Q$work\E\/three\/bin\/s_apps/m, 'LDFLAGS reach the linker');
my $install = make(["BUILD=$work/three", '-n', 'V=1', 'DESTDIR=/tmp/dest', 'PREFIX=/opt/x', 'install']);
like($install->out, qr{/tmp/dest/opt/x/bin}, 'DESTDIR and PREFIX say where to install');
my $prefix = make(["BUILD=$work/three", '-n', 'V=1', 'OPENSSL_PREFIX=/opt/ssl', 'all']);
like($prefix->out, qr{-I/opt/ssl/include}, 'OPENSSL_PREFIX names another libssl');

# Python.
mkdir 'fake';
spew('fake/python3', "#!/bin/sh\nexit 1\n");
chmod 0755, 'fake/python3';
my $other = make(["BUILD=$work/four", 'gen'], PATH => "$work/fake:$ENV{PATH}");
ended($other, 0, 'a python3 without Jinja2 that comes first in PATH does no harm');
my $none = make(["BUILD=$work/five", 'PYTHON=', 'gen']);
isnt($none->status, 0, 'without any such python3 the build stops');
like($none->err, qr/install the packages python3-jinja2 and python3-yaml/, 'and one sentence says what to install');

done_testing();
