# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Differs;

# A licence to be unlike the original: its input runs with the system's openssl and with ours, and each must do what the
# licence says. One that is no longer true fails, and has to leave the spec.

use strict;
use warnings;

use Exporter qw(import);
use Test::More;
use Time::HiRes qw(sleep time);

use SApps::Build qw(program slurp spew);
use SApps::Certificates qw(certificate);
use SApps::Oracle qw(openssl);
use SApps::Process;
use SApps::Run qw(closed_address);
use SApps::Server;

our @EXPORT_OK = qw(differs);

use constant PATIENCE => 10;

my ($closed, $server);

# differs('s_client', id => ..., input => [...], upstream => {status, out, err}, ours => {...}, why => ...): two tests.
# In the input, {closed} is an address that nobody listens on, {server} that of a running TLS server; the certificate that
# a server takes by default, server.pem, is there.
sub differs {
    my ($program, %item) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    spew('server.pem', slurp(certificate('server')->{both})) if !-e 'server.pem';
    my @input = map { _filled($_) } @{ $item{input} };
    _keeps("$item{id}: the original still does as is said", [openssl($program), @input], $item{upstream});
    _keeps("$item{id}: $program does otherwise, because $item{why}", [program($program), @input], $item{ours});
    return;
}

sub _filled {
    my ($word) = @_;
    if ($word =~ /\{closed\}/) {
        $closed //= closed_address();
        $word =~ s/\{closed\}/$closed/g;
    }
    if ($word =~ /\{server\}/) {
        $server //= SApps::Server->start(which => 'openssl', args => ['-www'], accept => '127.0.0.1:0');
        my $address = '127.0.0.1:' . $server->port;
        $word =~ s/\{server\}/$address/g;
    }
    return $word;
}

# Without a status in the outcome, the program may run on: what it wrote counts.
sub _keeps {
    my ($name, $command, $outcome) = @_;
    my $process = SApps::Process->start(command => $command, stdin => 'none');
    my $deadline = time + SApps::Process::patience(PATIENCE);
    while ($process->running && time < $deadline) {
        last if !defined $outcome->{status} && _matches($process, $outcome) && time > $process->{started} + 0.5;
        sleep 0.01;
    }
    my $ended = !$process->running;
    my $kept = _matches($process, $outcome) && (!defined $outcome->{status} || $ended && $process->status == $outcome->{status});
    ok($kept, $name) or diag($process->story);
    $process->stop;
    return;
}

sub _matches {
    my ($process, $outcome) = @_;
    return $process->out =~ /(?:$outcome->{out})/m && $process->err =~ /(?:$outcome->{err})/m;
}

1;
