# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Our client with nginx; curl and the original's client with our server.

use SApps::Test;

use SApps::Nginx;
use SApps::Wire qw(fetch fetch_by_curl);

my $ca = certificate('ca')->{cert};
my $client_pair = certificate('client');
my @client_certificate = ('-cert', $client_pair->{cert}, '-key', $client_pair->{key});
my %version = ('-tls1_2' => 'TLSv1.2', '-tls1_3' => 'TLSv1.3');

# A client that still sends when its answer is there: it gets it whole, and no reset.
{
    spew('small.txt', "a small file\n");
    spew('headers', join '', map { "X-Long-$_: " . 'x' x 90_000 . "\n" } 1, 2);
    spew('body', 'b' x 3_000_000);
    for my $mode ('-www', '-WWW', '-HTTP') {
        my $server = SApps::Server->start(args => [$mode]);
        my @curl = ('curl', '-sSk', '--http1.1', '--http0.9', 'https://' . $server->address . '/small.txt');
        my @status = map { run([@curl, @{$_}])->status } (['-H', '@headers'], ['-X', 'GET', '-H', 'Expect:', '--data-binary', '@body']) x 3;
        is("@status", '0 0 0 0 0 0', "$mode: curl gets its answer beside long headers and bodies");
    }
    my $server = SApps::Server->start(args => ['-www', '-naccept', '1']);
    my $slow = SApps::Process->start(command => [openssl('s_client', '-quiet', $server->target)]);
    $slow->send("GET / HTTP/1.0\r\nHost: x\r\n");
    ok($slow->expect(qr/<\/HTML>/i), 'a client is answered before its request is whole');
    ended($server, 0, 'and does not keep the server from its end');
    cmp_ok($server->seconds, '<', SApps::Process::patience(5), 'for long');
}

