# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# -json: one document about the connection, however it went, that fits the schema in doc/ and tells the truth.

use SApps::Test;

use IO::Socket::INET;
use JSON::PP;
use Time::Local qw(timegm);

my $CHECK = <<'END';
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for error in validator.iter_errors(json.load(open(sys.argv[2]))):
    print("/".join(map(str, error.absolute_path)) + ": " + error.message)
END

my $schema = source_dir() . '/doc/json-output.schema.json';
my $ca = certificate('ca')->{cert};
my $count = 0;

# Runs the client with -json and gives its document. It must be all of standard output and fit the schema.
sub document {
    my ($name, $arguments, %options) = @_;
    my $status = delete $options{status} // 0;
    my $client = delete $options{client} // run_client(['-json', @{$arguments}], %options);
    ended($client, $status, "$name: it ends with $status");
    my $text = $client->out;
    my $document = eval { JSON::PP->new->utf8->decode($text) };
    ok($document, "$name: standard output is one document") or diag($text);
    like($text, qr/\A\{.*\}\n\z/s, "$name: nothing stands before or after it");
    my $check = run(['/usr/bin/python3', '-W', 'ignore', '-c', $CHECK, $schema, spew('document-' . ++$count, $text)]);
    is($check->out . $check->err, '', "$name: it fits the schema");
    is($document->{exit_status}, $status, "$name: it knows the exit status");
    return $document // {};
}

sub to { my ($server) = @_; return ('-connect', '127.0.0.1:' . $server->port) }

# A connection that goes well.
my @chain = ('-cert_chain', certificate('server-chain')->{chain}, '-alpn', 'h2');
my $server = SApps::Server->start(which => 'openssl', cert => 'server-chain', args => \@chain);
my $good = document('a good connection', [to($server), '-CAfile', $ca, '-alpn', 'h2', '-groups', 'P-256', '-servername', 'chain.example',
    '-verify_hostname', 'server.example']);
