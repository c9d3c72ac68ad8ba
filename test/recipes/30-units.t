# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The C programs of test/unit, each over single modules: built with the flags and objects of this build, and run.

use SApps::Test;
use SApps::Build qw(compiler objects);

use File::Basename qw(basename);

my ($flags, $libraries) = compiler();
my @objects = objects('lib');

for my $source (glob source_dir() . '/test/unit/*.c') {
    my $name = basename($source, '.c');
    my $build = run([@{$flags}, '-o', "unit-$name", $source, @objects, @{$libraries}], timeout => 120);
    ended($build, 0, "$name is built") or next;
    my $process = run(["./unit-$name"], timeout => 300);
    ended($process, 0, "$name passes");
    my ($planned) = $process->out =~ /^1\.\.(\d+)$/m;
    my @passed = $process->out =~ /^ok \d+/mg;
    is(scalar @passed, $planned, "$name passes all that it planned");
}

done_testing;
