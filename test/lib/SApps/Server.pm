# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Server;

# A TLS server that runs while the recipe does: ours, or the system's openssl s_server. It takes a port that is free, or a
# Unix-domain socket, and tells which; so recipes can run side by side.

use strict;
use warnings;

use parent -norequire, 'SApps::Process';

use SApps::Build qw(program work_dir);
use SApps::Certificates qw(certificate);
use SApps::Oracle qw(openssl);
use SApps::Process;

my $sockets = 0;

# SApps::Server->start(%options) starts a server and waits until it accepts connections. Options, all optional:
#   args    => [...]     its arguments besides address and certificate
#   which   => 'openssl' the system's s_server; by default ours
#   cert    => 'server'  the name of its certificate (see SApps::Certificates); undef for none
#   unix    => 1         a Unix-domain socket in place of a port
#   accept  => '0'       the value of -accept
#   and what SApps::Process takes: env, merge, name, stdin. Standard input stays open.
sub start {
    my ($class, %options) = @_;
    my $which = delete $options{which} // 'ours';
    my @command = $which eq 'openssl' ? openssl('s_server') : program('s_server');
    my $cert = exists $options{cert} ? delete $options{cert} : 'server';
    push @command, '-cert', certificate($cert)->{cert}, '-key', certificate($cert)->{key} if defined $cert;
    my $unix = delete $options{unix} ? sprintf 'socket-%d', ++$sockets : undef;
    push @command, $unix ? ('-unix', $unix) : ('-accept', delete $options{accept} // '0');
    push @command, @{ delete $options{args} // [] };
    work_dir();
    my $self = $class->SUPER::start(name => 'server', %options, command => \@command);
    $self->{unix} = $unix;
    my ($place) = $self->expect(qr/^ACCEPT([^\n]*)\n/m);
    if (!defined $place) {
        my $story = $self->stop->story;
        die "the server did not start\n$story\n";
    }
    ($self->{port}) = $place =~ /:(\d+)\s*$/;
    return $self;
}

# The port it listens on.
sub port { return $_[0]{port} }

# Where to connect to, for -connect.
sub address { return "localhost:$_[0]{port}" }

# The arguments with which a client reaches it.
sub target {
    my ($self) = @_;
    return $self->{unix} ? ('-unix', $self->{unix}) : ('-connect', $self->address);
}

1;
