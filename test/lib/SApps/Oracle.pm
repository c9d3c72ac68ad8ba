# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Oracle;

# The system's openssl: the original that our programs are compared with.

use strict;
use warnings;

use Exporter qw(import);

use SApps::Run qw(run);

our @EXPORT_OK = qw(openssl oracle oracle_version normalise);

my $OPENSSL = $ENV{SAPPS_OPENSSL} // '/usr/bin/openssl';

# The beginning of a command: openssl('s_client', ...) gives the list of program and arguments.
sub openssl {
    return ($OPENSSL, @_);
}

# oracle(\@arguments, %options) runs it to its end, like SApps::Run::run().
sub oracle {
    my ($arguments, %options) = @_;
    return run([openssl(@{$arguments})], %options);
}

# Its version, "3.0.22" for example.
sub oracle_version {
    my ($version) = oracle(['version'])->out =~ /^OpenSSL (\S+)/;
    return $version // '';
}

# What no two runs have in common, replaced by a word: random bytes, times, ports, sockets and thread ids.
my @RULES = (
    [qr/^CONNECTED\([0-9A-F]{8}\)/m               => 'CONNECTED(FD)'],
    [qr/^(-----BEGIN SSL SESSION PARAMETERS-----\n)[^-]+/m => '$1DER'],
    [qr/^(ACCEPT .*):\d+$/m                       => '$1:PORT'],
    [qr/\b(localhost|127\.0\.0\.1|\[::1\]):\d+/   => '$1:PORT'],
    [qr/^[0-9A-F]{8,16}(:error:.*):[^:\n]+\.c:\d+:/m => 'THREAD$1:FILE:LINE:'],
    [qr/(Session-ID|Session-ID-ctx|Master-Key|Resumption PSK|PSK identity): [0-9A-F]+/ => '$1: HEX'],
    [qr/(Keying material): [0-9A-F]+/             => '$1: HEX'],
    [qr/(Start Time): \d+/                        => '$1: TIME'],
    [qr/^(    [0-9a-f]{4} - )(?:[0-9a-f]{2}[ -])+ .*$/m => '$1BYTES'],
    [qr/(read|wrote|written) \d+ bytes/           => '$1 N bytes'],
    [qr/(written) \d+ bytes/                      => '$1 N bytes'],
    [qr/(NotBefore|NotAfter): [^;\n]+/            => '$1: TIME'],
);

# The text with all that replaced.
sub normalise {
    my ($text) = @_;
    for my $rule (@RULES) {
        my ($pattern, $template) = @{$rule};
        $text =~ s{$pattern}{ my $first = $1; my $new = $template; $new =~ s/\$1/$first/g if defined $first; $new }ge;
    }
    return $text;
}

1;
