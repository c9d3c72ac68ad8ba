# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What is wrong is said in one sentence that names it and, where it can be known, the cause; with the documented exit
# status; and nothing is left half-written.

use SApps::Test;

use IO::Socket::INET;
use JSON::PP qw(decode_json);
use Time::HiRes qw(sleep);

use SApps::Wire qw(fake_server reset_socket stay tcp);

my %pair = map { $_ => certificate($_) } qw(server client second ca);
my $server_cert = $pair{server}{cert};
my $closed = closed_address();
my ($closed_port) = $closed =~ /:(\d+)$/;

spew('truncated.pem', substr slurp($server_cert), 0, 600);
spew('truncated.key', substr slurp($pair{server}{key}), 0, 700);
spew('text.pem', "no certificate at all\n");
spew('empty.pem', '');
spew('password', "wrong\n");
my @key = ('-cert', $server_cert, '-key', $pair{server}{key});
my @encrypted = ('-cert', $server_cert, '-key', $pair{server}{enc_key});

# The program, its arguments, its detailed status, and its one sentence; a further line that begins with the program's
# name is a hint.
sub refused {
    my ($name, $program, $arguments, $detailed, $sentence, %options) = @_;
    my $process = run([program($program), @{$arguments}], timeout => 10, %options);
    my @said = $process->err =~ /^$program: (.*)$/mg;
    my $good = ok(@said >= 1 && @said <= 2 && $said[0] =~ $sentence, "$name: one sentence says so");
    diag($process->story) if !$good;
    ended($process, 1, "$name: the exit status is 1");
    ended(run([program($program), '-exit_status', 'detailed', @{$arguments}], timeout => 10, %options), $detailed,
        "$name: the detailed exit status is $detailed");
    return $process;
}