# nginx.
{
    my $server = SApps::Nginx->start(cert => 'server', conf => <<"END");
ssl_client_certificate $ca;
ssl_verify_client optional;
ssl_session_cache shared:kept:1m;
location /who { return 200 "name=\$ssl_client_s_dn verified=\$ssl_client_verify reused=\$ssl_session_reused sni=\$ssl_server_name\\n"; }
END
    spew($server->root . '/file.txt', "a file of nginx\n");
    my @to = ('-connect', $server->address);
    for my $version (sort keys %version) {
        my $name = $version{$version};
        my $file = run_client([@to, $version, '-ign_eof', '-CAfile', $ca, '-verify_ip', '127.0.0.1', '-verify_return_error',
            '-alpn', 'http/1.1'], stdin => "GET /file.txt HTTP/1.0\r\n\r\n");
        ended($file, 0, "$name: the client gets a file of nginx");
        like($file->out, qr/^New, \Q$name\E, Cipher is/m, "$name: the version is told");
        like($file->out, qr/^ *Verify return code: 0 \(ok\)$/m, "$name: the certificate is good for the address");
        like($file->out, qr/^ALPN protocol: http\/1\.1$/m, "$name: the application protocol is agreed");
        like($file->out, qr/^Acceptable client certificate CA names\n.*CN ?= ?s_apps test CA$/m, "$name: the authorities are told");
        like($file->out, qr/^a file of nginx$/m, "$name: the file is there");
        my $who = "GET /who HTTP/1.0\r\n\r\n";
        like(run_client([@to, $version, '-quiet'], stdin => $who)->out, qr/name= verified=NONE reused=\. sni=$/m,
            "$name: without a certificate there is no name");
        like(run_client([@to, $version, '-quiet', '-servername', 'server.example', @client_certificate], stdin => $who)->out,
            qr/name=CN=client,O=s_apps verified=SUCCESS reused=\. sni=server\.example$/m, "$name: nginx knows the client");
        run_client([@to, $version, '-ign_eof', '-sess_out', "session$version"], stdin => $who);
        my $again = run_client([@to, $version, '-ign_eof', '-sess_in', "session$version"], stdin => $who);
        like($again->out, qr/^Reused, \Q$name\E, Cipher is/m, "$name: the session is resumed");
        like($again->out, qr/reused=r /, "$name: nginx says so too");
    }
    my $keep = SApps::Process->start(command => [program('s_client'), '-quiet', @to]);
    for my $count (1 .. 3) {
        $keep->send("GET /file.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
        ok($keep->expect(qr/(?:a file of nginx\n.*){$count}/s), "request $count of one connection is answered");
    }
    like(run_client([@to, '-quiet'], stdin => "\x16\x03 no request\r\n\r\n")->out, qr/400 Bad Request/, 'an answer to nonsense is shown');
    my $brief = run_client([@to, '-brief'], stdin => '');
    ended($brief, 0, 'a brief look at nginx');
    like($brief->err, qr/^CONNECTION ESTABLISHED\nProtocol version: TLSv1\.3\nCiphersuite: TLS_AES_256_GCM_SHA384\n/m, 'is brief');
}
{
    my $strict = SApps::Nginx->start(cert => 'server-chain', conf => 'ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;');
    my @to = ('-connect', $strict->address);
    ended(run_client([@to, '-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']), 1, 'no common cipher is a failure');
    my $unknown = run_client([@to, '-CAfile', $ca, '-verify_return_error']);
    ended($unknown, 1, 'a server without its intermediate certificate is not trusted');
    like($unknown->err, qr/unable to get local issuer certificate|unable to verify the first certificate/, 'the reason is told');
}

# Our server. curl.
spew('file.txt', "a file of ours\n");
my $body = join '', map { pack 'N', $_ } 1 .. 300_000;
spew('long', $body);
my $server = SApps::Server->start(args => ['-WWW', '-verify', '3', '-CAfile', $ca, '-alpn', 'http/1.1,http/1.0',
    '-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2', certificate('second')->{key}]);
for my $version ('1.2', '1.3') {
    my @only = ("--tlsv$version", '--tls-max', $version);
    my $file = fetch_by_curl($server, '/file.txt', @only, '-w', '%{ssl_verify_result} %{http_code}');
    ended($file, 0, "TLS $version: curl trusts us and gets a file");
    is($file->out, "a file of ours\n0 200", "TLS $version: it is there");
    ended(fetch_by_curl($server, '/long', @only, '-o', "got-$version"), 0, "TLS $version: curl gets a longer file");
    ok(slurp("got-$version") eq $body, "TLS $version: every byte of it");
    my $who = fetch_by_curl($server, '/stats', @only, '--cert', $client_pair->{cert}, '--key', $client_pair->{key});
    like($who->out, qr/^Client certificate\n.*Subject: O ?= ?s_apps, CN ?= ?client$/ms, "TLS $version: its certificate is seen");
    my $second = run(['curl', '-sv', @only, '--cacert', $ca, '--connect-to', '::localhost:' . $server->port,
        'https://second.example/file.txt']);
    ended($second, 0, "TLS $version: curl gets the second certificate for its name");
    like($second->err, qr/subject: O=s_apps; CN=second\.example/, "TLS $version: it is the second");
    like($second->err, qr/ALPN: server accepted http\/1\.1|ALPN, server accepted to use http\/1\.1/, "TLS $version: ALPN is agreed");
    # Two requests of one run: the second resumes the session of the first.
    my $twice = run(['curl', '-sv', @only, '--cacert', $ca, '--http1.0',
        'https://' . $server->address . '/file.txt', 'https://' . $server->address . '/stats']);
    like($twice->out, qr/^Reused, TLSv\Q$version\E, Cipher is/m, "TLS $version: curl's second request resumes the session");
}
my $other = fetch_by_curl(SApps::Server->start(cert => 'other', args => ['-www']), '/');
ended($other, 60, 'curl does not trust the certificate of another authority');
my $fresh = SApps::Server->start(cert => undef, args => ['-www', '-selfsign', 'localhost']);
ended(fetch_by_curl($fresh, '/'), 60, 'nor one that was made just now');
ended(run(['curl', '-sk', '-o', 'page', 'https://' . $fresh->address]), 0, 'but speaks to it when told');

# The original's client, with tickets and without.
for my $version (sort keys %version) {
    my $name = $version{$version};
    for my $mode ([], ['-no_ticket'], ['-num_tickets', '1']) {
        my $resuming = SApps::Server->start(args => ['-www', @{$mode}]);
        my $get = "GET / HTTP/1.0\r\n\r\n";
        my $file = join '-', 'original', $version, @{$mode};
        fetch($resuming, $get, args => [$version, '-sess_out', $file]);
        my $page = fetch($resuming, $get, args => [$version, '-sess_in', $file]);
        like($page->out, qr/^Reused, \Q$name\E, Cipher is/m, "$name: the original resumes its session (@{$mode})");
        like($page->out, qr/^ +1 session cache hits$/m, "$name: it is counted (@{$mode})");
    }
    my $got = fetch($server, "GET /long HTTP/1.0\r\n\r\n", args => [$version, @client_certificate]);
    ok($got->out eq "HTTP/1.0 200 ok\r\nContent-type: text/plain\r\n\r\n$body", "$name: the original gets every byte");
    my $second = oracle(['s_client', $server->target, $version, '-servername', 'SECOND.example', '-CAfile', $ca,
        '-verify_hostname', 'second.example']);
    like($second->out, qr/^Verified peername: second\.example$/m, "$name: the original gets the second certificate for its name");
}

done_testing;
