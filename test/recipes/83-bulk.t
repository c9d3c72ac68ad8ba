# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Many bytes through both programs, to pipes and files, slow and fast readers: every one arrives, in order, once.

use SApps::Test;

use Digest::SHA qw(sha256_hex);
use Time::HiRes qw(sleep);

use SApps::Nginx;
use SApps::Wire qw(rss_of);

my $size = 20 << 20;
my $pair = certificate('server-ecdsa');

# Bytes that no shift of theirs resembles, with what commands begin with at line starts.
sub fill {
    my ($name, $seed) = @_;
    srand $seed;
    my $block = join '', map { pack 'L', rand 2**32 } 1 .. 16384;
    my $text = join '', map { pack('N', $_) . "\nQ\nR\nK\n" . substr $block, $_ % 1000 } 1 .. 1 + $size / 65_000;
    spew($name, substr $text, 0, $size);
    return sha256_hex(slurp($name));
}
my %digest = map { $_ => fill($_, length $_) } 'up', 'down!';

# A server that writes no ACCEPT line is found by its socket.
sub quiet_server {
    my ($name, $input, @arguments) = @_;
    my $server = SApps::Process->start(name => $name, command => ['/bin/sh', '-c', qq{$input exec "\$@"}, 'sh', program('s_server'),
        '-quiet', '-unix', $name, '-unlink', '-naccept', '1', '-cert', $pair->{cert}, '-key', $pair->{key}, @arguments]);
    wait_until { -S $name };
    return $server;
}

sub digest_of { return sha256_hex($_[0]) }

