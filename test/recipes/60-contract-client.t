# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What scripts in the wild read from s_client: their own patterns, on the stream where they look.

use SApps::Test;

use IO::Socket::INET;
use JSON::PP;

my $ca = certificate('ca')->{cert};
my %pattern = (
    testssl_cipher   => qr/(New|Reused), (SSLv[23]|TLSv1(\.[0-3])?(\/SSLv3)?), Cipher is ([A-Z0-9]+-[A-Za-z0-9\-]+|TLS_[A-Za-z0-9_]+)/,
    testssl_protocol => qr/Protocol\ *:\ (SSLv[23]|TLSv1(\.[0-3])?)/,
    haproxy_temp_key => qr/(Server|Peer) Temp Key: (ECDH, P-256, 256 bits|ECDH, prime256v1, 256 bits|X25519, 253 bits)/,
);

my @chain = ('-cert_chain', certificate('server-chain')->{chain}, '-alpn', 'h2,http/1.1');
my $server = SApps::Server->start(which => 'openssl', cert => 'server-chain', args => \@chain);
my @to = ($server->target, '-CAfile', $ca);

# Whether this build has an option; what is pending comes with the work that builds it. Other words always count.
sub available {
    my ($name) = @_;
    my ($program) = grep { $_->{name} eq 's_client' } @{ decode_json(slurp(generated('options.json')))->{programs} };
    my ($option) = grep { $_->{name} eq $name } @{ $program->{options} };
    return !$option || $option->{available};
}

# A client whose input stays open until a pattern has come (or five seconds have passed).
sub client_until {
    my ($pattern, @arguments) = @_;
    my $client = SApps::Process->start(command => [program('s_client'), @arguments]);
    $client->expect($pattern, 5);
    return $client->close_stdin->wait;
}

# The n-th word of the first line that has the pattern: cipherscan and others read lines with awk.
sub word {
    my ($text, $pattern, $number) = @_;
    my ($line) = grep { $_ =~ $pattern } split /\n/, $text;
    my @words = split ' ', $line // '';
    return $words[$number > 0 ? $number - 1 : $number] // '';
}

