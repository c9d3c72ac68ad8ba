# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The C programs of test/unit, each over single modules: built with the flags and objects of this build, and run.

use SApps::Test;

use File::Basename qw(basename);
use File::Find qw(find);

my @command = split ' ', slurp(build_dir() . '/flags');
my ($libraries) = grep { $command[$_] =~ /^-l/ } 0 .. $#command;
my @flags = map { /^-I([^\/].*)/ ? '-I' . source_dir() . "/$1" : $_ } @command[0 .. $libraries - 1];
my @libraries = @command[$libraries .. $#command];

my @objects;
find(sub { push @objects, $File::Find::name if /\.o$/ }, build_dir() . '/obj/lib');

for my $source (glob source_dir() . '/test/unit/*.c') {
    my $name = basename($source, '.c');
    my $build = run([@flags, '-I' . build_dir() . '/probe', '-o', "unit-$name", $source, sort(@objects), @libraries], timeout => 120);
    ended($build, 0, "$name is built") or next;
    my $process = run(["./unit-$name"], timeout => 60);
    ended($process, 0, "$name passes");
    my ($planned) = $process->out =~ /^1\.\.(\d+)$/m;
    my @passed = $process->out =~ /^ok \d+/mg;
    is(scalar @passed, $planned, "$name passes all that it planned");
}

done_testing;
