# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What s_server does with its clients, where it listens, and how it ends.

use SApps::Test;

use IO::Socket::IP;

use SApps::Wire qw(fetch fetch_by_curl tcp);

my $get = "GET / HTTP/1.0\r\n\r\n";

# The status page.
{
    my $server = SApps::Server->start(args => ['-www']);
    my $answer = fetch($server, $get)->out;
    like($answer, qr/\AHTTP\/1\.0 200 ok\r\nContent-type: text\/html\r\n\r\n<HTML>/, 'a page begins with status and type');
    like($answer, qr/<\/pre><\/BODY><\/HTML>\r\n\r\n\z/, 'it is whole');
    my %feature = features();
    my $renegotiation = $feature{conf_3_2} ? 'This TLS version forbids renegotiation.' : 'Secure Renegotiation IS supported';
    for my $line ($renegotiation, 'Ciphers supported in s_server binary',
        'Ciphers common between both SSL end points:', 'New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384', 'SSL-Session:',
        '   1 server accepts that finished', 'no client certificate available') {
        like($answer, qr/^\Q$line\E$/m, "it says '$line'");
    }
    like(fetch($server, $get, args => ['-tls1_2'])->out, qr/^New, TLSv1\.2, Cipher is ECDHE-/m, 'it says TLSv1.2 too');
    like(fetch($server, "GET HTTP/1.0\r\n\r\n")->out, qr/\AHTTP\/1\.0 200 ok\r\n/, 'a request without a path is answered');
    like(fetch($server, "GET /\n")->out, qr/\AHTTP\/1\.0 200 ok\r\n/, 'a request without version is answered');
    like(fetch($server, "HEAD / HTTP/1.0\r\n\r\n")->out, qr/\AHTTP\/1\.0 200 ok\r\n(?:.+\r\n)+\r\n\z/,
        'HEAD gets the header alone');
    like(fetch($server, "PUT / HTTP/1.0\r\n\r\n")->out, qr/\AHTTP\/1\.0 501 /, 'another method is refused');
    my $page = fetch_by_curl($server, '/', '-w', '%{http_code}');
    ended($page, 0, 'curl takes the page for a whole one');
    like($page->out, qr/200\z/, 'it sees status 200');
    my @client = (-cert => certificate('client')->{cert}, -key => certificate('client')->{key});
    like(fetch($server, "GET /renegcert HTTP/1.0\r\n\r\n", args => ['-tls1_2', @client])->out,
        qr/^Client certificate\n.*Subject: O ?= ?s_apps, CN ?= ?client\n/ms, '/renegcert asks for a certificate and shows it');
    like(fetch($server, "GET /reneg HTTP/1.0\r\n\r\n", args => ['-tls1_2'])->out, qr/^ *[1-9]\d* server renegotiates/m,
        '/reneg renegotiates');
}

# The page goes to everybody, so no secret of the command line is on it; nor can ps show one.
{
    my %word = map { $_ => "word-of-$_" } qw(pass dpass);
    for my $name (sort keys %word) {
        my $pair = certificate($name eq 'pass' ? 'server' : 'server-ecdsa');
        run([openssl('pkey', '-in', $pair->{key}, '-aes256', '-passout', "pass:$word{$name}", '-out', "$name.key")]);
    }
    my $psk = '5ec2e7aa5ec2e7bb5ec2e7cc5ec2e7dd';
    my $server = SApps::Server->start(cert => undef, args => [
        '-www', '-cert', certificate('server')->{cert}, '-key', 'pass.key', '-pass', "pass:$word{pass}",
        '-dcert', certificate('server-ecdsa')->{cert}, '-dkey', 'dpass.key', '-dpass', "pass:$word{dpass}",
        '-psk', $psk, '-psk_identity', 'somebody',
    ]);
    my $arguments = slurp('/proc/' . $server->pid . '/cmdline');
    for my $path ('/', '/stats', '/reneg') {
        my $page = fetch($server, "GET $path HTTP/1.0\r\n\r\n", args => ['-tls1_2'])->out;
        like($page, qr/^HTTP\/1\.0 200 ok/, "$path: there is a page");
        unlike($page, qr/\Q$_\E/i, "$path: it does not show $_") for $word{pass}, $word{dpass}, $psk;
    }
    unlike($arguments, qr/\Q$_\E/i, "the process list does not show $_") for $word{pass}, $word{dpass}, $psk;
    like($arguments, qr/-www/, 'though it shows the command');
}

