#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The generator itself: its types, its style, and how long it takes.

use SApps::Test;

use Time::HiRes qw(time);

my $python = $ENV{PYTHON} || 'python3';
my %env = (PYTHONPATH => source_dir(), PYTHONDONTWRITEBYTECODE => 1);
chdir source_dir();

ended(run([$python, '-m', 'codegen', 'check'], env => \%env, timeout => 60), 0, 'the spec and the generator have no mistake');
ended(
    run(['mypy', '--strict', '--cache-dir=' . work_dir() . '/mypy', 'codegen'], timeout => 300),
    0, 'the types of the generator are right',
);
ended(run(['flake8', 'codegen'], timeout => 120), 0, 'the style of the generator is right');

# The goal is one second on a machine that does nothing else; here recipes run beside.
my $generate = <<'END';
import resource, sys, time
import codegen.__main__ as main
before = time.process_time()
status = main.main()
print(time.process_time() - before)
sys.exit(status)
END
my $gen = run(
    [$python, '-c', $generate, 'gen', '--features', build_dir() . '/features.list', '--out', work_dir() . '/gen'],
    env     => \%env,
    timeout => 60,
);
ended($gen, 0, 'the whole spec is generated');
cmp_ok($gen->out, '<', 2, 'everything is made from the spec in about a second of processor time');

my $again = run(
    [$python, '-c', $generate, 'gen', '--features', build_dir() . '/features.list', '--out', work_dir() . '/gen2'],
    env     => { %env, PYTHONHASHSEED => 7 },
    timeout => 60,
);
ended($again, 0, 'it is generated again');
my $same = run(['diff', '-r', work_dir() . '/gen', work_dir() . '/gen2']);
ended($same, 0, 'two runs give the same bytes');
my $built = run(['diff', '-r', work_dir() . '/gen', build_dir() . '/gen']);
ended($built, 0, 'and they are the bytes of this build');

my $format = run(['sh', '-c', 'find "$1" -name "*.[ch]" | xargs clang-format --style=file:.clang-format --dry-run --Werror',
    'sh', build_dir() . '/gen'], timeout => 120);
ended($format, 0, 'clang-format changes nothing in the generated C');

done_testing();
