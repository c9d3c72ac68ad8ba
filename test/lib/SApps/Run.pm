# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Run;

# Runs a command to its end and keeps what it wrote.

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::IP;
use POSIX ();
use Socket qw(SOCK_STREAM);

use SApps::Build qw(program);
use SApps::Process;

our @EXPORT_OK = qw(run run_client run_server_command closed_address reserved_port);

use constant PIPE_TAKES => 4096;

# run(\@command, stdin => 'text', timeout => 20, merge => 1, env => {...}) runs a command and gives an SApps::Process
# that has ended: ->status, ->out, ->err, ->signal, ->timed_out, ->seconds. Without stdin it reads end of file.
sub run {
    my ($command, %options) = @_;
    my $stdin = delete $options{stdin} // '';
    my $timeout = delete $options{timeout};
    my $process = SApps::Process->start(command => $command, %options);
    my $feeder = length $stdin > PIPE_TAKES ? _feed($process, $stdin) : undef;
    $process->send($stdin) if !$feeder;
    $process->close_stdin;
    $process->wait($timeout);
    waitpid $feeder, 0 if $feeder;
    return $process;
}

# A process of its own writes what a pipe does not take at once.
sub _feed {
    my ($process, $text) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    $process->send($text);
    POSIX::_exit(0);
}

# run_client(\@arguments, %options): our s_client.
sub run_client {
    my ($arguments, %options) = @_;
    return run([program('s_client'), @{$arguments}], %options);
}

# run_server_command(\@arguments, %options): our s_server, where it ends by itself; else see SApps::Server.
sub run_server_command {
    my ($arguments, %options) = @_;
    return run([program('s_server'), @{$arguments}], %options);
}

my @bound;

# A port for a server that cannot choose one itself. It stays bound here, of every address and without a listener, so that the system
# gives it to nobody else; a server that sets SO_REUSEADDR, as all do, can listen on it all the same.
sub reserved_port {
    my @address = (Type => SOCK_STREAM, ReuseAddr => 1);
    my $socket = IO::Socket::IP->new(LocalHost => '::', V6Only => 0, @address) // IO::Socket::IP->new(LocalHost => '0.0.0.0', @address)
        // die "cannot bind a socket: $@\n";
    push @bound, $socket;
    return $socket->sockport;
}

# An address, host:port, that nobody listens on while the recipe runs.
sub closed_address {
    return '127.0.0.1:' . reserved_port();
}

1;
