# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Nginx;

# nginx with TLS and one worker, on a free port of 127.0.0.1, while the recipe runs.

use strict;
use warnings;

use parent -norequire, 'SApps::Process';

use File::Path qw(make_path);
use IO::Socket::INET;

use SApps::Build qw(slurp spew work_dir);
use SApps::Certificates qw(certificate);
use SApps::Process qw(wait_until);
use SApps::Run qw(reserved_port);

my $count = 0;

# SApps::Nginx->start(cert => 'server', conf => 'more lines for the server block') starts it and waits until it listens.
# ->port, ->address, ->root (the directory of its files, empty at first), ->worker (the worker's process id).
sub start {
    my ($class, %options) = @_;
    my $dir = sprintf '%s/nginx-%d', work_dir(), ++$count;
    make_path("$dir/root", "$dir/tmp");
    my $port = reserved_port();
    spew("$dir/nginx.conf", _configuration($dir, $port, certificate($options{cert} // 'server'), $options{conf} // ''));
    my $self = $class->SUPER::start(name => 'nginx', stdin => 'none',
        command => ['/usr/sbin/nginx', '-p', $dir, '-c', "$dir/nginx.conf", '-e', "$dir/error.log"]);
    @{$self}{qw(port root)} = ($port, "$dir/root");
    my $listens = wait_until { IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") || !$self->running };
    return $listens && $self->running ? $self : die "nginx did not start\n" . slurp("$dir/error.log");
}

sub port { return $_[0]{port} }
sub root { return $_[0]{root} }
sub address { return "127.0.0.1:$_[0]{port}" }

# The process id of the worker.
sub worker {
    my ($self) = @_;
    my $pid = $self->pid;
    my ($child) = split / /, slurp("/proc/$pid/task/$pid/children");
    return $child // die "nginx has no worker\n";
}

sub _configuration {
    my ($dir, $port, $pair, $more) = @_;
    # Started by root, its worker would be somebody else, who may have no way to its files.
    my $user = $> == 0 ? 'user root;' : '';
    return <<"END";
$user
daemon off;
worker_processes 1;
pid $dir/pid;
error_log $dir/error.log warn;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path $dir/tmp/body;
    proxy_temp_path $dir/tmp/proxy;
    fastcgi_temp_path $dir/tmp/fastcgi;
    uwsgi_temp_path $dir/tmp/uwsgi;
    scgi_temp_path $dir/tmp/scgi;
    sendfile on;
    server {
        listen 127.0.0.1:$port ssl;
        ssl_certificate $pair->{cert};
        ssl_certificate_key $pair->{key};
        ssl_protocols TLSv1.2 TLSv1.3;
        root $dir/root;
        $more
    }
}
END
}

1;