# Files.
{
    spew('file.txt', "some text\n");
    spew("page.$_", "<p>a page\n") for qw(html htm php);
    spew('own', "HTTP/1.0 203 mine\r\nX-Own: 1\r\n\r\nbody\n");
    my $files = SApps::Server->start(args => ['-WWW']);
    is(fetch($files, "GET /file.txt HTTP/1.0\r\n\r\n")->out, "HTTP/1.0 200 ok\r\nContent-type: text/plain\r\n\r\nsome text\n",
        '-WWW sends a file as plain text');
    like(fetch($files, "GET /page.$_ HTTP/1.0\r\n\r\n")->out, qr{\AHTTP/1\.0 200 ok\r\nContent-type: text/html\r\n\r\n<p>},
        "-WWW sends .$_ as HTML") for qw(html htm php);
    like(fetch($files, "GET /stats HTTP/1.0\r\n\r\n")->out, qr{^Ciphers supported in s_server binary}m,
        '-WWW has the page at /stats');
    like($files->err, qr/^FILE:file\.txt$/m, 'a file that is sent is told');
    my $raw = SApps::Server->start(args => ['-HTTP']);
    is(fetch($raw, "GET /own HTTP/1.0\r\n\r\n")->out, slurp('own'), '-HTTP sends the file as it is');
    like(fetch_by_curl($raw, '/own', '-i')->out, qr/\AHTTP\/1\.0 203 mine\r\n/, 'curl sees the status line of the file');
    is(fetch($raw, "HEAD /own HTTP/1.0\r\n\r\n")->out, "HTTP/1.0 203 mine\r\nX-Own: 1\r\n\r\n", 'HEAD gets the header of the file alone');
    spew('no-end', "HTTP/1.0 204 None\r\nX: y\r\n");
    is(fetch($raw, "HEAD /no-end HTTP/1.0\r\n\r\n")->out, slurp('no-end'), 'a file that is all header goes out whole');
    is(fetch($raw, "HEAD /file.txt HTTP/1.0\r\n\r\n")->out, '', 'and nothing of one without a header');
    is(fetch_by_curl($raw, '/none', '-o', 'answer', '-w', '%{http_code}')->out, '404', 'a missing file is a 404 there too');
    is(fetch_by_curl($files, '/', '-o', 'answer', '-w', '%{http_code}')->out, '404', 'so is no file at all');
}

# Lines in reverse.
{
    my $server = SApps::Server->start(args => ['-rev']);
    my $client = SApps::Process->start(command => [openssl('s_client', '-quiet', $server->target)]);
    $client->send("hello\n");
    ok($client->expect(qr/^olleh\n/), 'a line comes back in reverse');
    $client->send("ab");
    $client->send("cd\r\n\n");
    ok($client->expect(qr/^olleh\ndcba\n\n\z/), 'so does one that came in two pieces, and an empty one');
    my $long = join '', map { chr 97 + $_ % 26 } 1 .. 12_000;
    $client->send("$long\n");
    ok($client->expect(qr/^\Q${\ scalar reverse $long}\E\n/m), 'and a long one');
    my $second = fetch($server, "CLOSE\n");
    ended($second, 0, 'CLOSE ends the connection, beside another that goes on');
    $client->send("again\n");
    ok($client->expect(qr/^niaga\n/m), 'which is still answered');
    is(scalar(() = $server->err =~ /^CONNECTION ESTABLISHED\nProtocol version: TLSv1\.3\n/mg), 2, 'each connection is reported');
}

# How many.
{
    my $server = SApps::Server->start(args => ['-www', '-naccept', '3']);
    like(fetch($server, $get)->out, qr/^HTTP/, 'one of three is served');
    close tcp($server->port);
    ok($server->running, 'the server goes on after the second');
    my $plain = tcp($server->port);
    print {$plain} "GET / HTTP/1.0\r\n\r\n";
    ended($server, 0, 'after -naccept connections it ends with success, though two handshakes failed');
    like($server->err, qr/the client speaks HTTP in plain text, not TLS/, 'the failures are told');
}

