# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What scripts in the wild read from s_server, and what they do to it: their own patterns, on the stream where they look.

use SApps::Test;

use IO::Socket::UNIX;

my %feature = features();
my @letting = $feature{conf_3_0} ? '-client_renegotiation' : ();
my $ca = certificate('ca')->{cert};
my $pair = certificate('server');
my @pair = ('-cert', $pair->{cert}, '-key', $pair->{key});

# A client of the system's openssl.
sub openssl_client {
    my ($server, $arguments, %options) = @_;
    return run([openssl('s_client', $server->target, @{$arguments})], %options);
}

# The line with which a server says that it accepts.
for my $case (['0', qr/^ACCEPT\s.*:(\d+)$/m, 'TLSProxy'], ['0.0.0.0:0', qr/^ACCEPT 0\.0\.0\.0:(\d+)$/m, 'test_ocsp_cert_chain'],
    ['127.0.0.1:0', qr/^ACCEPT\s.*:(\d+)$/m, 'TLSProxy'], ['[::1]:0', qr/^ACCEPT \[::1\]:(\d+)$/m, 'test_tfo']) {
    my ($accept, $pattern, $who) = @{$case};
    my $server = SApps::Server->start(accept => $accept);
    my ($port) = $server->out =~ $pattern;
    ok($port && $port > 0, "-accept $accept: $who finds the port");
    is_deeply([grep { !/^(?:Using default|Added ECH key pair|Loaded|Setting secondary|ACCEPT)/ } split /\n/, $server->out], [],
        "-accept $accept: nothing comes before it that is not tolerated");
}
my $four = SApps::Server->start(args => ['-4']);
like($four->out, qr/^ACCEPT 0\.0\.0\.0:(\d+)$/m, '-4: the tests of OpenSSL find the port');
my $both = SApps::Server->start;
like($both->out, qr/^ACCEPT (?:\[::\]|0\.0\.0\.0):(\d+)$/m, 'a port of every address: they find it');
my $free = reserved_port();
my $fixed = SApps::Process->start(command => [program('s_server'), '-accept', "127.0.0.1:$free", @pair]);
ok($fixed->expect(qr/^ACCEPT$/m, 10), 's2n: with a fixed port the line is ACCEPT alone') or diag($fixed->story);
$fixed->stop;
my $second = SApps::Server->start(args => ['-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2', certificate('second')->{key}]);
is_deeply([grep { !/^(?:Using default|Added ECH key pair|Loaded|Setting secondary|ACCEPT)/ } split /\n/, $second->out], [],
    'with a second certificate too, only tolerated lines come before it');

# The report on a connection.
my %version = ('-tls1_2' => 'TLSv1.2', '-tls1_3' => 'TLSv1.3');
for my $option (sort keys %version) {
    my $v = $version{$option};
    my $server = SApps::Server->start(args => [$option, '-naccept', 1, '-alpn', 'h2']);
    openssl_client($server, ['-alpn', 'h2', '-groups', 'X25519:P-256:P-384'], stdin => "Q\n");
    ended($server, 0, "$v: -naccept 1 ends it with 0 after one client (E6)");
    my $out = $server->out;
    like($out, qr/^CIPHER is \S+$/m, "$v: the cipher has its line");
    like($out, qr/^Supported (?:Elliptic Groups|groups): .*(?:X25519:P-256:P-384|x25519:secp256r1:secp384r1)/mi, "$v: s2n finds the groups of the client");
    like($out, qr/^Shared (?:Elliptic )?groups: /mi, "$v: s2n finds the shared groups");
    like($out, $v eq 'TLSv1.2' ? qr/^Secure Renegotiation IS supported$/m
        : qr/^(?:Secure Renegotiation IS (?:NOT )?supported|This TLS version forbids renegotiation\.)$/m, "$v: s2n finds the line about renegotiation");
    like($out, qr/^-----BEGIN SSL SESSION PARAMETERS-----\n[A-Za-z0-9+\/=\n]+-----END SSL SESSION PARAMETERS-----$/m, "$v: the session is in PEM");
    like($out, qr/^Shared ciphers:\S+$/m, "$v: the shared ciphers have their line");
    like($out, qr/^Signature Algorithms: \S+$/m, "$v: so have the signature algorithms");
    like($out, qr/^ALPN protocols selected: h2$/m, "$v: and the application protocol");
    like($out, qr/^DONE\nshutting down SSL\nCONNECTION CLOSED$/m, "$v: the end of the connection has its lines");
}
my $npn = SApps::Server->start(args => ['-tls1_2', '-naccept', 1, '-nextprotoneg', 'one,two']);
openssl_client($npn, ['-nextprotoneg', 'two'], stdin => "Q\n");
like($npn->wait->out, qr/^NEXTPROTO is two$/m, 's2n finds the next protocol');

