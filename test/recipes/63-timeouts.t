# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# -connect_timeout, -handshake_timeout and -max_time of both programs: each ends its phase in time, with one sentence and
# the documented exit status, and no other phase.

use SApps::Test;

use IO::Socket::INET;
use Socket qw(SOCK_STREAM);
use Time::HiRes qw(sleep time);

# It ended with that status, not before its time and not long after, and told why.
sub timed {
    my ($process, $name, %expected) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ended($process, $expected{status}, "$name: the exit status is $expected{status}");
    cmp_ok($process->seconds, '>=', $expected{seconds} - 0.005, "$name: not before its time, to a few milliseconds");
    cmp_ok($process->seconds, '<', $expected{seconds} + SApps::Process::patience(4), "$name: not long after it");
    my @sentences = grep { /^s_(?:client|server): / } split /\n/, $process->err;
    like($sentences[0] // '', $expected{tells}, "$name: a sentence tells it");
    return;
}

# A listener that accepts, at the level of TCP, and says nothing.
my $silent = IO::Socket::INET->new(Listen => 20, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my @silent = ('-connect', '127.0.0.1:' . $silent->sockport);

# A listener whose queue is full: the system answers no further connection.
my $full = IO::Socket::INET->new(Listen => 0, LocalAddr => '127.0.0.1', Type => SOCK_STREAM) or die "listen: $!\n";
listen $full, 0;
my @waiting = map { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $full->sockport, Blocking => 0) } 1 .. 4;
sleep 0.1;
my @hole = ('-connect', '127.0.0.1:' . $full->sockport);

# The client.
for my $case ([[], 1], [['-exit_status', 'classic'], 1], [['-exit_status', 'detailed'], 9]) {
    my ($more, $status) = @{$case};
    my $name = @{$more} ? $more->[1] : 'by default';
    timed(run_client([@hole, '-connect_timeout', '0.3', @{$more}]), "-connect_timeout, $name", status => $status, seconds => 0.3,
        tells => qr/connecting took longer than 0\.3 s/);
    timed(run_client([@silent, '-handshake_timeout', '0.3', @{$more}]), "-handshake_timeout, $name", status => $status, seconds => 0.3,
        tells => qr/the handshake took longer than 0\.3 s \(-handshake_timeout\)/);
    timed(run_client([@silent, '-max_time', '0.3', @{$more}]), "-max_time in the handshake, $name", status => $status, seconds => 0.3,
        tells => qr/not over after 0\.3 s \(-max_time\)/);
}
timed(run_client([@hole, '-max_time', '0.3']), '-max_time while connecting', status => 1, seconds => 0.3, tells => qr/not over after 0\.3 s \(-max_time\)/);
timed(run_client([@hole, '-connect_timeout', '0.3', '-max_time', '30']), '-connect_timeout, which ends first', status => 1, seconds => 0.3, tells => qr/connecting/);
timed(run_client([@hole, '-connect_timeout', '30', '-max_time', '0.3']), '-max_time, which ends first', status => 1, seconds => 0.3, tells => qr/not over after 0\.3 s \(-max_time\)/);
timed(run_client([@silent, '-connect_timeout', '0.3', '-handshake_timeout', '0.5']), 'the time of connecting does not count for the handshake',
    status => 1, seconds => 0.5, tells => qr/handshake/);
my $hint = run_client([@silent, '-handshake_timeout', '0.1']);
like($hint->err, qr/sent nothing at all/, 'a second sentence says that nothing came');

my $peer = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0']);
# Where something has to succeed within a limit, it is one that a slow machine keeps as well.
my $limit = SApps::Process::patience(1);
my $open = SApps::Process->start(command => [program('s_client'), $peer->target, '-max_time', $limit]);
timed($open->wait, '-max_time of a connection that is open', status => 1, seconds => $limit, tells => qr/not over after $limit s \(-max_time\)/);
like($open->out, qr/^Verify return code/m, 'the report on it was printed');
my $longer = SApps::Process->start(command => [program('s_client'), $peer->target, '-connect_timeout', $limit, '-handshake_timeout', $limit]);
$longer->expect(qr/^\s*Verify return code/m);
sleep $limit + 0.3;
ok($longer->running, 'an open connection outlives the limits of connecting and of the handshake');
ended($longer->close_stdin, 0, 'and ends well');
ended(run_client([$peer->target, qw(-connect_timeout 20 -handshake_timeout 20 -max_time 20)]), 0, 'limits that are kept change nothing');
for my $option (qw(connect_timeout handshake_timeout max_time)) {
    for my $value ('soon', '0', '-1', '1e9') {
        my $wrong = run_client([@silent, "-$option", $value]);
        ended($wrong, 1, "-$option $value ends with 1");
        like($wrong->err, qr/Invalid value "$value" for option -$option: expected seconds/, "-$option $value is refused");
    }
}

# A peer that trickles does not stretch the limit.
my $slow = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my $trickling = SApps::Process->start(command => [program('s_client'), '-connect', '127.0.0.1:' . $slow->sockport, '-handshake_timeout', '0.5'], stdin => 'none');
my $drops = $slow->accept;
for (1 .. 40) {
    last if !$trickling->running || !defined syswrite $drops, $_ == 1 ? "\x16" : $_ == 2 ? "\x03" : $_ == 3 ? "\x03" : $_ == 4 ? "\x3f" : "\0";
    sleep 0.05;
}
timed($trickling->wait, 'a peer that sends a byte now and then', status => 1, seconds => 0.5, tells => qr/handshake/);

# The server.
sub silent_client {
    my ($server) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->port) // die "connect: $!\n";
}