# Where.
my @accepts = (
    ['0', qr/^ACCEPT \[::\]:\d+$/m, '127.0.0.1', '::1'], ['*:0', qr/^ACCEPT \[::\]:\d+$/m, '127.0.0.1', '::1'],
    ['127.0.0.1:0', qr/^ACCEPT 127\.0\.0\.1:\d+$/m, '127.0.0.1'], ['[::1]:0', qr/^ACCEPT \[::1\]:\d+$/m, '::1'],
);
for my $case (@accepts) {
    my ($accept, $line, @reached) = @{$case};
    my $server = SApps::Server->start(accept => $accept, args => ['-www']);
    like($server->out, $line, "-accept $accept tells where it listens");
    for my $host ('127.0.0.1', '::1') {
        my $socket = IO::Socket::IP->new(PeerHost => $host, PeerPort => $server->port);
        my $expected = grep { $_ eq $host } @reached;
        is($socket ? 1 : 0, $expected, "-accept $accept is " . ($expected ? '' : 'not ') . "reached by $host");
    }
}
for my $case (['-4', qr/^ACCEPT 0\.0\.0\.0:/m, '127.0.0.1', '::1'], ['-6', qr/^ACCEPT \[::\]:/m, '::1', '127.0.0.1']) {
    my ($option, $line, $reached, $not) = @{$case};
    my $server = SApps::Server->start(args => [$option, '-www']);
    like($server->out, $line, "$option tells where it listens");
    ok(IO::Socket::IP->new(PeerHost => $reached, PeerPort => $server->port), "$option: $reached is served");
    ok(!IO::Socket::IP->new(PeerHost => $not, PeerPort => $server->port), "$option: $not is not");
}
{
    my $first = SApps::Server->start(accept => '127.0.0.1:0', args => ['-www']);
    my $port = $first->port;
    my $second = run_server_command(['-selfsign', 'x', '-accept', "127.0.0.1:$port"], timeout => 5);
    ended($second, 1, 'a port in use ends the server');
    like($second->err, qr/cannot listen on 127\.0\.0\.1:$port: Address already in use/, 'the port is named');
    ended(run_server_command(['-exit_status', 'detailed', '-selfsign', 'x', '-accept', "127.0.0.1:$port"], timeout => 5), 4,
        'the detailed status says that listening failed');
    $first->stop;
    my $again = SApps::Server->start(accept => "127.0.0.1:$port", args => ['-www', '-naccept', '1']);
    like($again->out, qr/^ACCEPT$/m, 'with a port that was given the line is ACCEPT alone, and the port can be used again at once');
    my $page = run([openssl('s_client', '-quiet', '-connect', "127.0.0.1:$port")], stdin => $get);
    like($page->out, qr/^HTTP\/1\.0 200/, 'it is served there');
    ended($again, 0, 'and the server ends after it');
}

# With -debug the server is not quiet: its port can be read.
for my $quiet ('-quiet', '-brief') {
    my $server = SApps::Server->start(args => [$quiet, '-debug']);
    like($server->out, qr/^ACCEPT .*:\d+$/m, "$quiet -debug: it says where it listens");
}

# Whoever reads what the server writes may leave: the clients are served on.
{
    for my $case (['| head -1', 0, qr/^$/], ['>/dev/full', 0, qr/^s_server: cannot write to standard output: No space left on device\n$/]) {
        my ($where, $status, $told) = @{$case};
        my @server = (program('s_server'), '-selfsign', 'localhost', '-unix', 'talk', '-unlink', '-ign_eof', '-naccept', '3');
        my $shell = SApps::Process->start(stdin => 'none',
            command => ['bash', '-c', "set -o pipefail; (exec \"\$\@\" 2>err) $where", 'bash', @server]);
        wait_until { -S 'talk' };
        my @clients = map { run([openssl(qw(s_client -unix talk))], stdin => "a line\n") } 1 .. 3;
        is(join(' ', map { $_->status } @clients), '0 0 0', "$where: every client is served");
        ended($shell, $status, "$where: and the server ends as it does otherwise");
        like(join('', slurp('err') =~ /^(s_server: .*\n)/mg), $told, "$where: what is lost is told once");
    }
}

# Unix-domain sockets.
{
    my $server = SApps::Server->start(unix => 1, args => ['-www', '-naccept', '1']);
    my $path = ($server->target)[1];
    ok(-S $path, 'a socket file is there');
    like(run_client([$server->target, '-quiet'], stdin => $get)->out, qr/^HTTP\/1\.0 200/, 'it is served by a Unix-domain socket');
    ended($server, 0, 'it ends after -naccept connections');
    ok(!-e $path, 'and takes the socket file away');
    my $kept = SApps::Server->start(unix => 1, args => ['-www']);
    my $left = ($kept->target)[1];
    $kept->stop('KILL');
    ok(-S $left, 'a server that was killed leaves its file');
    my @arguments = ('-selfsign', 'x', '-www', '-unix', $left);
    my $taken = run_server_command([@arguments], timeout => 5);
    ended($taken, 1, 'a file that is in the way ends the next');
    like($taken->err, qr/'\Q$left\E': Address already in use\n.*-unlink/, 'it is named, and what helps');
    my $next = SApps::Process->start(command => [program('s_server'), @arguments, '-unlink', '-naccept', '1']);
    ok($next->expect(qr/^ACCEPT/m), 'with -unlink it goes');
    like(run_client(['-unix', $left, '-quiet'], stdin => $get)->out, qr/^HTTP\/1\.0 200/, 'and is served');
    spew('precious', 'data');
    my $refused = run_server_command(['-selfsign', 'x', '-unix', 'precious', '-unlink'], timeout => 5);
    ended($refused, 1, 'a file that is no socket ends the server');
    is(slurp('precious'), 'data', '-unlink leaves it alone');
}

# Signals end it.
for my $signal (qw(TERM HUP INT)) {
    for my $mode ([], ['-www'], ['-rev']) {
        my $server = SApps::Server->start(args => $mode);
        my $client = SApps::Process->start(command => [openssl('s_client', $server->target)]);
        $client->expect(qr/Verify return code/);
        kill $signal, $server->pid;
        ok(!$server->wait(5)->timed_out, "SIG$signal ends the server (@{$mode}), with a client");
    }
}

done_testing;
