# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Test;

# What every recipe uses: `use SApps::Test;` gives strict, warnings, Test::More, and the functions of the small modules
# beside this one. The recipe's own directory becomes the current one.

use strict;
use warnings;

use Test::More;

use SApps::Build qw(source_dir build_dir program generated features sanitized work_dir slurp spew);
use SApps::Certificates qw(certificate pki_dir);
use SApps::Oracle qw(openssl oracle oracle_version normalise);
use SApps::Process qw(wait_until);
use SApps::Run qw(run run_client run_server_command closed_address reserved_port);
use SApps::Server;

my @FUNCTIONS = qw(
    source_dir build_dir program generated features sanitized work_dir slurp spew certificate pki_dir openssl oracle
    oracle_version normalise run run_client run_server_command closed_address reserved_port wait_until ended
);

sub import {
    my $caller = caller;
    strict->import;
    warnings->import;
    no strict 'refs';
    *{"${caller}::$_"} = \&{$_} for @FUNCTIONS;
    Test::More->export_to_level(1);
    $SIG{PIPE} = 'IGNORE';
    work_dir();
    return;
}

# ended($process, 0, 'sentence'): passes when the process ended with that status; else shows all about it.
sub ended {
    my ($process, $status, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $passed = is($process->status, $status, $name);
    diag($process->story) if !$passed;
    return $passed;
}

1;