is($good->{schema}, 1, 'the document has the number of its schema');
is($good->{program}, 's_client', 'and the name of the program');
is_deeply([@{ $good->{target} }{qw(host port servername)}], ['127.0.0.1', $server->port, 'chain.example'], 'the target is what was asked for');
is($good->{peer}{address}, '127.0.0.1', 'the address of the peer is there');
is_deeply([@{ $good->{handshake} }{qw(version cipher alpn)}], ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 'h2'], 'version, cipher and protocol are there');
ok($good->{handshake}{done}, 'the handshake is done');
like($good->{handshake}{group} // '', qr/^(?:secp256r1|prime256v1|P-256)$/, 'the group is there');
is($good->{handshake}{temp_key}{bits}, 256, 'so are the bits of the temporary key');
is_deeply($good->{handshake}{peer_signature}, { scheme => 'rsa_pss_rsae_sha256', type => 'RSA-PSS', digest => 'SHA256' }, 'and the signature of the server');
is_deeply([@{ $good->{verification} }{qw(verified basis code text name)}], [JSON::PP::true, 'chain', 0, 'ok', 'server.example'],
    'the certificate was verified, and its name');
is_deeply($good->{failures}, [], 'there is no failure');
for my $phase (qw(lookup connect handshake)) {
    my $time = $good->{timings_ms}{$phase};
    ok(defined $time && $time >= 0 && $time < 20_000, "the time of $phase is known");
}
is($good->{timings_ms}{first_byte}, undef, 'no byte of data came, so there is no time of the first');

# A time of JSON as openssl x509 writes it.
sub openssl_time {
    my ($time) = @_;
    my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
    my ($year, $month, $day, $clock) = $time =~ /^(\d{4})-(\d\d)-(\d\d)T([\d:]{8})Z$/ or return $time;
    return sprintf '%s %2d %s %s GMT', $months[$month - 1], $day, $clock, $year;
}

sub days_until {
    my ($year, $month, $day, $hour, $minute, $second) = $_[0] =~ /\d+/g;
    return (timegm($second, $minute, $hour, $day, $month - 1, $year) - time) / 86_400;
}

# Its certificates, against what openssl x509 says.
is(scalar @{ $good->{certificates} }, 2, 'both certificates are there');
my @files = (certificate('server-chain')->{cert}, certificate('server-chain')->{chain});
for my $i (0, 1) {
    my $got = $good->{certificates}[$i];
    my $x509 = sub { my $o = run([openssl('x509', '-in', $files[$i], '-noout', @_)])->out; chomp $o; return $o =~ s/^[^=]*=\s*//r };
    is($got->{sha256}, lc($x509->('-fingerprint', '-sha256') =~ s/://gr), "certificate $i: the fingerprint");
    is($got->{serial}, $x509->('-serial'), "certificate $i: the serial number");
    is($got->{subject}, $x509->('-subject', '-nameopt', 'RFC2253'), "certificate $i: the subject");
    is($got->{issuer}, $x509->('-issuer', '-nameopt', 'RFC2253'), "certificate $i: the issuer");
    is(openssl_time($got->{not_after}), $x509->('-enddate'), "certificate $i: its end");
    ok(abs($got->{days_left} - days_until($got->{not_after})) <= 1, "certificate $i: the days left");
    is($got->{pem}, join('', slurp($files[$i]) =~ /(-----BEGIN.*?-----END CERTIFICATE-----\n)/s), "certificate $i: the PEM form");
    my $pin = run(['/bin/sh', '-c', "openssl x509 -in $files[$i] -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | openssl base64"])->out;
    is("$got->{spki_sha256_pin}\n", $pin, "certificate $i: the pin of the key");
}
my $leaf = $good->{certificates}[0];
is($leaf->{common_name}, 'chain.example', 'the common name');
is_deeply([map { "$_->{kind}:$_->{value}" } @{ $leaf->{alt_names} }],
    ['dns:server.example', 'dns:localhost', 'dns:*.wild.example', 'ip:127.0.0.1', 'ip:::1'], 'the other names');
is_deeply([@{$leaf}{qw(expired ca self_issued key_bits)}], [JSON::PP::false, JSON::PP::false, JSON::PP::false, 2048], 'the rest of it');
ok($good->{certificates}[1]{ca}, 'the second is a CA');

# TLS 1.2, data, and a session.
my $page = SApps::Server->start(which => 'openssl', args => ['-WWW']);
spew('file', "the answer\n");
my $data = document('an answer', [to($page), '-tls1_2', '-CAfile', $ca, '-ign_eof', '-sess_out', 'session'], stdin => "GET /file HTTP/1.0\r\n\r\n");
ok(defined $data->{timings_ms}{first_byte}, 'the time of the first byte is known');
is($data->{handshake}{version}, 'TLSv1.2', 'the version is TLSv1.2');
ok($data->{handshake}{extended_master_secret} && $data->{handshake}{secure_renegotiation}, 'its two extensions were agreed on');
like($data->{session}{id}, qr/^[0-9a-f]{64}$/, 'the session has an id');
ok($data->{session}{resumable}, 'it can be resumed');
unlike(JSON::PP->new->encode($data), qr/the answer|[Mm]aster.?[Kk]ey/, 'neither data nor a secret is in it');
my $resumed = document('a resumed session', [to($page), '-tls1_2', '-CAfile', $ca, '-sess_in', 'session']);
ok($resumed->{session}{resumed}, 'the session was resumed');
is($resumed->{verification}{basis}, 'session', 'the verdict stands on the session');
is($resumed->{certificates_from}, 'session', 'and so does the certificate');

# A server that asks for a certificate.
my $asking = SApps::Server->start(which => 'openssl', args => ['-verify', '1', '-CAfile', $ca]);
my $asked = document('a server that asks for a certificate', [to($asking), '-CAfile', $ca]);
is_deeply($asked->{certificate_request}{ca_names}, ['CN=s_apps test CA,O=s_apps'], 'the CA names that it sent');
ok(@{ $asked->{certificate_request}{signature_schemes} } > 3, 'the signatures that it takes');

# Failures.
sub failure {
    my ($document, $kind, $pattern) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $first = $document->{failures}[0] // {};
    is($first->{kind}, $kind, "the kind of the failure is $kind");
    like($first->{text} // '', $pattern, 'its text tells it');
    return;
}
my $refused = document('a refused connection', ['-connect', closed_address()], status => 1);
failure($refused, 'connect', qr/Connection refused/);
is($refused->{handshake}, undef, 'there was no handshake');
is_deeply([@{ $refused->{verification} }{qw(verified basis)}], [undef, 'none'], 'nothing was verified');
my $unknown = document('an unknown name', ['-connect', 'nosuch.invalid:443'], status => 1);
failure($unknown, 'lookup', qr/nosuch\.invalid/);
is($unknown->{peer}, undef, 'there is no peer');
my $file = document('a missing file', ['-connect', closed_address(), '-CAfile', 'missing.pem'], status => 1);
failure($file, 'input', qr/missing\.pem/);

# Command lines that are refused, with -json on either side of the mistake. Standard error is as without -json.
my @to_closed = ('-connect', closed_address());
my %mistake = (
    'an option that there is not' => [['-no_such_option'], qr/^Unknown option: -no_such_option$/],
    'an option that is nearly one' => [['-servernam', 'x'], qr/^Unknown option: -servernam$/, qr/^Did you mean -servername\?$/],
    'a bad number' => [['-verify', '0'], qr/^Invalid value "0" for option -verify: expected a whole number from 1/],
    'a bad word' => [['-keyform', 'PEN'], qr/^Invalid value "PEN" for option -keyform \(did you mean PEM\?\)$/, qr/^Value must be one of:\n\tPEM\n/],
    'a bad address' => [['-connect', 'a:b:c'], qr/^-connect argument or target parameter malformed/],
    'a bad port' => [['localhost:70000'], qr/^Invalid value "localhost:70000" for option -connect: expected a port/],
    'two that exclude each other' => [['-4', '-6'], qr/^Options -4 and -6 cannot be used together/],
    'one that excludes -json' => [['-brief'], qr/^Options -(?:json and -brief|brief and -json) cannot be used together/],
    'a second target' => [['one:1', 'two:2'], qr/^Extra argument "two:2"/],
    'a flag with a value' => [['-quiet=yes'], qr/^Option -quiet does not take a value$/],
    'an escape sequence' => [["-\e]0;title\a"], qr/^Unknown option: -\e\]0;title\a$/],
);
for my $name (sort keys %mistake) {
    my ($words, $text, $hint) = @{ $mistake{$name} };
    for my $line (['-json', @{$words}], [@{$words}, '-servername', '-help', '--json']) {
        my $client = run([program('s_client'), @{$line}]);
        my $document = document("$name (@{$line})", [], client => $client, status => 1);
        failure($document, 'usage', $text);
        is(scalar @{ $document->{failures} }, 1, 'it is the only failure');
        like($document->{failures}[0]{hint} // '', $hint // qr//, 'its hint tells what may help');
        is_deeply([@{$document}{qw(peer handshake session)}], [undef, undef, undef], 'there was no connection');
        my $classic = run([program('s_client'), grep { !/json/ } @{$line}]);
        is($client->err, $classic->err, 'standard error is as without -json') if $name !~ /excludes -json/;
    }
}
document('no value for the last option', ['-connect'], status => 1);
for my $line (['-no_such_option', '-servername', '-json'], ['-no_such_option', '--', '-json'], ['-servername', '-json', '-no_such_option'], ['-no_such_option']) {
    my $client = run([program('s_client'), @{$line}]);
    is($client->out, '', "standard output is empty where -json is not an option (@{$line})");
    ended($client, 1, 'and the line is refused');
}
like(run([program('s_client'), '-json', '-help'])->out, qr/\A\z/, 'a line that asks for help is not refused');

# What fails after that and before the connection.
for my $case (
    ['a word of -nameopt', ['-nameopt', 'nonsense'], 'usage', qr/nonsense/],
    ['an application protocol', ['-alpn', 'x' x 300], 'usage', qr/alpn/],
    ['a session', ['-sess_in', 'missing.pem'], 'input', qr/missing\.pem/],
    ['a key', ['-cert', $ca, '-key', 'missing.key'], 'input', qr/missing\.key/],
    ['a pass phrase', ['-cert', certificate('server')->{cert}, '-key', certificate('server')->{enc_key}, '-pass', 'env:NOT_SET'], 'input', qr/NOT_SET/],
    ['a key log', ['-keylogfile', 'none/keys'], 'input', qr/none\/keys/],
    ['a list of ciphers', ['-cipher', 'NOSUCH'], 'input', qr/cipher/],
    ['a group', ['-groups', 'nosuch'], 'input', qr/groups/],
    ['a host to check', ['-verify_ip', 'nosuch'], 'input', qr/nosuch/],
) {
    my ($name, $words, $kind, $pattern) = @{$case};
    failure(document("$name that cannot be used", [@to_closed, @{$words}], status => 1), $kind, $pattern);
}

my $old = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']);
my $alert = document('an alert in the handshake', [to($old), '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384'], status => 1);
failure($alert, 'handshake', qr/handshake/);
ok(!$alert->{handshake}{done}, 'the handshake was not done');
like("@{ $alert->{openssl_errors} }", qr/SSL alert number 40/, 'the errors of libssl are there');
is($alert->{session}, undef, 'there is no session');
is_deeply($alert->{certificates}, [], 'and no certificate');
is($alert->{timings_ms}{handshake}, undef, 'nor a time of the handshake');

my %bad = map { $_ => SApps::Server->start(which => 'openssl', cert => $_) } qw(expired other);
my $expired = document('a certificate that has expired', [to($bad{expired}), '-CAfile', $ca]);
is_deeply([@{ $expired->{verification} }{qw(verified basis code text)}], [JSON::PP::false, 'chain', 10, 'certificate has expired'], 'the verdict');
ok($expired->{certificates}[0]{expired} && $expired->{certificates}[0]{days_left} < 0, 'its days are over');
my $ended = document('a failure that ends the handshake', [to($bad{other}), '-CAfile', $ca, '-verify_return_error'], status => 1);
is($ended->{verification}{verified}, JSON::PP::false, 'the verdict is no');
failure($ended, 'verification', qr/unable to get local issuer certificate/);
# libssl 1.1.1 forgets a chain that it did not accept.
my %feature = features();
is(scalar @{ $ended->{certificates} }, $feature{conf_3_0} ? 1 : 0, 'the certificate is there all the same');
my $detailed = document('the detailed status', [to($bad{expired}), '-CAfile', $ca, '-exit_status', 'detailed'], status => 8);
failure($detailed, 'verification', qr/certificate has expired/);
my $name = document('a wrong name', [to($server), '-CAfile', $ca, '-verify_hostname', 'wrong.example']);
is_deeply([@{ $name->{verification} }{qw(verified name name_checked)}], [JSON::PP::false, undef, JSON::PP::true], 'a wrong name is no match');

my $silent = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my $timeout = document('a silent server', ['-connect', '127.0.0.1:' . $silent->sockport, '-handshake_timeout', '0.2'], status => 1);
failure($timeout, 'timeout', qr/handshake_timeout/);
my $http = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my $client = SApps::Process->start(command => [program('s_client'), '-json', '-connect', '127.0.0.1:' . $http->sockport], stdin => 'none');
my $peer = $http->accept;
sysread $peer, my $hello, 4096;
syswrite $peer, "HTTP/1.0 400 Bad Request\r\n\r\n";
close $peer;
my $plain = document('a server of HTTP', [], client => $client, status => 1);
failure($plain, 'handshake', qr/./);
like(join(' ', map { $_->{hint} // '' } @{ $plain->{failures} }), qr/HTTP/, 'a hint tells what it speaks');

# Hostile names: control characters, quotes, bytes that are no UTF-8, in subject, alternative name and protocol.
my $nasty = "x\e]0;title\a\"q\x7f";
spew('hostile.cnf', "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nsubjectAltName=\@alt\n[alt]\nDNS.1=\"bad\e[31m.example\"\nemail.1=\"a\a\@b\"\nURI.1=\"http://\xff\xfe/\"\n");
my $made = run([openssl(qw(req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -config hostile.cnf -extensions v3
    -keyout hostile.key -out hostile.pem -subj), "/O=line\nbreak/CN=$nasty")]);
ended($made, 0, 'a certificate with hostile names is made');
my $hostile = SApps::Server->start(which => 'openssl', cert => undef, args => [qw(-cert hostile.pem -key hostile.key)]);
my $escaped = document('hostile names', [to($hostile)]);
my $text = slurp("document-$count");
unlike($text, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'no control character but the line end is in the document');
is($escaped->{certificates}[0]{common_name}, $nasty, 'the common name is told whole');
like($escaped->{certificates}[0]{days_left}, qr/^(?:9|10)$/, 'the days left are whole days');
ok((grep { $_->{kind} eq 'dns' && $_->{value} eq "bad\e[31m.example" } @{ $escaped->{certificates}[0]{alt_names} }), 'so is an alternative name');
my $classic = run_client([to($hostile), '-showcerts'], merge => 1);
unlike($classic->out, qr/[\x00-\x08\x0b-\x1f\x7f]/, 'the classic text has no control character either');
my $wordy = document('a host name with a quote', ['-connect', qq{a"b\\c\e:443}], status => 1);
is($wordy->{target}{host}, qq{a"b\\c\e}, 'what was asked for is told whole');

done_testing;