# The client's input, its output and the server's, in the words of a shell.
sub exchange {
    my ($name, %options) = @_;
    my $up = $options{up} // '';
    my $down = $options{down} // '';
    my $socket = 'socket-' . $name =~ s/\W+/-/gr;
    my $server = quiet_server($socket, $down ? "exec <'$down';" : 'exec </dev/null;', '-ign_eof', @{ $options{server} // [] });
    my $client = SApps::Process->start(stdin => 'none', command => ['/bin/sh', '-c', $options{shell}, 'sh', program('s_client'),
        '-quiet', '-no_ign_eof', '-unix', $socket, @{ $options{client} // [] }]);
    my $ended = !$client->wait(20)->timed_out;
    ok($ended, "$name: the client ends");
    return ($client, $server);
}

for my $version ('-tls1_2', '-tls1_3') {
    my ($client, $server) = exchange("upload from a file $version", shell => 'exec "$@" <up', client => [$version]);
    ended($server, 0, "$version: the server ends after its client");
    is(digest_of($server->out), $digest{up}, "$version: every byte of a file arrives at the server");
    ($client, $server) = exchange("upload from a pipe $version", shell => 'cat up | "$@"', client => [$version]);
    is(digest_of($server->wait->out), $digest{up}, "$version: every byte of a pipe arrives at the server");
}
{
    my ($client, $server) = exchange('upload in small pieces', client => ['-max_send_frag', '512'],
        shell => '{ for i in 1 2 3 4 5; do head -c 100000; sleep 0.05; done; cat; } <up | "$@"');
    is(digest_of($server->wait->out), $digest{up}, 'a slow writer in small records loses nothing');
    # A few bytes at a time, so there are fewer of them.
    ($client, $server) = exchange('upload with pretended blocks', shell => 'head -c 300000 up | "$@"', client => ['-nbio_test'],
        server => ['-nbio_test']);
    ok($server->wait->out eq substr(slurp('up'), 0, 300_000), '-nbio_test at both ends loses nothing');
}

# From the server to the client: until its end of file the client's input stays open.
sub download {
    my ($name, $shell, %options) = @_;
    my $socket = 'socket-' . $name =~ s/\W+/-/gr;
    my $server = quiet_server($socket, 'exec <' . ($options{down} // "'down!'") . ';', @{ $options{server} // [] });
    my $client = SApps::Process->start(command => ['/bin/sh', '-c', $shell, 'sh', program('s_client'), '-quiet', '-unix', $socket,
        @{ $options{client} // [] }]);
    ok(!$client->wait(20)->timed_out, "$name: the client ends with the server");
    return ($client, $server);
}
my ($file) = download('download to a file', 'exec "$@"');
is(digest_of($file->out), $digest{'down!'}, 'every byte of the server arrives in a file');
my ($pipe) = download('download to a pipe', '"$@" | cat');
is(digest_of($pipe->out), $digest{'down!'}, 'every byte of the server arrives in a pipe');
my ($slow) = download('download to a slow reader', '"$@" | { for i in 1 2 3 4 5; do head -c 50000; sleep 0.1; done; cat; }');
is(digest_of($slow->out), $digest{'down!'}, 'a slow reader loses nothing');
spew('less', substr slurp('down!'), 0, 300_000);
my ($blocks) = download('download with pretended blocks', 'exec "$@"', down => 'less', client => ['-nbio_test'], server => ['-nbio_test']);
ok($blocks->out eq slurp('less'), '-nbio_test at both ends loses nothing on the way down');
my ($early) = download('download to a reader that leaves', '"$@" | head -c 1000');
is(length $early->out, 1000, 'a reader that leaves early gets what it asked for');

# Both ways at once.
{
    my $server = quiet_server('both', "exec <'down!';", '-ign_eof');
    my $client = SApps::Process->start(stdin => 'none', command => ['/bin/sh', '-c',
        '{ cat up; while test "$(wc -c <client-got)" -lt ' . $size . '; do sleep 0.02; done; } | "$@" >client-got', 'sh',
        program('s_client'), '-quiet', '-no_ign_eof', '-unix', 'both']);
    ended($client->wait(20), 0, 'both ways at once: the client ends');
    ended($server, 0, 'both ways at once: the server ends');
    is(digest_of(slurp('client-got')), $digest{'down!'}, 'both ways at once: all arrives at the client');
    is(digest_of($server->out), $digest{up}, 'both ways at once: all arrives at the server');
}

# Line ends.
{
    my ($client, $server) = exchange('upload with -crlf', shell => 'exec "$@" <up', client => ['-crlf']);
    my $expected = slurp('up') =~ s/\n/\r\n/gr;
    is(digest_of($server->wait->out), digest_of($expected), '-crlf makes each LF a CR LF and changes nothing else');
}

# Without -quiet the first letter of a line commands, so text goes through that has none such.
{
    my $text = join '', map { "line $_ of many lines\n" } 1 .. 200_000;
    my $server = SApps::Server->start(cert => 'server-ecdsa', args => ['-naccept', '1', '-ign_eof'], name => 'talks');
    my $client = run_client([$server->target], stdin => $text);
    ended($client, 0, 'a long text ends');
    ended($server, 0, 'at the server too');
    my ($got) = $server->out =~ /^(line 1 of.*)^DONE$/ms;
    ok(($got // '') eq $text, 'and every line of it arrives');
}

# A peer not our own, larger than every buffer between.
{
    my $nginx = SApps::Nginx->start(cert => 'server-ecdsa');
    spew($nginx->root . '/down', slurp('down!'));
    my $client = run_client(['-quiet', '-connect', $nginx->address], stdin => "GET /down HTTP/1.0\r\n\r\n");
    ended($client, 0, 'a long answer of nginx ends');
    is(digest_of($client->out =~ s/\A.*?\r\n\r\n//sr), $digest{'down!'}, 'and every byte of it arrives');
    my $server = SApps::Server->start(cert => 'server-ecdsa', args => ['-WWW']);
    spew('copy', slurp('down!'));
    run(['curl', '-sk', '-o', 'curled', 'https://' . $server->address . '/copy']);
    is(digest_of(slurp('curled')), $digest{'down!'}, 'curl gets every byte of a file of ours');
    my $served = fetch_ours($server);
    is(digest_of($served), $digest{'down!'}, 'our client too');
}

sub fetch_ours {
    my ($server) = @_;
    return run_client(['-quiet', $server->target], stdin => "GET /copy HTTP/1.0\r\n\r\n")->out =~ s/\A.*?\r\n\r\n//sr;
}

# Memory does not grow with what is moved: the reader rests while the writer goes on.
{
    my $server = quiet_server('resting', "exec <'down!';");
    my $client = SApps::Process->start(command => ['/bin/sh', '-c', '"$@" | { head -c 1; sleep 5; }', 'sh', program('s_client'), '-quiet',
        '-unix', 'resting']);
    $client->expect(qr/./s);
    sleep 0.3;
    my $most = (sanitized() ? 8 : 1) * 32 * 1024;
    cmp_ok(rss_of($server->pid), '<', $most, 'a server whose client rests does not take in all its input');
    kill KILL => -$client->pid;
    $client->wait(5);
    $server->stop;
}

unlink glob '*.out *-got up down* copy curled';
done_testing;