# Reused sessions.
my $tickets = SApps::Server->start(args => ['-naccept', 6]);
my $six = openssl_client($tickets, ['-reconnect', '-tls1_2'], timeout => 30);
ended($six, 0, 'Node: six connections of -reconnect');
is(scalar(() = $six->out =~ /^Reused, TLSv1\.2/mg), 5, 'five of them resume the session');
ended($tickets, 0, 'then -naccept 6 ends the server with 0 (E6)');
is(scalar(() = $tickets->out =~ /^Reused session-id$/mg), 5, 'the server reports each of the five');

# Ends (E6).
for my $signal (qw(TERM HUP INT)) {
    my $server = SApps::Server->start;
    $server->stop($signal);
    ok(!$server->timed_out, "SIG$signal ends it");
}
for my $mode ([], ['-www'], ['-WWW'], ['-rev']) {
    my $server = SApps::Server->start(args => ['-naccept', 2, @{$mode}]);
    openssl_client($server, [], stdin => "Q\n") for 1 .. 2;
    ended($server, 0, "-naccept 2 @{$mode}: two clients end it with 0");
}
my $failing = SApps::Server->start(args => ['-naccept', 2, '-tls1_3']);
openssl_client($failing, ['-tls1_2']);
openssl_client($failing, [], stdin => "Q\n");
ended($failing, 0, 'a client whose handshake fails counts too, and it still ends with 0');
like($failing->err, qr/:error:.*(?:unsupported protocol|unsupported_protocol)/, 'its failure is in the error queue on standard error');

# The options of TLSProxy together (E7).
my $proxied = SApps::Server->start(args => [qw(-max_protocol TLSv1.3 -no_comp -rev -state -ext_cache -naccept 1 -cipher AES128-SHA:@SECLEVEL=0
    -ciphersuites TLS_AES_128_GCM_SHA256), '-cert2', $pair->{cert}, '-key2', $pair->{key}, $feature{providers} ? qw(-provider default) : ()]);
my $reversed = SApps::Process->start(command => [openssl('s_client', $proxied->target, '-quiet')]);
$reversed->send("test\n");
ok($reversed->expect(qr/^tset$/m, 10), 'TLSProxy: -rev sends lines back in reverse');
$reversed->stop;
ended($proxied, 0, 'TLSProxy: it ends with 0');
like($proxied->err, qr/SSL_accept:/, 'TLSProxy: -state is on standard error');

# Status pages (E8).
my $www = SApps::Server->start(args => ['-www']);
for my $request ("GET / HTTP/1.0\r\n\r\n", "GET HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n") {
    my $answer = openssl_client($www, ['-quiet'], stdin => $request, timeout => 10);
    my $name = (split /\r/, $request)[0];
    like($answer->out, qr/\AHTTP\/1\.0 200 ok\r\nContent-type: text\/html\r\n\r\n<HTML>/, "-www answers '$name'");
    ok(!$answer->timed_out, "-www closes after '$name'");
}
like(openssl_client($www, ['-quiet', '-tls1_2'], stdin => "GET / HTTP/1.0\r\n\r\n")->out, qr/Secure Renegotiation IS supported/, '-www tells about renegotiation');
my $reneg = openssl_client($www, ['-ign_eof', '-tls1_2'], stdin => "GET /reneg HTTP/1.0\r\n\r\n", timeout => 10);
like($reneg->out, qr/<HTML>/, 'mbedTLS: GET /reneg is answered');
like($reneg->err, qr/(?:^depth=0.*){2}/ms, 'after a renegotiation, as the second certificate shows');

# The relay (E9).
my $saying = SApps::Server->start;
my $hearing = SApps::Process->start(command => [openssl('s_client', $saying->target, '-quiet')]);
ok($saying->expect(qr/^CIPHER is/m), 'a client comes');
for my $line ('bla', 'second') {
    $saying->send("$line\n");
    ok($hearing->expect(qr/^$line$/m, 5), "mbedTLS: the line '$line' of standard input comes to the client");
}
$hearing->send("from the client\n");
ok($saying->expect(qr/^from the client$/m, 5), 'what the client says comes to standard output');
$hearing->stop;
my $order = SApps::Server->start(merge => 1, args => ['-state', '-naccept', 1]);
openssl_client($order, [], stdin => "hello\nQ\n");
like($order->wait->out, qr/^ACCEPT.*SSL_accept:.*^CIPHER is.*^hello\n.*^CONNECTION CLOSED$/ms, 'merged streams keep the order in which things happened (E12)');

