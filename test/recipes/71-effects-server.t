# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Options of s_server that no other recipe is about: what a client of the system's openssl sees with each, and without it.

use SApps::Test;

use SApps::Compare qw(masked);

my %feature = features();
my $ca = certificate('ca')->{cert};
my $dir = pki_dir();

# What the client of openssl gets from our server with these arguments. Options: cert, stdin, and client => [...].
sub seen {
    my ($arguments, %options) = @_;
    my $server = SApps::Server->start(cert => $options{cert} // 'server', args => ['-naccept', 1, @{$arguments}]);
    my $client = run([openssl('s_client', '-connect', '127.0.0.1:' . $server->port, @{ $options{client} // [] })], stdin => $options{stdin} // "Q\n");
    $server->wait;
    return ($client, $server);
}

sub cipher { my ($client) = @_; return $client->out =~ /^New, \S+ Cipher is (\S+)$/m ? $1 : 'none' }
sub subject { my ($client) = @_; return $client->out =~ /^subject=.*CN ?= ?(\S+)$/m ? $1 : 'none' }
sub temp_key { my ($client) = @_; return $client->out =~ /^(?:Server|Peer) Temp Key: (.*)$/m ? $1 : 'none' }

# The further certificate.
my ($rsa, $ecdsa) = (certificate('server'), certificate('server-ecdsa'));
my $chain = certificate('server-chain');
my @wants_rsa = (client => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', '-showcerts']);
my @der = ('-dcert', $rsa->{der}, '-dcertform', 'DER', '-dkey', $rsa->{key_der}, '-dkeyform', 'DER');
is(cipher((seen([], cert => 'server-ecdsa', @wants_rsa))[0]), '(NONE)', 'a client that wants RSA fails with an ECDSA certificate');
is(cipher((seen(\@der, cert => 'server-ecdsa', @wants_rsa))[0]), 'ECDHE-RSA-AES128-GCM-SHA256', '-dcert and -dkey in DER serve it');
my @further = ('-dcert', $chain->{cert}, '-dkey', $chain->{key});
my ($alone) = seen(\@further, cert => 'server-ecdsa', @wants_rsa);
my ($together) = seen([@further, '-dcert_chain', $chain->{chain}], cert => 'server-ecdsa', @wants_rsa);
is(scalar(() = $alone->out =~ /-----BEGIN CERTIFICATE-----/g), 1, 'without -dcert_chain it is sent alone');
is(scalar(() = $together->out =~ /-----BEGIN CERTIFICATE-----/g), 2, 'with -dcert_chain its issuer is sent too');
is(subject($together), 'chain.example', 'it is the further certificate');

# The own chain and the trust in clients.
for my $options (['-chainCApath', "$dir/hashed"], $feature{stores} ? ['-chainCAstore', "file:$ca"] : ()) {
    my ($built) = seen(['-build_chain', @{$options}], client => ['-showcerts']);
    is(scalar(() = $built->out =~ /-----BEGIN CERTIFICATE-----/g), 2, "-build_chain with $options->[0] sends the issuer too");
}
my $pair = certificate('client');
my @with_certificate = (client => ['-cert', $pair->{cert}, '-key', $pair->{key}]);
for my $options (['-verifyCApath', "$dir/hashed"], $feature{stores} ? ['-verifyCAstore', "file:$ca"] : ()) {
    my (undef, $distrusts) = seen(['-verify', '3'], @with_certificate);
    my (undef, $trusts) = seen(['-verify', '3', @{$options}], @with_certificate);
    like($distrusts->err, qr/^verify error:/m, "without $options->[0] a client is not trusted");
    unlike($trusts->err, qr/^verify error:/m, "with $options->[0] it is");
    like($trusts->err, qr/^depth=1 .*^depth=0 .*^verify return:1$/ms, "$options->[0]: its chain is checked");
}
for my $option ('-suiteB_128_only', '-suiteB_192') {
    my (undef, $strict) = seen(['-verify', '3', '-CAfile', $ca, $option], @with_certificate);
    like($strict->err, qr/^verify error:num=(?:5[6-9]|6\d):/m, "$option rejects a client with RSA");
}

# Diffie-Hellman.
# From libssl 4.0 on, a group of DH that the client offers (RFC 7919) goes before these options.
my @dhe = (client => ['-tls1_2', '-groups', 'X25519', '-cipher', 'DHE-RSA-AES128-GCM-SHA256']);
run([openssl(qw(genpkey -genparam -algorithm DH -out dh.pem -pkeyopt), $feature{conf_3_0} ? 'group:ffdhe3072' : 'dh_param:ffdhe3072')]);
is(temp_key((seen([], @dhe))[0]), 'DH, 2048 bits', 'without -dhparam libssl chooses the group');
is(temp_key((seen(['-dhparam', 'dh.pem'], @dhe))[0]), 'DH, 3072 bits', '-dhparam: the group of the file is taken');
run([openssl(qw(genpkey -genparam -out dhx.pem -pkeyopt dh_rfc5114:2 -algorithm), $feature{conf_3_0} ? 'DHX' : 'DH')]);
my ($x942, $x942_server) = seen(['-dhparam', 'dhx.pem'], @dhe);
like(slurp('dhx.pem'), qr/\A-----BEGIN X9\.42 DH PARAMETERS-----/, '-dhparam: there is another form');
like($x942_server->out, qr/^Setting temp DH parameters$/m, '-dhparam: which is taken too');
is(temp_key($x942), 'DH, 2048 bits', '-dhparam: and serves');
run([openssl(qw(dhparam -in dh.pem -outform DER -out dh.der))]);
is(temp_key((seen(['-dhparam', 'dh.der'], @dhe))[0]), 'DH, 3072 bits', '-dhparam: a file in DER serves too') if $feature{conf_3_0};
is(cipher((seen(['-no_dhe'], @dhe))[0]), '(NONE)', '-no_dhe: no suite of DHE is chosen');
like((seen(['-no_dhe'], client => ['-tls1_2']))[0]->out, qr/Cipher is ECDHE-/, '-no_dhe: others are');
like(temp_key((seen(['-named_curve', 'P-384'], client => ['-tls1_2']))[0]), qr/384 bits/, '-named_curve: the curve is taken');
unlike(temp_key((seen([], client => ['-tls1_2']))[0]), qr/384 bits/, 'without -named_curve it is another');

# Who chooses the cipher.
my ($one, $two, $chacha) = qw(ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-RSA-CHACHA20-POLY1305);
my @order = ('-cipher', "$one:$two:$chacha");
my @client_order = (client => ['-tls1_2', '-cipher', "$chacha:$two:$one"]);
is(cipher((seen(\@order, @client_order))[0]), $chacha, 'the client chooses the cipher');
is(cipher((seen([@order, '-serverpref'], @client_order))[0]), $one, '-serverpref: the server does');
is(cipher((seen([@order, '-serverpref', '-prioritize_chacha'], @client_order))[0]), $chacha, '-prioritize_chacha: but a client that puts ChaCha20 first gets it');
is(cipher((seen([@order, '-serverpref', '-prioritize_chacha'], client => ['-tls1_2', '-cipher', "$two:$one:$chacha"]))[0]), $one,
    '-prioritize_chacha: and no other');

# A chain whose signatures are not those that the client asks for.
my @picky = (cert => 'server-ecdsa', client => ['-tls1_2', '-sigalgs', 'ECDSA+SHA256']);
like(cipher((seen(['-cert_chain', $ca], @picky))[0]), qr/^ECDHE-ECDSA-/, 'a chain signed with RSA is sent to a client that asks for ECDSA');
is(cipher((seen(['-cert_chain', $ca, '-strict'], @picky))[0]), '(NONE)', '-strict: it is not');

# Versions.
my @old = ('-cipher', 'ALL@SECLEVEL=0', '-min_protocol', 'TLSv1');
for my $case ([['-tls1'], 'TLSv1'], [['-tls1_1'], 'TLSv1.1'], [['-no_tls1_3', '-no_tls1_2'], 'TLSv1.1'], [['-no_tls1_3', '-no_tls1_2', '-no_tls1_1'], 'TLSv1'],
    [['-no_tls1_3', '-no_tls1'], 'TLSv1.2'], [['-no_ssl3', '-no_tls1_3'], 'TLSv1.2'], [['-no_ssl2', '-no_tls1_3'], 'TLSv1.2']) {
    my ($options, $version) = @{$case};
    my ($client) = seen([@old, @{$options}], client => [@old]);
    is($client->out =~ /^    Protocol  : (.*)$/m ? $1 : 'none', $version, "@{$options}: the version is $version");
}

# What it asks of clients.
my ($asked) = seen(['-verify', '1', '-client_sigalgs', 'RSA-PSS+SHA512:ECDSA+SHA384'], client => ['-tls1_3']);
like($asked->out, qr/^Requested Signature Algorithms: (?:RSA-PSS\+SHA512:ECDSA\+SHA384|rsa_pss_rsae_sha512:ecdsa_secp384r1_sha384)$/mi, '-client_sigalgs: the request has these signatures');

# Renegotiation: what an R of the client brings, or an r of the server. A handshake in full has the certificate once more.
sub renegotiation {
    my ($who, @options) = @_;
    my $server = SApps::Server->start(args => ['-tls1_2', @options]);
    my $client = SApps::Process->start(command => [openssl('s_client'), '-connect', '127.0.0.1:' . $server->port, '-msg']);
    $client->expect(qr/^    Verify return code/m);
    $server->expect(qr/^CIPHER is/m);
    $who eq 'client' ? $client->send("R\n") : $server->send("r\n");
    $client->expect(qr/(?:^<<< [^\n]*Finished\n.*){2}|no_renegotiation/ms, 5);
    my $certificates = () = $client->out =~ /^<<< .*, Certificate$/mg;
    my $finished = () = $client->out =~ /^<<< .*, Finished$/mg;
    $client->stop;
    return $finished < 2 ? 'none' : $certificates < 2 ? 'resumed' : 'full';
}
my @allowed = $feature{conf_3_0} ? '-client_renegotiation' : ();
is(renegotiation('client'), 'none', 'a client cannot renegotiate') if @allowed;
is(renegotiation('client', @allowed), 'full', "[@allowed]: a client can renegotiate");
is(renegotiation('client', @allowed, '-no_renegotiation'), 'none', '-no_renegotiation: it cannot after all');
is(renegotiation('server'), 'resumed', 'when the server renegotiates, the session is resumed');
is(renegotiation('server', '-no_resumption_on_reneg'), 'full', '-no_resumption_on_reneg: it is not');

# Padding, the middlebox mode, tickets.
my $length = sub { $_[0]->out =~ /has read (\d+) bytes/ ? $1 : 0 };
cmp_ok($length->((seen(['-tls1_3', '-record_padding', '4096']))[0]), '>', $length->((seen(['-tls1_3']))[0]) + 2000, '-record_padding: the records become longer');
my $messages = sub { my ($client) = @_; return scalar(() = $client->out =~ /^<<< .*\n    14 03 03 00 01$/mg) };
is($messages->((seen(['-tls1_3'], client => ['-msg']))[0]), 1, 'the server answers in the middlebox mode');
is($messages->((seen(['-tls1_3', '-no_middlebox'], client => ['-msg', '-no_middlebox']))[0]), 0, '-no_middlebox: it does not');

# The end of a connection without close_notify.
for my $case ($feature{conf_3_0} ? ([[], 1], [['-ignore_unexpected_eof'], 0]) : [[], 0]) {
    my ($options, $complains) = @{$case};
    my $server = SApps::Server->start(args => ['-naccept', 1, '-num_tickets', '0', @{$options}]);
    my $client = SApps::Process->start(command => [openssl('s_client'), '-connect', '127.0.0.1:' . $server->port]);
    $client->expect(qr/^\s*Verify return code/m);
    $server->expect(qr/^CIPHER is/m);
    $client->stop('KILL');
    ended($server, 0, "[@{$options}]: a client that is cut off ends the server well");
    is($server->err =~ /unexpected eof while reading/ ? 1 : 0, $complains, "[@{$options}]: the cut is " . ($complains ? 'told' : 'a proper end'));
}

# Served files are bytes anyway.
spew('file.bin', "line\r\nother\n\0\x1a end");
my ($text, $binary) = map { (seen(['-WWW', @{$_}], client => ['-quiet'], stdin => "GET /file.bin HTTP/1.0\r\n\r\n"))[0]->out } [], ['-http_server_binmode'];
like($text, qr/\r\n\r\nline\r\nother\n\0\x1a end\z/, 'a file is served byte by byte');
is($binary, $text, '-http_server_binmode changes nothing');

# Settings that libssl has for clients only, or not at all: accepted or refused as the original does.
for my $options (['-legacy_server_connect'], ['-no_legacy_server_connect'], ['-debug_broken_protocol']) {
    my @arguments = ('-accept', '127.0.0.1:0', '-cert', $rsa->{cert}, '-key', $rsa->{key}, '-naccept', 1, @{$options});
    my ($before, $after) = map {
        my $server = SApps::Process->start(command => [@{$_}, @arguments]);
        my $accepts = $server->expect(qr/^ACCEPT/m, 5) ? 'accepts' : 'ends with ' . $server->status;
        $server->stop;
        $accepts;
    } [openssl('s_server')], [program('s_server')];
    is($after, $before, "@{$options}: it $before like the original");
}

# Keying material is the same on both sides.
SKIP: {
    skip 'this version has no -keymatexport yet', 2 if SApps::Build::slurp(source_dir() . '/opts/pending.yaml') =~ /- keymatexport$/m;
    my ($client, $server) = seen(['-keymatexport', 'a label', '-keymatexportlen', '32'], client => ['-keymatexport', 'a label', '-keymatexportlen', '32']);
    my ($theirs) = $client->out =~ /^    Keying material: ([0-9A-F]{64})$/m;
    my ($ours) = $server->out =~ /^    Keying material: ([0-9A-F]{64})$/m;
    ok($theirs, 'the client has keying material');
    is($ours, $theirs, '-keymatexport: GnuTLS and mbedTLS find the same at the server');
    my $original = SApps::Server->start(which => 'openssl', args => ['-keymatexport', 'a label', '-keymatexportlen', '24', '-naccept', 1]);
    my $mine = run_client(['-connect', '127.0.0.1:' . $original->port, '-keymatexport', 'a label', '-keymatexportlen', '24'], stdin => "Q\n");
    my ($here) = $mine->out =~ /^    Keying material: ([0-9A-F]{48})$/m;
    my ($there) = $original->wait->out =~ /^    Keying material: ([0-9A-F]{48})$/m;
    ok($here, 's_client -keymatexport: there is keying material of that length');
    is($here, $there, 's_client -keymatexport: it is that of the server');
}

done_testing;
