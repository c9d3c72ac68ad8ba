#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Facts with proof: every fact of the fixture, made false, makes a generated test fail.

use SApps::Test;

# A build with sanitizers is slow, and looks for something else: there a sample is enough.
my @sample = slurp(build_dir() . '/flags') =~ /-fsanitize=/ ? ('--sample', 60) : ();

my $jobs = $ENV{JOBS} || 2;
chdir source_dir();
my $obligations = run(
    [$ENV{PYTHON} || 'python3', '-m', 'codegen.obligations', '--build', build_dir(), '--jobs', $jobs, @sample],
    env     => { PYTHONDONTWRITEBYTECODE => 1, PERL5LIB => undef },
    timeout => 1800,
);
ended($obligations, 0, 'no change of a fact goes unnoticed');
my ($count, $caught) = $obligations->out =~ /^\d+ of (\d+) facts, (\d+) caught/m;
cmp_ok($count // 0, '>', 1000, 'the fixture has many facts');
diag(($obligations->out =~ /^(\d+ of \d+ facts.*)$/m)[0] // 'no summary');

done_testing();