# The report on a connection.
my %version = ('-tls1_2' => 'TLSv1.2', '-tls1_3' => 'TLSv1.3');
for my $option (sort keys %version) {
    my $v = $version{$option};
    my @groups = $v eq 'TLSv1.3' ? ('-groups', 'X25519') : ('-groups', 'P-256');
    my $client = client_until(qr/^    Extended master secret|^    Max Early Data/m, @to, $option, @groups, '-alpn', 'h2');
    my $out = $client->out;
    ended($client, 0, "$v: end of file ends it with 0 (E1)");
    like($out, qr/CONNECTED\(00/, "$v: testssl finds CONNECTED");
    like($out, qr/^CONNECTED\([0-9A-F]{8}\)$/m, "$v: CONNECTED has eight hexadecimal digits");
    like($out, $pattern{testssl_cipher}, "$v: testssl finds version and cipher");
    like($out, qr/^New, TLS.*$/m, "$v: LibreSSL finds the line New");
    is(word($out, qr/^New, /, 5) =~ s/[A-Z0-9_-]{10,}//r, '', "$v: cipherscan finds the cipher in the fifth word");
    like($out, $pattern{testssl_protocol}, "$v: testssl finds the protocol");
    is(word($out, qr/^\s+Protocol\ +/, 3), $v, "$v: cipherscan finds the protocol in the third word");
    like($out, qr/Protocol  : $v/, "$v: s2n finds the protocol after two blanks");
    like($out, qr/^    Cipher    : \S+$/m, "$v: the cipher of the session has its line");
    is(scalar(() = $out =~ /^SSL-Session:/mg) >= 1, 1, "$v: a session is reported");
    like($out, qr/Session-ID: [a-fA-F0-9]{2,64}/, "$v: testssl finds a session id");
    like($out, qr/(?:Master-Key|Resumption PSK): [0-9A-F]+/, "$v: testssl finds a key");
    like($out, qr/TLS session ticket lifetime hint: \d+ \(seconds\)/, "$v: the lifetime of the ticket has its line");
    is(word($out, qr/ticket lifetime hint/, 6), 7200, "$v: cipherscan finds the lifetime in the sixth word");
    my ($ticket) = $out =~ /TLS session ticket:\n(.*?)^$/ms;
    like($ticket // '', qr/\A(?:    [0-9a-f]{4} - (?:[0-9a-f]{2}[ -]){1,16} +.*\n)+\z/, "$v: the ticket is a dump up to an empty line");
    like($out, $pattern{haproxy_temp_key}, "$v: HAProxy finds the temporary key");
    like($out, qr/^Server Temp Key|^Peer Temp Key|^Negotiated TLS1.3 group/m, "$v: testssl finds it");
    is(word($out, qr/^Peer\ signing\ digest/, 4), 'SHA256', "$v: cipherscan finds the digest in the fourth word");
    like($out, qr/^Peer signature type: \S+$/m, "$v: the type of the signature has its line");
    is(word($out, qr/Server public key/, -2), 2048, "$v: testssl finds the size of the key before the last word");
    is(word($out, qr/Server public key/, 5), 2048, "$v: cipherscan finds it in the fifth word");
    like($out, $v eq 'TLSv1.2' ? qr/^Secure Renegotiation IS supported$/m
        : qr/^(?:Secure Renegotiation IS NOT supported|This TLS version forbids renegotiation\.)$/m, "$v: secure renegotiation has its line");
    ok((grep { /Compression/ && /NONE/ } split /\n/, $out), "$v: testssl finds that there is no compression");
    like($out, qr/^ALPN protocol: h2$/m, "$v: the application protocol has its line");
    like($out, qr/^Early data was not sent$/m, 'TLSv1.3: early data has its line') if $v eq 'TLSv1.3';
    like($out, qr/Verify return code: 0 \(ok\)/, "$v: s2n and LibreSSL find the result");
    like($out, qr/^Verification: OK$/m, "$v: Verification has its line");
    like($client->err, qr/^depth=2 .*\nverify return:1\ndepth=1 .*\nverify return:1\ndepth=0 .*\nverify return:1$/m, "$v: the check goes from the root down");
    like($out, qr/^Certificate chain\n 0 s:.+\n   i:.+\n(?:   a:.+\n   v:.+\n)? 1 s:.+\n   i:/m, "$v: the chain has subjects and issuers, leaf first");
    like($out, qr/^Server certificate\n-----BEGIN CERTIFICATE-----\n.*?-----END CERTIFICATE-----\nsubject=.+\n\n?issuer=/ms, "$v: the certificate is in PEM");
    like($out, qr/^No client certificate CA names sent$/m, "$v: it is said that no CA names came");
    is(scalar(() = $out =~ /-----BEGIN/g), 1, "$v: only the leaf is shown without -showcerts");
    my $x509 = run([openssl('x509', '-in', spew('whole', $out), '-noout', '-subject')]);
    like($x509->out, qr/chain\.example/, "$v: check_ssl_cert feeds the whole output to openssl x509");
}

# Order of the blocks (E12).
my $ordered = run_client([@to, '-tls1_2'], merge => 1)->out;
my @blocks = ('CONNECTED\(', '---\nCertificate chain', '---\nServer certificate', '---\nNo client certificate CA names sent', 'Peer signing digest',
    '---\nSSL handshake has read \d+ bytes and written \d+ bytes', 'Verification: ', '---\nNew, ', 'Server public key is', 'Secure Renegotiation',
    'Compression', 'Expansion', 'SSL-Session:', '    Protocol  :', '    Cipher    :', '    Session-ID:', '    Session-ID-ctx:', '    Master-Key:',
    '    Start Time:', '    Timeout   :', '    Verify return code:', '    Extended master secret:', '---');
like($ordered, qr/^$blocks[0]@{[ join '', map { ".*?^$_" } @blocks[1 .. $#blocks] ]}/ms, 'the blocks stand in the order of the original');
like($ordered, qr/^CONNECTED.*^depth=.*^---\nCertificate chain.*^DONE$/ms, 'merged streams keep the order in which things happened');

# -showcerts: several blocks, leaf first.
my $shown = run_client([@to, '-showcerts'])->out;
my @certificates = $shown =~ /(-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----)/gs;
cmp_ok(scalar @certificates, '>=', 2, 'a regular expression of the wild finds all certificates');
is("$certificates[0]\n", join('', slurp(certificate('server-chain')->{cert}) =~ /(-----BEGIN.*-----END CERTIFICATE-----\n)/s), 'the leaf is the first');
is(scalar(grep { /^-----BEGIN/ .. /^-----END/ } split /^/, $shown) > 10, 1, 'what the documents of curl do with sed gives the certificates');

# Resumption.
my @session = ($server->target, '-tls1_2');
client_until(qr/^    Verify return code/m, @session, '-sess_out', 'session');
my $reused = run_client([@session, '-sess_in', 'session']);
like($reused->out, qr/^Reused/m, 'testssl finds a reused session');
like($reused->out, qr/^Reused, TLS.*$/m, 'LibreSSL finds it');
ok((grep { index($_, 'Reused, TLSv1.') == 0 } split /\n/, $reused->out), 'pdns finds it at the start of a line');
my $reused13 = do {
    client_until(qr/^SSL-Session:.*^SSL-Session:/ms, $server->target, '-tls1_3', '-sess_out', 'session13');
    run_client([$server->target, '-tls1_3', '-sess_in', 'session13']);
};
like($reused13->out, qr/^Reused, TLSv1\.3/m, 'GnuTLS finds a reused session of TLSv1.3');
my $six = run_client([$server->target, '-reconnect', '-tls1_2']);
ended($six, 0, 'the test of Node: -reconnect ends with 0 (E1)');
is(scalar(() = $six->out =~ /^(?:New|Reused), TLS/mg), 6, 'it makes exactly six connections');
is(scalar(() = $six->out =~ /^drop connection and then reconnect$/mg), 5, 'each of five begins with its line');

# Failures.
my $old = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']);
my $failed = run_client([$old->target, '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384']);
isnt($failed->status, 0, 'a failed handshake does not end with 0 (E2)');
like($failed->out, qr/Cipher is \(NONE\)/, 'mbedTLS sees in the output that it failed');
is(word($failed->out, qr/^New, /, 5), '(NONE)', 'cipherscan sees it in the fifth word');
like($failed->out, qr/^no peer certificate available$/m, 'bats finds that there is no certificate');
like($failed->err, qr/:error:/, 'GnuTLS finds the error queue');
like($failed->err, qr/SSL alert number 40/, 'the number of the alert is on standard error');
like($failed->err, qr/alert[ ]handshake[ ]failure/, 'check_ssl_cert finds what the alert means');
my $version_failed = run_client([$old->target, '-tls1_3']);
like($version_failed->err, qr/SSL alert number 70/, 'Node finds the alert about the version');
like($version_failed->err, qr/tlsv1 alert protocol version/, 'check_ssl_cert finds it');
my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my $plain = SApps::Process->start(command => [program('s_client'), '-connect', '127.0.0.1:' . $listener->sockport], stdin => 'none');
my $peer = $listener->accept;
sysread $peer, my $hello, 4096;
syswrite $peer, "HTTP/1.0 400 Bad Request\r\n\r\n";
close $peer;
like($plain->wait->err, qr/wrong[ ]version[ ]number/, 'check_ssl_cert finds a server that does not speak TLS');
isnt($plain->status, 0, 'which does not end with 0');
my $refused = run_client(['-connect', closed_address()]);
like($refused->err, qr/Connection refused/, 'check_ssl_cert finds a refused connection');
isnt($refused->status, 0, 'which does not end with 0 (E2)');
my $unknown = run_client(['-connect', 'nosuch.invalid:443']);
like($unknown->err, qr/Name or service not known|BIO_lookup_ex|Temporary failure in name resolution/, 'it finds an unknown name');
like(run_client(['-connect', 'a:b:c'])->err, qr/connect argument or target parameter malformed or ambiguous|malformed|ambiguous/i,
    'it finds a target that is malformed');
like(run_client([], env => { PATH => '/nonexistent' }, timeout => 10)->err, qr/Connection refused|connect error|Bad file descriptor|connect:errno/,
    'the probe of testssl without -connect finds its line') if !IO::Socket::INET->new(PeerAddr => '127.0.0.1:4433');

# Verification on standard error.
my %bad = map { $_ => SApps::Server->start(which => 'openssl', cert => $_) } qw(expired other);
my $expired = run_client([$bad{expired}->target, '-CAfile', $ca]);
ended($expired, 0, 'a certificate that does not pass is no failure by itself (E1)');
like($expired->err, qr/^verify[ ]error:num=[0-9][0-9]*:certificate[ ]has[ ]expired/m, 'check_ssl_cert finds an expired certificate');
like($expired->err, qr/^notAfter=/m, 'testssl finds its end');
like($expired->out, qr/^Verification error: certificate has expired$/m, 'the report has it');
like($expired->out, qr/Verify return code: 10 \(certificate has expired\)/, 'and its number');
my $other = run_client([$bad{other}->target, '-CAfile', $ca]);
like($other->err, qr/^verify[ ]error:num=\d+:unable to get local issuer certificate/m, 'it finds an unknown issuer');
my $self = SApps::Server->start(which => 'openssl', cert => 'ca');
like(run_client([$self->target])->err, qr/^verify[ ]error:num=[0-9][0-9]*:self[ -]signed[ ]certificate/m, 'it finds a self-signed certificate');

# The messages.
my $asking = SApps::Server->start(which => 'openssl', args => ['-verify', '1', '-CAfile', $ca]);
my %msg = map { $_ => run_client([$asking->target, $_, '-msg'])->out } keys %version;
like($msg{'-tls1_3'}, qr/^<<< TLS 1\.3, Handshake \[length [0-9a-f]{4}\], ServerHello$/m, '-msg: the line of a message');
like($msg{'-tls1_3'}, qr/<<< TLS 1\.3, Handshake \[length [0-9a-f]{4}\], ServerHello\n    02 00 (?:[0-9a-f]{2} ?){14}\n/, '-msg: rows have sixteen bytes after four blanks');
for my $option (sort keys %msg) {
    like($msg{$option}, qr/\<\<\< (SSL [23]|TLS 1)(\.[0-3])?[,]? Handshake \[length [0-9a-fA-F]*\], CertificateRequest/, "-msg $option: testssl finds the certificate request");
    cmp_ok(scalar(() = $msg{$option} =~ /Finished/g), '==', 2, "-msg $option: s2n counts two Finished");
    cmp_ok(scalar(() = $msg{$option} =~ /^>>>|^<<</mg), '>', 8, "-msg $option: aws-lc finds the arrows");
}
like($msg{'-tls1_2'}, qr/<<< TLS 1.[0-2].*ServerKeyExchange$/m, '-msg: testssl finds the key exchange of TLSv1.2');
my $downgraded = run_client([$server->target, '-tls1_2', '-msg'])->out;
like($downgraded, qr/ServerHello\n.*\n.*44 4f\n.*57 4e 47 52 44 01/, '-msg: LibreSSL finds the marks of a downgrade across rows');
like($msg{'-tls1_3'}, qr/14 03 03 00 01/, '-msg: mbedTLS finds the dummy ChangeCipherSpec');
like(run_client([$old->target, '-tls1_3', '-msg'])->out, qr/fatal protocol_version/, '-msg: mbedTLS finds the alert in words');

# Extensions, CA names, states.
my $extensions = run_client([@to, '-tls1_2', '-tlsextdebug'])->out;
like($extensions, qr/^TLS server extension "renegotiation info" \(id=65281\), len=1$/m, '-tlsextdebug: the line of an extension');
is_deeply([grep { !/" \(id=\d+\), len=\d+$/ } $extensions =~ /^(TLS server extension .*)$/mg], [], '-tlsextdebug: testssl can read every one');
my $asked = run_client([$asking->target, '-tls1_2'])->out;
like($asked, qr/^Acceptable client certificate CA names\n/m, 'the CA names that the server sent have their line');
like($asked, qr/^Client Certificate Types: /m, 'check_ssl_cert finds the types of client certificates');
my $states = run_client([$asking->target, '-tls1_3', '-state'])->err;
like($states, qr{SSL_connect:SSLv3/TLS read server certificate}, '-state: s2n finds the certificate of the server');
like($states, qr/write client certificate/, '-state: and that of the client');
like($states, qr/read finished/, '-state: and the end');

# No application protocol, no certificate, DH.
my $bare = run_client([$old->target])->out;
like($bare, qr/^No ALPN negotiated$/m, 'no application protocol has its line');
my $npn = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-nextprotoneg', 'one,two']);
my $next = run_client([$npn->target, '-tls1_2', '-nextprotoneg', 'two'])->out;
like($next, qr/Next protocol: \(1\) two/, 's2n finds the next protocol');
like($next, qr/^Protocols advertised by server: one, two$/m, 'testssl finds the protocols that the server advertises');
my $anonymous = SApps::Server->start(which => 'openssl', cert => undef, args => ['-nocert', '-tls1_2', '-cipher', 'ALL@SECLEVEL=0']);
like(run_client([$anonymous->target, '-tls1_2', '-cipher', 'aNULL@SECLEVEL=0'])->out, qr/^no peer certificate available$/m,
    'a server without a certificate has its line');
like(run_client([$server->target, '-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256'])->out, qr/(?:Server|Peer) Temp Key: DH, 2048 bits/,
    'HAProxy finds a temporary key in a finite field');
like(run_client([$server->target, '-tls1_2', '-groups', 'P-384'])->out, qr/(?:Server|Peer) Temp Key: ECDH, .*384.*, 384 bits/, 'LibreSSL finds one of 384 bits');

# -brief is on standard error.
my $brief = run_client([@to, '-brief']);
like($brief->err, qr/^CONNECTION ESTABLISHED\nProtocol version: TLSv1\.3\nCiphersuite: TLS_\w+\n/m, '-brief begins with three lines');
like($brief->err, qr/^(?:(?:Server|Peer) Temp Key: X25519, 253 bits|Negotiated TLS1\.3 group: .*)$/m, '-brief has the temporary key');
like($brief->err, qr/^Verification: OK$/m, '-brief has the verdict');
is($brief->out, '', '-brief leaves standard output to the data');

# Standard input (E3, E4, E5).
ended(run_client([@to], stdin => "Q\n", timeout => 10), 0, 'HAProxy: a Q ends it');
my $quit = run_client([@to], stdin => "QUIT\r\n", timeout => 10);
ended($quit, 0, 'Postfix: QUIT with CRLF ends it with 0');
like($quit->err, qr/^DONE$/m, 'it says DONE on standard error');
my %feature = features();
# Up to 1.1.1 a server lets clients renegotiate unasked.
my $letting = SApps::Server->start(which => 'openssl', args => ['-tls1_2', $feature{conf_3_0} ? '-client_renegotiation' : ()]);
my $renegotiating = SApps::Process->start(command => [program('s_client'), $letting->target]);
$renegotiating->expect(qr/^    Extended master secret/m);
$renegotiating->send('R');
ok($renegotiating->expect(err => qr/^RENEGOTIATING$/m, 5), 'TLSProxy: an R without the end of its line renegotiates, and it says so on standard error');
$renegotiating->expect(err => qr/RENEGOTIATING\n(?:.*\n)+verify return:1\n/, 5);
like((split /\n/, $renegotiating->err)[-1], qr/^(RENEGOTIATING|depth|verify|notAfter)/, 'testssl finds its words in the last line of standard error');
$renegotiating->stop;
my $updating = SApps::Process->start(command => [program('s_client'), $server->target, '-tls1_3']);
$updating->expect(qr/SSL-Session/);
$updating->send("K\n");
ok($updating->expect(err => qr/^KEYUPDATE$/m, 5), 'GnuTLS: after SSL-Session a K asks for new keys, and it says so on standard error');
$updating->stop;

my $speaking = SApps::Server->start(which => 'openssl');
my $listening = SApps::Process->start(command => [program('s_client'), $speaking->target]);
$listening->expect(qr/^    Verify return code/m);
$speaking->send("hello\n");
ok($listening->expect(qr/hello/, 5), 'Node: what the server sends comes while standard input is open (E4)');
$speaking->send('world');
$speaking->send("\n");
ok($listening->expect(qr/world/, 5), 'and goes on coming');
ended($listening->close_stdin, 0, 'then the end of standard input ends it with 0');

my $page = SApps::Server->start(which => 'openssl', args => ['-WWW']);
spew('file', "text\0without an end");
my $got = run_client([$page->target, '-quiet'], stdin => "GET /file HTTP/1.0\r\n\r\n");
like($got->out, qr/text\0without an end\z/, 'the bytes are written unchanged, also without a line end (E4)');
spew('lines', "text\n");
# The original of 1.1.1 leaves without close_notify.
my $orderly = $feature{conf_3_0} ? $page : SApps::Server->start(args => ['-WWW']);
my $closed = run_client([$orderly->target, '-ign_eof'], stdin => "GET /lines HTTP/1.0\r\n\r\n");
is((split /\n/, $closed->out)[-1], 'closed', 'testssl finds closed in the last line of standard output');
unlink 'session';
run_client([$server->target, '-tls1_2', '-sess_out', 'session']);
ok(-s 'session', 'testssl: with end of file at once there is a session of TLSv1.2 (E5)');
unlink 'session';
client_until(qr/^SSL-Session:/m, $server->target, '-tls1_3', '-sess_out', 'session');
ok(-s 'session', 'a ticket that came before the end of file is in the file (E5)');

# The key log (E10).
run_client([$server->target, '-keylogfile', 'ours.keys', '-tls1_3']);
my @labels = map { (split ' ')[0] } grep { !/^#/ } split /\n/, slurp('ours.keys');
is_deeply([sort @labels], [sort qw(SERVER_HANDSHAKE_TRAFFIC_SECRET EXPORTER_SECRET SERVER_TRAFFIC_SECRET_0 CLIENT_HANDSHAKE_TRAFFIC_SECRET
    CLIENT_TRAFFIC_SECRET_0)], 'the key log has the five secrets of TLSv1.3 (E10)');
is(sprintf('%04o', (stat 'ours.keys')[2] & 07777), '0600', 'only its owner can read it (E10)');

# Probes of the command line.
my $help = run_client(['-help']);
ended($help, 0, '-help ends with 0');
is($help->out, '', '-help writes nothing to standard output');
for my $option (qw(proxy alpn nextprotoneg fallback_scsv enable_pha early_data)) {
    like($help->err, qr/-\Q$option\E/, "-help has -$option on standard error") if available($option);
}
like($help->err, qr/Unix-domain socket/, 'testssl finds in it that there are Unix-domain sockets');
SKIP: {
    skip 'this build has no -starttls', 8 if !available('starttls');
    my $starttls = run_client(['-starttls', 'foo']);
    like($starttls->err, qr/Value must be one of:\n(?:\s+\S+\n)+/, '-starttls with a wrong word lists the right ones, a line each');
    like($starttls->err, qr/^\s+$_$/m, "-starttls knows $_") for qw(xmpp-server lmtp nntp irc sieve mysql postgres);
}
like(run_client(['-nosuch', $server->target])->err, qr/unknown option/i, 'an unknown option has the words that probes look for');
isnt(run_client(['-nosuch', $server->target])->status, 0, 'and does not end with 0');
like(run_client(['not_a_real_option', 'another'])->err, qr/-servername|[Uu]sage|[Ee]xtra/, 'a bogus word gets the usage');
like(run_client([$server->target, '-groups', 'foo'])->err, qr/Error with command|Call to SSL_CONF_cmd(.*) failed|cannot be set|Failed to set groups/, 'testssl finds a bad group');
like(run_client(["--connect=localhost:" . $server->port, '--tls1_2'])->out, qr/^New, TLSv1\.2/m, 'two dashes and an equals sign work');

done_testing;
