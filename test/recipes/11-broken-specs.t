#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Each mistake in a spec has its message. A file of test/broken is a file of a small spec, the rest of which stands in
# test/broken/base; its first line says which file it is. Beside it lies the message: UPDATE_GOLDEN=1 writes it anew.

use SApps::Test;

use File::Basename qw(basename);
use File::Copy qw(copy);
use File::Path qw(make_path);

my $broken = source_dir() . '/test/broken';
my @cases  = map { basename($_, '.yaml') } sort glob "$broken/*.yaml";

for my $case (@cases) {
    make_path("$case/opts", "$case/pod");
    copy($_, "$case/opts") for glob "$broken/base/*.yaml";
    my $text = slurp("$broken/$case.yaml");
    my ($name) = $text =~ /\A# file: (\S+)\n/ or die "$case.yaml does not say which file it is\n";
    if ($name =~ /\.pod$/) {
        spew("$case/pod/$name", $text =~ s/\A.*\n//r);
    }
    else {
        spew("$case/opts/$name", $text);
    }
}

make_path('E100-empty-folder/opts');
push @cases, 'E100-empty-folder';
my $check = run(
    [$ENV{PYTHON} // 'python3', "$broken/check_all.py", @cases],
    env     => { PYTHONPATH => source_dir(), PYTHONDONTWRITEBYTECODE => 1 },
    timeout => 120,
);
ended($check, 0, 'every broken spec is read without a crash');
my %report = $check->out =~ /^== (\S+)\n(.*?^status \d+\n)/gms;

for my $case (@cases) {
    my $report = $report{$case} // '';
    my ($status) = $report =~ s/^status (\d+)\n\z//m ? $1 : '';
    spew("$broken/$case.err", $report) if $ENV{UPDATE_GOLDEN};
    is($report, -e "$broken/$case.err" ? slurp("$broken/$case.err") : '', "$case is reported");
    is($status, 1, "$case ends with status 1");
    next if $case !~ /^(E\d+)/;
    my $rule = $1;
    like($report, qr/\A(?:\S+:\d+:\d+: $rule: \S.*\n)+\z/, "$case breaks that one rule, at a place");
}

my $rules = run(
    [$ENV{PYTHON} // 'python3', '-c', 'from codegen.rules import all_rules; print(*all_rules())'],
    env => { PYTHONPATH => source_dir(), PYTHONDONTWRITEBYTECODE => 1 },
);
my %has = map { /^(E\d+)/ ? ($1 => 1) : () } @cases;
for my $rule (split ' ', $rules->out) {
    ok($has{$rule}, "the rule $rule has a broken spec");
}

done_testing();
