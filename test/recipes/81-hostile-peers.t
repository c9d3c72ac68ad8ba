# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Peers that send garbage, too much, too little, or leave at any moment: no crash, no hang, bounded memory, and nothing of
# theirs steers a terminal.

use SApps::Test;

use IO::Socket::IP;
use Time::HiRes qw(sleep time);

use SApps::Wire qw(fake_server received reset_socket rss_of stay tcp);

my $limit = 48 * 1024;    # KiB
$limit *= 8 if sanitized();

# A process has ended by itself, by no signal, with 0 or 1.
sub survived {
    my ($process) = @_;
    return !$process->timed_out && $process->signal == 0 && $process->status <= 1;
}

# Ends a shell with all that it has started.
sub end_all {
    my ($shell) = @_;
    kill KILL => -$shell->pid;
    $shell->wait(5);
    return;
}

# Random bytes, the same in each run.
sub garbage {
    my ($seed, $length) = @_;
    srand $seed;
    return join '', map { chr int rand 256 } 1 .. $length;
}

sub record {
    my ($type, $payload, $version) = @_;
    return pack('C n n', $type, $version // 0x0303, length $payload) . $payload;
}

# ---- Servers that our client meets before any handshake.
my %first_words = (
    'garbage'                          => garbage(1, 5000),
    'another garbage'                  => garbage(2, 100),
    'zeros'                            => "\0" x 20_000,
    'an empty record'                  => record(22, ''),
    'a record that is too long'        => "\x16\x03\x03\xff\xff" . 'x' x 70_000,
    'a record of an unknown type'      => record(99, 'x' x 100),
    'a record of an unknown version'   => record(22, 'x' x 100, 0x0909),
    'application data'                 => record(23, 'x' x 1000),
    'an alert of one byte'             => record(21, "\2"),
    'an unknown alert'                 => record(21, "\2\xee"),
    'a warning'                        => record(21, "\1\0"),
    'a thousand warnings'              => record(21, "\1\x5a") x 1000,
    'a ChangeCipherSpec'               => record(20, "\1") x 100,
    'a handshake message of 16 MiB'    => record(22, "\2\xff\xff\xff" . 'x' x 16_000) . record(22, 'x' x 16_000) x 50,
    'a ServerHello with an odd length' => record(22, "\2\0\0\x26\3\3" . 'x' x 32 . "\xff\0\0\0"),
    'a HelloRequest a thousand times'  => record(22, "\0\0\0\0") x 1000,
    'a ClientHello'                    => record(22, "\1\0\0\x2b\3\3" . 'x' x 32 . "\0\0\2\x13\1\1\0\0\0"),
    'escape sequences'                 => "\e]0;owned\a\e[31m\e[2J" x 100,
    'heartbeats'                       => record(24, "\1\xff\xff") x 10,
);
my %meeting = map {
    my $bytes = $first_words{$_};
    my $address = fake_server(sub { syswrite $_[0], $bytes; sysread $_[0], my $hello, 4096; received($_[0], 0.2) });
    ($_ => SApps::Process->start(command => [program('s_client'), '-connect', $address, '-msg', '-state', '-tlsextdebug'],
        stdin => 'none', merge => 1));
} sort keys %first_words;
for my $word (sort keys %meeting) {
    my $process = $meeting{$word}->wait(10);
    ok(survived($process), "a server that begins with $word does not crash or hang the client") or diag($process->story);
    unlike($process->out, qr/[\e\a]/, "and with $word steers no terminal");
}
{
    my $address = fake_server(sub { 1 while syswrite $_[0], record(21, "\1\x5a") x 1000 });
    ok(survived(run_client(['-connect', $address], timeout => 8)), 'a server that warns for ever is left');
    $address = fake_server(sub { syswrite $_[0], "\x16\x03\x03\x3f\xff"; for (1 .. 100) { syswrite $_[0], 'x'; sleep 0.1 } });
    my $slow = run_client(['-connect', $address, '-max_time', '1'], timeout => 8);
    ok(survived($slow), 'one that trickles is left after -max_time');
    cmp_ok($slow->seconds, '<', SApps::Process::patience(3), 'in time');
}

# ---- Clients of our server that begin with nonsense, all at once, in each mode.
for my $mode ([], ['-www'], ['-WWW'], ['-rev'], ['-www', '-Verify', '2']) {
    my $server = SApps::Server->start(args => [@{$mode}, '-msg', '-state', '-debug']);
    my @sockets;
    for my $word (sort keys %first_words) {
        push @sockets, tcp($server->port);
        $sockets[-1]->blocking(0);
        syswrite $sockets[-1], $first_words{$word};
    }
    my @idle = map { tcp($server->port) } 1 .. 20;
    sleep 0.2;
    reset_socket($_) for @sockets;
    my $client = SApps::Process->start(command => [openssl('s_client', $server->target)]);
    ok($client->expect(qr/Cipher is TLS_/), "[@{$mode}] serves on after clients that begin with nonsense");
    $client->stop;
    ok($server->running, "[@{$mode}] runs on");
    unlike($server->out . $server->err, qr/[\e\a]/, "[@{$mode}] writes nothing of theirs that steers a terminal");
    cmp_ok(rss_of($server->pid), '<', $limit, "[@{$mode}] stays small");
}

my $get = "GET / HTTP/1.0\r\n\r\n";

# ---- Too much. Descriptors and memory stay where they were.
{
    my $crowded = SApps::Server->start(cert => 'server-ecdsa', args => ['-www']);
    my $descriptors = sub { return scalar(() = glob '/proc/' . $crowded->pid . '/fd/*') };
    my $before = $descriptors->();
    oracle(['s_client', $crowded->target, '-quiet'], stdin => $get);
    my $settled = wait_until { $descriptors->() == $before };
    ok($settled, 'a client that was served leaves no descriptor open');
    for my $round (1 .. 500) {
        my $socket = tcp($crowded->port);
        syswrite $socket, $first_words{'garbage'} if $round % 3 == 0;
        $round % 2 ? reset_socket($socket) : close $socket;
    }
    my $page = oracle(['s_client', $crowded->target, '-quiet'], stdin => $get);
    like($page->out, qr/200 ok/, 'after 500 clients that came and went a page is served');
    wait_until { $descriptors->() == $before };
    is($descriptors->(), $before, 'and no descriptor is left open');
    cmp_ok(rss_of($crowded->pid), '<', $limit, 'nor memory taken');
}
{
    # One endless line, and the answers are not read.
    my $reverse = SApps::Server->start(cert => 'server-ecdsa', args => ['-rev']);
    my @flood = ('/bin/sh', '-c', 'head -c 300000000 /dev/zero | tr "\0" x | "$@" | { sleep 2; head -c 100 >/dev/null; }', 'sh',
        openssl('s_client', '-quiet', $reverse->target));
    my $flood = SApps::Process->start(command => \@flood, stdin => 'none');
    sleep 1.5;
    cmp_ok(rss_of($reverse->pid), '<', $limit, 'a client that sends for ever and does not read fills no memory (-rev)');
    end_all($flood);
    my $page = SApps::Server->start(cert => 'server-ecdsa', args => ['-www']);
    my $headers = SApps::Process->start(command => ['/bin/sh', '-c', 'yes "X: y" | head -c 100000000 | "$@" >/dev/null', 'sh',
        openssl('s_client', '-quiet', '-no_ign_eof', $page->target)], stdin => 'none');
    ok(!$headers->wait(15)->timed_out, 'a client that sends a request without end is left (-www)');
    cmp_ok(rss_of($page->pid), '<', $limit, 'and fills no memory');
}
{
    # A server that sends for ever to a client whose output is not read.
    my $pair = certificate('server-ecdsa');
    my $endless = SApps::Process->start(stdin => 'none', name => 'endless', command => ['/bin/sh', '-c', 'cat /dev/zero | "$@"', 'sh',
        program('s_server'), '-quiet', '-unix', 'endless', '-cert', $pair->{cert}, '-key', $pair->{key}]);
    wait_until { -S 'endless' };
    pipe my $reader, my $writer or die;
    my $client = SApps::Process->start(command => [program('s_client'), '-quiet', '-unix', 'endless'],
        setup => sub { POSIX::dup2(fileno $writer, 1) });
    close $writer;
    sleep 1;
    cmp_ok(rss_of($client->pid), '<', $limit, 'a server that sends for ever fills no memory of a client that is not read');
    cmp_ok(rss_of($endless->pid), '<', $limit, 'nor its own');
    close $reader;
    ok(!$client->wait(5)->timed_out, 'the client ends when its reader has gone');
    is($client->status, 0, 'with success');
    end_all($endless);
}

# ---- Names that would steer a terminal.
{
    my $escape = "\e]0;owned\a\e[31mred\r\nVerification: OK\n\x9b2J\x7f";
    spew('evil.cnf', "[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=utf8only\nx509_extensions=ext\nutf8=no\n"
        . "[dn]\nO=evil\\e[1m\nCN=replaced by -subj\n[ext]\nsubjectAltName=DNS:x\e[31m.example,email:a\e\@b\n");
    my $made = run([openssl(qw(req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout evil.key -out evil.pem -days 30),
        '-config', 'evil.cnf', '-subj', '/O=evil/CN=' . $escape =~ s{([/+=\\])}{\\$1}gr)]);
    ok(-s 'evil.pem', 'there is a certificate with escape bytes') or diag($made->story);
    my @pair = ('-cert', 'evil.pem', '-key', 'evil.key');
    my $evil = SApps::Server->start(which => 'openssl', cert => undef, args => [@pair, '-www', '-alpn', "h2\e[31m"]);
    for my $more ([], ['-showcerts'], ['-brief'], ['-json'], ['-tlsextdebug', '-msg', '-state'], ['-debug'], ['-trace'], ['-nameopt', 'utf8'],
        ['-nameopt', 'RFC2253'], ['-nameopt', 'multiline,-esc_ctrl,-esc_msb'], ['-nameopt', 'compat'],
        ['-verify_return_error'], ['-verify_hostname', "x\e[31m.example"], ['-prexit']) {
        my $process = run_client([$evil->target, @{$more}, '-alpn', "h2\e[31m"], merge => 1);
        ok(survived($process), "[@{$more}] the client reports on it") or diag($process->story);
        unlike($process->out, qr/[\e\a\r\x7f\x9b]|(?<!\xc2)\x9b/, "[@{$more}] and no byte of it steers the terminal");
        is(scalar(() = $process->out =~ /^Verification: OK$/mg), 0, "[@{$more}] nor forges a line") if "@{$more}" !~ /brief/;
    }
    for my $mode ([], ['-www'], ['-rev']) {
        my $server = SApps::Server->start(args => [@{$mode}, '-verify', '3', '-alpn', 'h2', '-servername', 'x', '-cert2',
            certificate('second')->{cert}, '-key2', certificate('second')->{key}, '-state', '-tlsextdebug']);
        my $answer = oracle(['s_client', $server->target, @pair, '-alpn', "h2,x\e[31m", '-servername', "evil\e[31m\a\x9b", '-quiet',
            '-no_ign_eof'], stdin => "CLOSE\n");
        ok($server->expect(err => qr/CN ?= ?"?\\(?:1B|x1b)\]0;owned\\(?:x07|07)/), "[@{$mode}] the server tells of such a client");
        my $told = $server->out . $server->err;
        unlike($told, qr/[\e\a\r\x7f]|(?<!\xc2)\x9b/, "[@{$mode}] and no byte of it steers the terminal");
    }
}

done_testing;
