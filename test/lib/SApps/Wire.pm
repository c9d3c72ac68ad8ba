# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Wire;

# Peers that are not TLS, or not for long: raw sockets, small servers that misbehave, and requests of an HTTP client.

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::IP;
use POSIX ();
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(sleep time);

use SApps::Certificates qw(certificate);
use SApps::Oracle qw(openssl);
use SApps::Process;
use SApps::Run qw(run);

our @EXPORT_OK = qw(tcp received fake_server closing_server resetting_server reset_socket stay fetch fetch_by_curl
    rss_of);

my $OWNER = $$;
my @children;

# A TCP connection to a port of 127.0.0.1.
sub tcp {
    my ($port) = @_;
    return IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $port) // die "cannot connect to $port: $@\n";
}

# What comes on a socket until its end, or until that many seconds (10) have passed; undef in the latter case.
sub received {
    my ($socket, $seconds) = @_;
    my $deadline = time + SApps::Process::patience($seconds // 10);
    my $text = '';
    while ((my $left = $deadline - time) > 0) {
        vec(my $bits = '', fileno $socket, 1) = 1;
        next if !select $bits, undef, undef, $left;
        my $got = sysread $socket, $text, 65536, length $text;
        return $text if !$got;
    }
    return;
}

# Closes a socket with a reset in place of an orderly end.
sub reset_socket {
    my ($socket) = @_;
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    close $socket;
    return;
}

# For a fake server: keeps the connection and does nothing until the recipe ends.
sub stay {
    sleep 1 while getppid != 1;
    return;
}

# fake_server(sub { my ($socket) = @_; ... }): a TCP server on a free port of 127.0.0.1; each connection is a process of
# its own that runs the code, then closes. Gives the address, 127.0.0.1:port.
sub fake_server {
    my ($code) = @_;
    my $listener = IO::Socket::IP->new(LocalHost => '127.0.0.1', LocalPort => 0, Listen => 64) // die "listen: $@\n";
    my $address = '127.0.0.1:' . $listener->sockport;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        setpgrp;
        $SIG{CHLD} = 'IGNORE';
        _close_all_but(fileno $listener);
        while (my $socket = $listener->accept) {
            my $child = fork // POSIX::_exit(1);
            _serve($code, $socket) if $child == 0;
            close $socket;
        }
        POSIX::_exit(0);
    }
    push @children, $pid;
    return $address;
}

# Records of TLS: the client's ChangeCipherSpec, which every version from 1.2 on sends before Finished, and the alert
# close_notify.
my $CHANGE_CIPHER_SPEC = "\x14\x03\x03\x00\x01\x01";
my $CLOSE_NOTIFY = "\x15\x03\x03\x00\x02\x01\x00";

# A server that answers the ClientHello with close_notify, and closes. Gives its address.
sub closing_server {
    return fake_server(sub {
        my ($client) = @_;
        sysread $client, my $hello, 16384;
        syswrite $client, $CLOSE_NOTIFY;
        shutdown $client, 1;
        received($client);
    });
}

# A wire to a real TLS server, host:port, that resets the client's connection when the server has answered the client's
# Finished: the handshake is done on both sides then. Gives its address.
sub resetting_server {
    my ($server) = @_;
    return fake_server(sub {
        my ($client) = @_;
        my $peer = tcp($server =~ s/.*://r);
        my $finished = 0;
        while (1) {
            my $bits = '';
            vec($bits, fileno $_, 1) = 1 for $client, $peer;
            select $bits, undef, undef, undef;
            if (vec $bits, fileno $peer, 1) {
                _pass($peer, $client) // return;
                last if $finished;
            }
            elsif (vec $bits, fileno $client, 1) {
                my $data = _pass($client, $peer) // return;
                $finished ||= index($data, $CHANGE_CIPHER_SPEC) >= 0;
            }
        }
        reset_socket($client);
    });
}

# Passes on what one socket has to the other; gives it, or nothing at the end.
sub _pass {
    my ($from, $to) = @_;
    sysread $from, my $data, 65536 or return;
    syswrite $to, $data;
    return $data;
}

sub _serve {
    my ($code, $socket) = @_;
    $SIG{PIPE} = 'IGNORE';
    eval { $code->($socket); 1 } or print {*STDERR} "fake server: $@";
    close $socket;
    POSIX::_exit(0);
}

# The recipe's own pipes must not stay open here, or their readers would never see the end. Perl counts the users of each
# descriptor, so that a number that was closed behind its back and comes again would not be closed by close.
sub _close_all_but {
    my ($kept) = @_;
    open my $null, '+<', '/dev/null' or POSIX::_exit(1);
    for my $fd (3 .. 255) {
        next if $fd == $kept || $fd == fileno $null;
        my $copy = POSIX::dup($fd) // next;
        POSIX::close($copy);
        POSIX::dup2(fileno $null, $fd);
    }
    return;
}

# What a server answers to the bytes of a request, by way of the original's client. Options are run()'s, and
# args => [...] for the client.
sub fetch {
    my ($server, $request, %options) = @_;
    my $arguments = delete $options{args} // [];
    return run([openssl('s_client', '-quiet', $server->target, @{$arguments})], stdin => $request, %options);
}

# curl with a path of the server, which it takes as it stands, and more arguments.
sub fetch_by_curl {
    my ($server, $path, @arguments) = @_;
    return run(['curl', '-s', '--path-as-is', '--globoff', '--cacert', certificate('ca')->{cert}, '--max-time',
        SApps::Process::patience(10), @arguments, 'https://' . $server->address . $path]);
}

# The memory of a process, in KiB.
sub rss_of {
    my ($pid) = @_;
    my ($kib) = SApps::Build::slurp("/proc/$pid/status") =~ /^VmRSS:\s+(\d+) kB/m;
    return $kib // 0;
}

END {
    if ($$ == $OWNER) {
        local $? = $?;
        for my $pid (@children) {
            kill KILL => -$pid, $pid;
            waitpid $pid, 0;
        }
    }
}

1;
