#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Runs recipes for `make obligations`, each in a fork of this process, which has loaded the modules already. Reads the
# path of a recipe from each line of standard input, and answers with one line: nothing when all its tests pass, else
# the name of the first that fails.

use strict;
use warnings;

my ($in_fork, $report);

# The last of all END blocks: a fork that took its memory apart would copy most of it first, and recipes are many.
END {
    if ($in_fork) {
        my $status = $?;
        $report->flush;
        POSIX::_exit($status);
    }
}

use File::Temp qw(tempfile);
use POSIX ();
use Test2::API qw(test2_start_preload test2_stop_preload);

BEGIN { test2_start_preload() }

use SApps::Explain;
use SApps::Faces;
use SApps::Process;
use SApps::Test ();

use constant LIMIT => 60;

$| = 1;
while (my $recipe = <STDIN>) {
    chomp $recipe;
    print answer($recipe), "\n";
}

sub answer {
    my ($recipe) = @_;
    my ($out, $path) = tempfile(UNLINK => 0);
    my $pid = fork // die "fork: $!\n";
    run_recipe($recipe, $out) if $pid == 0;
    waitpid $pid, 0;
    my $status = $?;
    my $text = SApps::Build::slurp($path);
    unlink $path;
    return $1 if $text =~ /^not ok \d+ - (.*)$/m;
    return $status == 0 && $text =~ /^1\.\.\d+$/m ? '' : 'the recipe ended early';
}

sub run_recipe {
    my ($recipe, $out) = @_;
    ($in_fork, $report) = (1, $out);
    alarm LIMIT;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>&', $out;
    open STDERR, '>', '/dev/null';
    test2_stop_preload();
    my $builder = Test::More->builder;
    $builder->output($out);
    $builder->failure_output(\*STDERR);
    $builder->todo_output(\*STDERR);
    SApps::Process::begin();
    $0 = $recipe;
    do $recipe;
    exit($@ ? 255 : 0);
}