# Client certificates.
my $client = certificate('client');
my $verifying = SApps::Server->start(args => ['-Verify', '3', '-CAfile', $ca, '-naccept', 2]);
openssl_client($verifying, ['-cert', $client->{cert}, '-key', $client->{key}], stdin => "Q\n");
openssl_client($verifying, [], stdin => "Q\n");
$verifying->wait;
like($verifying->out, qr/^Client certificate\n-----BEGIN CERTIFICATE-----.*^subject=.*CN ?= ?client$/ms, 'the certificate of the client is shown');
like($verifying->err, qr/^depth=0 .*CN ?= ?client$/m, 'its check is on standard error');
like($verifying->err, qr/peer did not return a certificate/, 's2n finds that a client had no certificate');
my $states = SApps::Server->start(args => ['-state', '-Verify', '1', '-CAfile', $ca, '-naccept', 1]);
openssl_client($states, []);
like($states->wait->err, qr/SSL_accept:error in error/, 's2n finds the failed handshake among the states');
my $updating = SApps::Server->start(args => ['-state', '-tls1_3']);
my $updated = SApps::Process->start(command => [openssl('s_client', $updating->target)]);
$updating->expect(qr/^CIPHER is/m);
$updating->send("K\n");
ok($updating->expect(err => qr/TLSv1\.3 write server key update/, 5), 's2n: a K asks for new keys, as the states show');
$updated->stop;
my $renegotiating = SApps::Server->start(args => ['-tls1_2']);
my $again = SApps::Process->start(command => [openssl('s_client', $renegotiating->target)]);
$renegotiating->expect(qr/^Secure Renegotiation IS supported$/m);
$renegotiating->send("r\n");
ok($again->expect(err => qr/(?:^depth=0.*){2}/ms, 5), 's2n: after the line about renegotiation an r renegotiates');
$again->stop;

# Pre-shared keys.
my $psk = SApps::Server->start(args => ['-nocert', '-psk', 'a1b2', '-psk_identity', 'me', '-tls1_2', '-naccept', 1]);
openssl_client($psk, ['--psk', 'a1b2', '-psk_identity', 'somebody'], stdin => "Q\n");
like($psk->wait->out . $psk->err, qr/PSK warning:/, 's2n finds the warning about a wrong identity');

# Key log (E10).
my $keys = SApps::Server->start(args => ['-keylogfile', 'server.keys', '-naccept', 1]);
openssl_client($keys, ['-keylogfile', 'client.keys'], stdin => "Q\n");
$keys->wait;
is_deeply([sort grep { !/^#/ } split /\n/, slurp('server.keys')], [sort grep { !/^#/ } split /\n/, slurp('client.keys')],
    'the key logs of both sides have the same secrets (E10)');
is(sprintf('%04o', (stat 'server.keys')[2] & 07777), '0600', 'only its owner can read it (E10)');

# Options of mbedTLS, wolfSSL and GnuTLS together (E11).
my $many = SApps::Server->start(args => [@letting, qw(-legacy_renegotiation -num_tickets 0 -no_resume_ephemeral -no_middlebox
    -allow_no_dhe_kex -record_padding 64 -max_send_frag 1024 -cipher ALL@SECLEVEL=0 -naccept 1 -verify 1 -attime 1893456000), '-CAfile', $ca]);
my $quiet = openssl_client($many, ['-no_middlebox'], stdin => "Q\n");
ended($many, 0, 'the options of the suites of mbedTLS and wolfSSL work together (E11)');
unlike($quiet->out, qr/Post-Handshake New Session Ticket/, '-num_tickets 0 sends no ticket');

# Help.
my $help = run_server_command(['-help']);
ended($help, 0, '-help ends with 0');
is($help->out, '', '-help is not on standard output');
like($help->err, qr/^ *$_/m, "mbedTLS finds $_ at the start of a line") for @letting;
my $unknown = run_server_command(['-nosuch']);
like($unknown->err, qr/unknown option/i, 'an unknown option has the words that probes look for');
isnt($unknown->status, 0, 'and does not end with 0');

done_testing;
