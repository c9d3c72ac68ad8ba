# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Clients that are silent, slow or stuck delay nobody: the time for a page beside them is that of a page beside none.

use SApps::Test;

use List::Util qw(min);
use Time::HiRes qw(sleep time);

use SApps::Wire qw(received reset_socket rss_of tcp);

my $MiB = 1 << 20;
spew('file.txt', "some text\n");
spew('raw.txt', "HTTP/1.0 200 raw\r\n\r\nsome text\n");
open my $big, '>', 'big' or die "big: $!\n";
truncate $big, 64 * $MiB;
close $big;

my %request = (
    '-www' => "GET / HTTP/1.0\r\n\r\n", '-WWW' => "GET /file.txt HTTP/1.0\r\n\r\n", '-HTTP' => "GET /raw.txt HTTP/1.0\r\n\r\n",
    '-rev' => "some text\nCLOSE\n",
);
my %answer = ('-www' => qr/<\/HTML>/, '-WWW' => qr/some text\n/, '-HTTP' => qr/some text\n/, '-rev' => qr/^txet emos$/m);

# The time that a client takes for its answer; UNANSWERED where none came.
use constant UNANSWERED => 1000;
sub answer_time {
    my ($server, $mode) = @_;
    my $client = run([openssl('s_client', '-quiet', $server->target)], stdin => $request{$mode}, timeout => 10);
    return $client->out =~ $answer{$mode} ? $client->seconds : UNANSWERED;
}

# A server answers as fast as another that has no clients. Both are asked in turn, because other recipes run at the same
# time, and their best times count. Who waits for one of the clients waits for seconds, or for ever.
sub is_as_fast {
    my ($server, $empty, $mode, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my ($beside, $alone) = (UNANSWERED) x 2;
    for my $round (1 .. 10) {
        $alone = min $alone, answer_time($empty, $mode);
        $beside = min $beside, answer_time($server, $mode);
        last if $round >= 3 && ($beside < 2 * $alone + 0.5 || $beside == UNANSWERED);
    }
    cmp_ok($beside, '<', 2 * $alone + 0.5, $name);
    return;
}

# The beginning of a ClientHello that claims to be longer than what comes.
my $half_hello = pack 'H*', '1603010200010001fc0303' . '5a' x 32 . '20' . 'a5' x 20;

sub annoy {
    my ($server, $mode) = @_;
    my @sockets = map { tcp($server->port) } 1 .. 40;
    for my $socket (@sockets[20 .. 29]) {
        syswrite $socket, $half_hello;
    }
    my @client = (openssl('s_client', '-quiet', $server->target));
    my @processes = map { SApps::Process->start(command => \@client) } 1 .. 3;
    $processes[0]->send(substr $request{$mode}, 0, 3);
    my $drip = fork // die "fork: $!\n";
    if ($drip == 0) {
        drip($sockets[30]);
    }
    return { sockets => \@sockets, processes => \@processes, drip => $drip };
}

# One byte of a ClientHello after the other, one a second.
sub drip {
    my ($socket) = @_;
    for my $byte (split //, $half_hello) {
        syswrite $socket, $byte or last;
        sleep 1;
    }
    POSIX::_exit(0);
}

for my $mode (sort keys %request) {
    my ($server, $empty) = map { SApps::Server->start(cert => 'server-ecdsa', args => [$mode]) } 1, 2;
    my $crowd = annoy($server, $mode);
    my @stuck;
    if ($mode eq '-WWW') {
        # A client that asks for a large file and then does not read on.
        @stuck = map { SApps::Process->start(command => ['curl', '-sk', '--limit-rate', '32M', '-o', "stuck-$_",
            'https://' . $server->address . '/big'], stdin => 'none') } 1 .. 2;
        wait_until { -s 'stuck-1' && -s 'stuck-2' };
        kill STOP => $_->pid for @stuck;
    }
    is_as_fast($server, $empty, $mode, "$mode: beside 40 silent and slow clients an answer comes as fast as beside none");
    ok((grep { $_->running } @{ $crowd->{processes} }) == 3, "$mode: they are still connected");
    cmp_ok(rss_of($server->pid), '<', (sanitized() ? 256 : 64) * 1024, "$mode: the server stays small");
    kill KILL => $crowd->{drip};
    waitpid $crowd->{drip}, 0;
    for my $stuck (@stuck) {
        kill CONT => $stuck->pid;
        ended($stuck, 0, "$mode: a client that rested gets its file when it goes on");
    }
    is(-s "stuck-$_", 64 * $MiB, "$mode: all of it") for 1 .. @stuck;
    unlink map { "stuck-$_" } 1 .. @stuck;
    reset_socket($_) for @{ $crowd->{sockets} };
    is_as_fast($server, $empty, $mode, "$mode: and when they have gone by a reset as well");
}

# The relay serves one client at a time, but a silent one does not keep the next from its handshake.
{
    my $server = SApps::Server->start(cert => 'server-ecdsa', args => []);
    my @silent = map { tcp($server->port) } 1 .. 20;
    my $client = SApps::Process->start(command => [openssl('s_client', '-quiet', $server->target)]);
    $client->send("a line\n");
    ok($server->expect(qr/^a line$/m, 5), 'relay: beside 20 silent clients a line arrives');
}

# The time limit on a handshake is each client's own, and one that a slow machine keeps.
my $limit = SApps::Process::patience(2);
for my $mode ('-www', '-rev') {
    my $server = SApps::Server->start(cert => 'server-ecdsa', args => [$mode, '-handshake_timeout', $limit]);
    my $start = time;
    my $early = tcp($server->port);
    my $talker = tcp($server->port);
    syswrite $talker, $half_hello;
    my $idle = SApps::Process->start(command => [openssl('s_client', '-quiet', $server->target)]);
    sleep 0.5;
    my $start_of_late = time;
    my $late = tcp($server->port);
    ok(defined received($early, 5), "$mode: a silent client is put out");
    my $first = time - $start;
    ok(defined received($talker, 5), "$mode: so is one with half a ClientHello");
    ok(defined received($late, 5), "$mode: so is one that came later");
    my $second = time - $start_of_late;
    cmp_ok($first, '>', $limit - 0.1, "$mode: not before its time");
    cmp_ok($second, '>', $limit - 0.1, "$mode: nor the later one before its own");
    cmp_ok($second, '<', 2 * $limit, "$mode: but soon");
    sleep 0.5;
    ok($idle->running, "$mode: a client whose handshake is done may stay idle");
    ok($server->expect(err => qr/(?:the handshake took longer than $limit s.*){3}/s, 5), "$mode: each is told");
}

# Many at once.
{
    my ($server, $empty) = map { SApps::Server->start(cert => 'server-ecdsa', args => ['-WWW']) } 1, 2;
    my $idle = SApps::Process->start(command => [build_dir() . '/bench/idle', $server->port, 400, 200]);
    ok($idle->expect(qr/^ready$/m, 120), '400 TLS clients and 200 silent ones are held');
    is_as_fast($server, $empty, '-WWW', 'and a further client gets its file as fast as beside none');
    my $each = (rss_of($server->pid) * 1024) / 600;
    cmp_ok($each, '<', sanitized() ? 1_000_000 : 150_000, 'each takes less than 150 kB of memory');
    $idle->stop;
    is_as_fast($server, $empty, '-WWW', 'when all have gone at once, it is served as well');
}

done_testing;