for my $case ([[], 1], [['-exit_status', 'detailed'], 9]) {
    my ($more, $status) = @{$case};
    my $lonely = SApps::Server->start(args => ['-connect_timeout', '0.4', @{$more}]);
    timed($lonely->wait, "s_server -connect_timeout @{$more}: no client came", status => $status, seconds => 0.4, tells => qr/0\.4 s/);
}
my $visited = SApps::Server->start(args => ['-connect_timeout', '10', '-www']);
my $visitor = run([openssl('s_client', $visited->target, '-quiet')], stdin => "GET / HTTP/1.0\r\n\r\n");
like($visitor->out, qr/<HTML>/, 's_server -connect_timeout: a client in time gets its page');
$visited->stop;

for my $mode ([], ['-www'], ['-WWW'], ['-rev']) {
    my $server = SApps::Server->start(args => ['-handshake_timeout', $limit, '-naccept', 2, @{$mode}]);
    my $began = time;
    my $client = silent_client($server);
    my $end = sysread $client, my $buffer, 100;
    my $lasted = time - $began;
    is($end, 0, "s_server -handshake_timeout @{$mode}: a silent client is cut off");
    ok($lasted >= $limit - 0.005 && $lasted < $limit + SApps::Process::patience(4), "s_server -handshake_timeout @{$mode}: in time") or diag("after $lasted s");
    ok($server->expect(err => qr/handshake took longer than $limit s/, 5), "s_server -handshake_timeout @{$mode}: a sentence tells it");
    run([openssl('s_client', $server->target)], stdin => "Q\n");
    ended($server, 0, "s_server -handshake_timeout @{$mode}: it goes on with the next one, and ends with 0");
}
for my $mode ([], ['-www'], ['-WWW'], ['-rev']) {
    my $server = SApps::Server->start(args => ['-max_time', '0.6', '-naccept', 1, @{$mode}]);
    my $client = SApps::Process->start(command => [openssl('s_client', $server->target, '-quiet')]);
    ok(!$client->wait(10)->timed_out, "s_server -max_time @{$mode}: an idle client is cut off");
    cmp_ok($client->seconds, '>=', 0.5, "s_server -max_time @{$mode}: not before its time");
    ended($server, 0, "s_server -max_time @{$mode}: the server ends with 0");
    like($server->err, qr/\(-max_time\)/, "s_server -max_time @{$mode}: a sentence tells it");
}

done_testing;