sub tcp_listener { return IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') // die "listen: $!\n" }

sub server_refused {
    my ($name, $arguments, $sentence, %options) = @_;
    my $process = refused($name, 's_server', ['-accept', '0', @{$arguments}], 2, $sentence, %options);
    unlike($process->out, qr/^ACCEPT/m, "$name: before it listens");
    return;
}

# Certificates and keys.
my $text_pem = qr/cannot load the certificate of -cert from 'text\.pem': /;
server_refused('a certificate file that is missing', ['-cert', 'none.pem'], qr/-cert .*'none\.pem': No such file or directory$/);
server_refused('a key file that is missing', ['-cert', $server_cert, '-key', 'none.key'], qr/-key .*'none\.key': No such file or directory$/);
server_refused('the default certificate that is missing', [], qr/'server\.pem': No such file/);
server_refused('a directory', ['-cert', '.'], qr/-cert from '\.': Is a directory$/);
server_refused('an empty file', ['-cert', 'empty.pem'], qr/-cert from 'empty\.pem': it is empty$/);
server_refused('text', ['-cert', 'text.pem'], qr/${text_pem}it is neither PEM nor DER nor PKCS#12$/);
server_refused('a truncated certificate', ['-cert', 'truncated.pem', '-key', $pair{server}{key}],
    qr/-cert from 'truncated\.pem': the PEM block is truncated/);
server_refused('a truncated key', ['-cert', $server_cert, '-key', 'truncated.key'],
    qr/-key from 'truncated\.key': the PEM block is truncated/);
server_refused('a key that does not fit', ['-cert', $server_cert, '-key', $pair{second}{key}],
    qr/the private key in '\Q$pair{second}{key}\E' \(-key\) does not match .*'\Q$server_cert\E' \(-cert\)$/);
server_refused('a further key that does not fit', [@key, '-dcert', $pair{second}{cert}, '-dkey', $pair{client}{key}],
    qr/-dkey.* does not match .*-dcert/);
server_refused('a second key that does not fit', [@key, '-servername', 'second.example', '-cert2', $pair{second}{cert}, '-key2',
    $pair{client}{key}], qr/-key2.* does not match .*-cert2/);
server_refused('a certificate without key', ['-cert', $server_cert], qr/-key|private key/);
server_refused('a chain that is none', [@key, '-cert_chain', 'text.pem'], qr/-cert_chain.*'text\.pem'/);

# Pass phrases.
server_refused('a wrong pass phrase', [@encrypted, '-pass', 'pass:wrong'], qr/'\Q$pair{server}{enc_key}\E': the pass phrase is wrong$/);
server_refused('a wrong pass phrase in a file', [@encrypted, '-pass', 'file:password'], qr/the pass phrase is wrong$/);
server_refused('a wrong pass phrase on standard input', [@encrypted, '-pass', 'stdin'], qr/the pass phrase is wrong$/, stdin => "wrong\n");
server_refused('a wrong pass phrase of a bundle', ['-cert', $pair{server}{p12}, '-certform', 'P12', '-pass', 'pass:wrong'],
    qr/server\.p12': the pass phrase is wrong$/);
server_refused('a variable that is not set', [@encrypted, '-pass', 'env:NOT_SET'], qr/-pass .*'NOT_SET', which is not set$/);
server_refused('a pass phrase file that is missing', [@encrypted, '-pass', 'file:none'], qr/'none' of -pass: No such file/);
server_refused('a descriptor that is not open', [@encrypted, '-pass', 'fd:77'], qr/-pass from 'fd:77': Bad file descriptor$/);
server_refused('a pass phrase from nowhere', [@encrypted, '-pass', 'wrong'], qr/-pass/);

# What else a client may be given.
my @to = ('-connect', $closed);
my $files = sub {
    my ($name, $arguments, $sentence) = @_;
    my $process = refused($name, 's_client', [@to, @{$arguments}], 2, $sentence);
    unlike($process->err, qr/^connect:errno/m, "$name: before it connects");
};
$files->('a CA file that is missing', ['-CAfile', 'none.pem'], qr/-CAfile 'none\.pem': No such file or directory$/);
$files->('a CA file without certificates', ['-CAfile', 'text.pem'], qr/-CAfile 'text\.pem'/);
$files->('a CA directory that is missing', ['-CApath', 'none'], qr/-CApath 'none': No such file or directory$/);
$files->('a revocation list that is missing', ['-CRL', 'none.crl'], qr/-CRL from 'none\.crl': No such file/);
$files->('a revocation list that is none', ['-CRL', 'text.pem'], qr/-CRL from 'text\.pem'/);
$files->('a client key that does not fit', ['-cert', $pair{client}{cert}, '-key', $pair{server}{key}], qr/-key.* does not match .*-cert/);
$files->('a session file that is missing', ['-sess_in', 'none.sess'], qr/none\.sess of -sess_in: No such file/);
$files->('a session file that holds none', ['-sess_in', 'text.pem'], qr/text\.pem of -sess_in: it holds no session/);
$files->('a key log that cannot be written', ['-keylogfile', 'none/keys'], qr/-keylogfile: .*'none\/keys': No such file or directory$/);
$files->('a message file that cannot be written', ['-msg', '-msgfile', 'none/msg'], qr/-msgfile: .*'none\/msg': No such file or directory$/);

# Names and ports.
refused('a name that does not resolve', 's_client', ['-connect', 'none.invalid:443'], 3, qr/the host 'none\.invalid': \w/);
refused('a service that does not exist', 's_client', ['-connect', 'localhost:none'], 3, qr/the service 'none': \w/);
for my $case (
    ['s_client', '-connect', 'localhost:65536'], ['s_client', '-port', '70000'], ['s_client', '-bind', ':-1'], ['s_server', '-accept', '65536'],
    ['s_server', '-port', '1.5'], ['s_client', '-connect', 'localhost:4 43'],
) {
    my ($program, $option, $value) = @{$case};
    refused("a port that is none ($option $value)", $program, [$option, $value], 1,
        qr/^Invalid value "\Q$value\E" for option $option: expected a port from 0 to 65535 or the name of a service$/);
}
refused('the same without an option', 's_client', ['localhost:65536'], 1, qr/^Invalid value "localhost:65536" for option -connect: expected a port/);
for my $port ('%d', '+%d', ' %d', '000%d') {
    my $form = sprintf $port, $closed_port;
    like(run_client(['-connect', "127.0.0.1:$form"])->err, qr/'127\.0\.0\.1' port $closed_port .*Connection refused/, "the port \"$form\" is the same");
}
if (getservbyname 'tcpmux', 'tcp') {
    refused('a service by name', 's_client', ['-connect', '127.0.0.1:tcpmux'], 4, qr/'127\.0\.0\.1' port tcpmux .*Connection refused/);
}
refused('a port that nobody listens on', 's_client', ['-connect', $closed], 4, qr/'127\.0\.0\.1' port $closed_port .*Connection refused/);

# The own end of a connection: the sentence is about -bind and not about the target.
my $taken = tcp_listener();
my $taken_port = $taken->sockport;
my @to_taken = ('-connect', "127.0.0.1:$taken_port");
my $own = sub {
    my ($name, $value, $status, $reason, @more) = @_;
    my $process = refused($name, 's_client', [@to_taken, '-bind', $value, @more], $status,
        qr/^cannot connect from '\Q$value\E' \(-bind\): $reason$/);
    unlike($process->err, qr/^s_client:.*port $taken_port\b.*refused/m, "$name: the target is not blamed");
    return $process;
};
my $foreign = $own->('an own address that is not ours', '192.0.2.7:0', 4, 'Cannot assign requested address');
like($foreign->err, qr/:(?:BIO_)?bind:Cannot assign requested address:.*\n.*:BIO_bind:unable to bind socket:.*\nconnect:errno=99\n\z/,
    'the error queue is about binding');
$own->('an own address without a port', '192.0.2.7', 4, 'Cannot assign requested address');
$own->('an own port that is taken', "127.0.0.1:$taken_port", 4, 'Address already in use');
$own->('an own address of the other family', '[::1]:0', 4, "'127\\.0\\.0\\.1' has no IPv6 address");
$own->('an own address of a family that is not wanted', '[::1]:0', 3, "cannot look up the host '::1': .*", '-4');
$own->('an own name that does not resolve', 'none.invalid', 3, "cannot look up the host 'none\\.invalid': \\w.*");
$own->('an own service that there is not', '127.0.0.1:none', 3, "cannot look up the service 'none': \\w.*");
{
    my $server = SApps::Server->start(args => ['-www']);
    my @from = ($server->target, '-bind', ':' . reserved_port());
    my $first = SApps::Process->start(command => [program('s_client'), @from]);
    ok($first->expect(qr/^Verify return code/m), 'a client connects from a port that it chose');
    refused('the own port of a connection that there is', 's_client', \@from, 4,
        qr/^cannot connect from '$from[-1]' \(-bind\): (?:Cannot assign requested address|Address already in use)$/);
    my $unix = SApps::Server->start(unix => 1, args => ['-www']);
    my @own = ($unix->target, '-bind', 'own.sock');
    ended(run_client(\@own), 0, 'a client connects from a path that it chose');
    ok(-S 'own.sock', 'where its socket is');
    refused('an own path that is taken', 's_client', \@own, 4, qr/^cannot connect from 'own\.sock' \(-bind\): Address already in use$/);
    refused('an own path that is missing', 's_client', [$unix->target, '-bind', 'none/own'], 4,
        qr/^cannot connect from 'none\/own' \(-bind\): No such file or directory$/);
}
refused('a socket that is missing', 's_client', ['-unix', 'none.sock'], 4, qr/none\.sock: No such file or directory$/);
refused('a socket that is a file', 's_client', ['-unix', 'text.pem'], 4, qr/text\.pem: Connection refused$/);
refused('a name that the server cannot listen on', 's_server', [@key, '-accept', 'none.invalid:0'], 3, qr/'none\.invalid'/);
refused('an address of another machine', 's_server', [@key, '-accept', '192.0.2.1:0'], 4,
    qr/cannot listen on 192\.0\.2\.1:0: Cannot assign requested address$/);
refused('a socket path that is missing', 's_server', [@key, '-unix', 'none/sock'], 4, qr/'none\/sock': No such file or directory$/);

# Servers that are no TLS servers.
my %server = (
    HTTP  => fake_server(sub { sysread $_[0], my $hello, 4096; syswrite $_[0], "HTTP/1.1 400 Bad Request\r\n\r\nno\r\n"; }),
    SMTP  => fake_server(sub { syswrite $_[0], "220 mail.example ESMTP\r\n"; sysread $_[0], my $hello, 4096; }),
    close => fake_server(sub { sysread $_[0], my $hello, 4096; }),
    reset => fake_server(sub { sysread $_[0], my $hello, 4096; reset_socket($_[0]); }),
    silent => fake_server(sub { stay() }),
    text  => fake_server(sub { syswrite $_[0], "Welcome to nothing\n"; sysread $_[0], my $hello, 4096; }),
);
my @speaks = (
    ['HTTP', 7, qr/wrong version number/, qr/^the server speaks HTTP in plain text, not TLS$/m],
    ['SMTP', 7, qr/wrong version number/, qr/^the server speaks SMTP or FTP in plain text, not TLS; it may want STARTTLS first$/m],
    ['text', 7, qr/wrong version number/, qr/^the server sent plain text, not TLS/m],
    ['close', 7, qr/the peer closed the connection during the handshake without an alert$/, qr/^the peer may not speak TLS/m],
    ['reset', 7, qr/the connection broke during the handshake: Connection reset by peer$/, qr//],
    ['silent', 9, qr/the handshake took longer than 0\.5 s/, qr/^the peer sent nothing at all/m],
);
for my $case (@speaks) {
    my ($kind, $status, $sentence, $hint) = @{$case};
    my @limit = $kind eq 'silent' ? ('-handshake_timeout', '0.5') : ();
    my ($port) = $server{$kind} =~ /:(\d+)$/;
    my $process = refused("a server ($kind)", 's_client', ['-connect', $server{$kind}, @limit], $status, qr/^'[^']+' port $port: .*$sentence/);
    like($process->err =~ s/^s_client: //gmr, $hint, "a server ($kind): the hint tells what it may be");
    like($process->out, qr/^no peer certificate available$/m, "a server ($kind): the report says that there was no certificate");
    unlike($process->out, qr/^(?:Verification: OK)\n(?!.*No certificate was checked)/ms,
        "a server ($kind): nothing that was not checked is called OK");
}

# Clients that are no TLS clients: the server says so and serves on.
{
    my $limit = SApps::Process::patience(1);
    my $server = SApps::Server->start(args => ['-www', '-handshake_timeout', $limit]);
    my @clients = (
        [sub { syswrite $_[0], "GET / HTTP/1.0\r\n\r\n" }, qr/the client speaks HTTP in plain text/],
        [sub { syswrite $_[0], "EHLO me\r\n" }, qr/the client speaks SMTP in plain text/],
        [sub { close $_[0] }, qr/the peer closed the connection during the handshake/],
        [sub { syswrite $_[0], "\x16\x03\x01\x02\x00"; sleep 0.1; reset_socket($_[0]) }, qr/the connection broke during the handshake: Connection reset/],
        [sub { }, qr/the handshake took longer than $limit s/],
    );
    for my $case (@clients) {
        my ($act, $sentence) = @{$case};
        my $before = length $server->err;
        my $socket = tcp($server->port);
        my $port = $socket->sockport;
        $act->($socket);
        ok($server->expect(err => qr/^.{$before}.*^s_server: client \S+:$port: .*$sentence/ms, 5), "a client is told of: $sentence");
    }
    my $page = run_client([$server->target, '-quiet'], stdin => "GET / HTTP/1.0\r\n\r\n");
    like($page->out, qr/200 ok/, 'others are served afterwards');
}

# Files that cannot be written to their end: the old one stays, and no part of a new one.
{
    my $peer = SApps::Server->start(args => ['-www', '-tls1_2']);
    my $get = "GET / HTTP/1.0\r\n\r\n";
    my @client = (program('s_client'), $peer->target, '-ign_eof', '-sess_out', 'session');
    my $full = 'set -o pipefail; (trap "" XFSZ; ulimit -f 0; exec "$@") 2>&1 | cat';
    my $none = run(['bash', '-c', $full, 'bash', @client], stdin => $get);
    like($none->out, qr/^s_client: .*session.* of -sess_out: File too large$/m, 'a file that cannot grow is told');
    ok(!-e 'session', 'and is not there');
    run([@client], stdin => $get);
    my $before = slurp('session');
    like($before, qr/\A-----BEGIN SSL SESSION PARAMETERS-----\n/, 'a session is saved');
    for my $blocks (0, 1) {
        run(['bash', '-c', $full =~ s/ulimit -f 0/ulimit -f $blocks/r, 'bash', @client], stdin => $get);
        is(slurp('session'), $before, "an old file stays as it was when $blocks KiB of a new one can be written");
    }
    is_deeply([grep { !/^session$/ } glob 'session*'], [], 'and nothing lies beside it');
    my $disk = run([program('s_client'), $peer->target, '-ign_eof', '-sess_out', '/dev/full'], stdin => $get);
    like($disk->err, qr{^s_client: .*/dev/full of -sess_out: No space left on device$}m, 'a full disk is told');
    my $output = run(['bash', '-c', '"$@" >/dev/full', 'bash', program('s_client'), $peer->target, '-quiet'], stdin => $get);
    like($output->err, qr/^s_client: cannot write to standard output: No space left on device$/m, 'so is standard output on a full disk');
    my $keys = run([program('s_client'), $peer->target, '-ign_eof', '-keylogfile', '/dev/full'], stdin => $get);
    is(scalar(() = $keys->err =~ /^s_client: -keylogfile: cannot write to file '\/dev\/full': No space left on device$/mg), 1,
        'so is a key log, once');
    ended($keys, 0, 'which leaves the exit status alone');
    # What is lost, the option that makes it so, the classic status and the words.
    my @lost = (
        ['a key log', 0, ['-keylogfile', '/dev/full'], qr{-keylogfile: cannot write to file '/dev/full': No space left on device}],
        ['a file of messages', 1, ['-msg', '-msgfile', '/dev/full'], qr{-msgfile: cannot write to file '/dev/full': No space left on device}],
        ['a session', 0, ['-sess_out', '/dev/full'], qr{/dev/full of -sess_out: No space left on device}],
    );
    for my $case (@lost) {
        my ($what, $status, $options, $sentence) = @{$case};
        my @client = (program('s_client'), $peer->target, @{$options});
        my $plain = run([@client], stdin => "Q\n");
        ended($plain, $status, "$what: the status");
        is(scalar(() = $plain->err =~ /^s_client: .*$sentence$/mg), 1, "$what: told once");
        ended(run([@client, '-exit_status', 'detailed', '-CAfile', certificate('ca')->{cert}], stdin => "Q\n"), 10, "$what: the detailed status");
        my $failures = decode_json(run([@client, '-json'], stdin => '')->out)->{failures};
        is_deeply([map { $_->{kind} } @{$failures}], ['io'], "$what: a failure in the document");
        like($failures->[0]{text}, $sentence, "$what: with the sentence");
    }
    for my $options ([], ['-json'], ['-json', '-exit_status', 'detailed']) {
        my $unread = run(['bash', '-c', '"$@" >/dev/full', 'bash', program('s_client'), $peer->target, '-CAfile', certificate('ca')->{cert}, @{$options}], stdin => '');
        ended($unread, @{$options} > 1 ? 10 : 1, "[@{$options}]: a report that cannot be written is a failure");
        is(scalar(() = $unread->err =~ /^s_client: cannot write to standard output: No space left on device$/mg), 1, "[@{$options}]: told once");
    }
    my $server = SApps::Server->start(args => ['-www', '-naccept', '2', '-keylogfile', '/dev/full', '-msg', '-msgfile', '/dev/full']);
    run_client([$server->target, '-quiet'], stdin => $get) for 1, 2;
    ended($server, 0, 'a server serves on');
    for my $option ('keylogfile', 'msgfile') {
        is(scalar(() = $server->err =~ /^s_server: -$option: cannot write to file '\/dev\/full': No space left on device$/mg), 1, "and tells of -$option once");
    }
}

done_testing;
