# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Differs;

# A licence to be unlike the original: its input runs with the system's openssl and with ours, and each must do what the
# licence says. One that is no longer true fails, and has to leave the spec.

use strict;
use warnings;

use Exporter qw(import);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use SApps::Build qw(program slurp spew work_dir);
use SApps::Certificates qw(certificate);
use SApps::Oracle qw(openssl);
use SApps::Process;
use SApps::Run qw(closed_address);
use SApps::Server;
use SApps::Wire qw(closing_server resetting_server tcp);

our @EXPORT_OK = qw(differs keeps stands);

use constant PATIENCE => 10;
use constant TIME_TO_SPEAK => 0.5;

# What a word in braces stands for, as STANDS of codegen/model.py says: addresses are made once, files in each directory.
my %address = (
    closed    => \&closed_address,
    server    => sub { _tls_server() },
    resetting => sub { resetting_server(_address('server')) },
    closing   => \&closing_server,
);
my %file = (
    cert     => sub { certificate('server')->{cert} },
    key      => sub { certificate('server')->{key} },
    cert_der => sub { certificate('server')->{der} },
    key_der  => sub { certificate('server')->{key_der} },
    file     => sub { spew('file.txt', "some text\n") },
    response => sub { spew('answer.http', "HTTP/1.0 200 OK\r\nX-Own: yes\r\n\r\nbody\n") },
    folder   => sub { mkdir 'folder'; 'folder' },
    outside  => sub { spew('../outside.txt', "outside\n"); symlink '../outside.txt', 'outside'; 'outside' },
);
my (%made, $server);

# The words, sorted.
sub stands {
    return sort keys %address, keys %file;
}

# differs('s_client', id => ..., input => [...], stdin => 'text', stdout => 'file', request => 'text', client => [...],
# silent => 1, upstream => {status, out, err, answer, files}, ours => {...}, why => ...): two tests. The keys are those of
# a Difference in codegen/model.py.
sub differs {
    my ($program, %item) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    keeps("$item{id}: the original still does as is said", [openssl($program)], \%item, 'upstream');
    keeps("$item{id}: $program does otherwise, because $item{why}", [program($program)], \%item, 'ours');
    return;
}

sub _filled {
    my ($text) = @_;
    return $text =~ s/\{(\w+)\}/$file{$1} ? $file{$1}->() : _address($1)/ger;
}

sub _address {
    my ($word) = @_;
    my $make = $address{$word} // die "nothing is known about {$word}\n";
    return $made{$word} //= $make->();
}

sub _tls_server {
    $server = SApps::Server->start(which => 'openssl', args => ['-www'], accept => '127.0.0.1:0');
    return '127.0.0.1:' . $server->port;
}

# keeps('sentence', \@command, \%item, 'ours'): the test of one side, in a directory of its own.
sub keeps {
    my ($name, $program, $item, $side) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $folder = work_dir() . "/$item->{id}-$side";
    mkdir $folder;
    chdir $folder or die "cannot change to $folder: $!\n";
    my $before = umask 022;
    spew('server.pem', slurp(certificate('server')->{both}));
    my $outcome = $item->{$side};
    my $files = { map { _filled($_) => $outcome->{files}{$_} } keys %{ $outcome->{files} // {} } };
    my $run = _run([@{$program}, map { _filled($_) } @{ $item->{input} }], $item, { %{$outcome}, files => $files });
    ok($run->{kept}, $name) or diag(join "\n", map { $_->story } grep { $_ } @{$run}{qw(process client)});
    umask $before;
    chdir work_dir();
    return;
}

# Runs the command until it does what the outcome says, or ends, or the patience is over.
sub _run {
    my ($command, $item, $outcome) = @_;
    my %options = (command => $command);
    $options{stdin} = 'none' if !defined $item->{stdin};
    $options{setup} = sub { _write_to($item->{stdout}) } if defined $item->{stdout};
    my %run = (process => SApps::Process->start(%options));
    $run{process}->send(_filled($item->{stdin})) if defined $item->{stdin};
    _visit(\%run, $item) if defined $item->{request};
    my $speak = time + TIME_TO_SPEAK;
    my $deadline = time + SApps::Process::patience(PATIENCE);
    while ($run{process}->running && time < $deadline) {
        if ((time > $speak || $run{client} && !$run{client}->running) && _matches(\%run, $outcome)) {
            last if !defined $outcome->{status};
            $run{process}->close_stdin;
        }
        sleep 0.01;
    }
    my $ended = !$run{process}->running;
    my $right = !defined $outcome->{status} || $ended && ($run{process}->status // -1) == $outcome->{status};
    $run{kept} = $right && _matches(\%run, $outcome);
    $_->stop for grep { $_ } @run{qw(client process)};
    return \%run;
}

sub _write_to {
    my ($path) = @_;
    my $fd = POSIX::open($path, POSIX::O_WRONLY() | POSIX::O_CREAT(), 0666) // POSIX::_exit(126);
    POSIX::dup2($fd, 1);
    return;
}

# A program that does not listen gets no clients.
sub _visit {
    my ($run, $item) = @_;
    my ($port) = $run->{process}->expect(qr/^ACCEPT .*:(\d+)$/m, PATIENCE);
    return if !defined $port;
    $run->{silent} = [map { tcp($port) } 1 .. $item->{silent} // 0];
    my @command = (openssl('s_client'), '-quiet', '-connect', "127.0.0.1:$port", map { _filled($_) } @{ $item->{client} });
    $run->{client} = SApps::Process->start(command => \@command, name => 'client');
    $run->{client}->send(_filled($item->{request}));
    $run->{client}->close_stdin;
    return;
}

sub _matches {
    my ($run, $outcome) = @_;
    my ($process, $client) = @{$run}{qw(process client)};
    my %text = (out => $process->out, err => $process->err, answer => $client ? $client->out : '');
    for my $part (grep { defined $outcome->{$_} } keys %text) {
        return 0 if $text{$part} !~ /(?:$outcome->{$part})/m;
    }
    my %files = %{ $outcome->{files} };
    return !grep { _mode($_) ne $files{$_} } keys %files;
}

sub _mode {
    my ($path) = @_;
    my @facts = stat $path;
    return @facts ? sprintf '%04o', $facts[2] & 07777 : 'none';
}

1;
