# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Gnutls;

# GnuTLS as a peer: gnutls-serv on a free port while the recipe runs, and the command of gnutls-cli.

use strict;
use warnings;

use parent -norequire, 'SApps::Process';

use IO::Socket::IP;

use SApps::Certificates qw(certificate);
use SApps::Process qw(wait_until);
use SApps::Run qw(reserved_port run);

# SApps::Gnutls->start(cert => 'server', args => [...]) starts gnutls-serv and waits until it listens.
# ->port, ->address, ->target.
sub start {
    my ($class, %options) = @_;
    my $pair = certificate($options{cert} // 'server');
    my $port = reserved_port();
    my $self = $class->SUPER::start(name => 'gnutls', stdin => 'none', command => ['gnutls-serv', '--port', $port,
        '--x509certfile', $pair->{cert}, '--x509keyfile', $pair->{key}, @{ $options{args} // [] }]);
    $self->{port} = $port;
    my $listens = wait_until { IO::Socket::IP->new(PeerHost => 'localhost', PeerPort => $port) || !$self->running };
    return $listens && $self->running ? $self : die "gnutls-serv did not start\n" . $self->story;
}

sub port { return $_[0]{port} }
sub address { return "localhost:$_[0]{port}" }
sub target { return ('-connect', $_[0]->address) }

# gnutls-cli against a server, with more arguments; run()'s options.
sub client {
    my ($server, $arguments, %options) = @_;
    return run(['gnutls-cli', '--x509cafile', certificate('ca')->{cert}, '--port', $server->port, @{$arguments}, 'localhost'],
        %options);
}

1;
