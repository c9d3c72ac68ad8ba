# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Both programs with GnuTLS at the other end.

use SApps::Test;

use Time::HiRes qw(sleep);

use SApps::Gnutls;

my $ca = certificate('ca')->{cert};
my $client_pair = certificate('client');
my @client_certificate = ('-cert', $client_pair->{cert}, '-key', $client_pair->{key});
my $get = "GET / HTTP/1.0\r\n\r\n";
my %version = ('-tls1_2' => 'TLSv1.2', '-tls1_3' => 'TLSv1.3');
my %priority = ('-tls1_2' => 'NORMAL:-VERS-ALL:+VERS-TLS1.2', '-tls1_3' => 'NORMAL:-VERS-ALL:+VERS-TLS1.3');

# Our client with gnutls-serv.
my $http = SApps::Gnutls->start(args => ['--http', '--alpn', 'h2', '--x509cafile', $ca, '--verify-client-cert']);
my $echo = SApps::Gnutls->start(args => ['--echo', '--disable-client-cert']);
for my $version (sort keys %version) {
    my $name = $version{$version};
    my $page = run_client([$http->target, $version, '-ign_eof', '-CAfile', $ca, '-verify_hostname', 'localhost',
        '-verify_return_error', '-alpn', 'h2'], stdin => $get);
    ended($page, 0, "$name: the client gets a page of gnutls-serv");
    like($page->out, qr/^New, \Q$name\E, Cipher is \S+$/m, "$name: it reports the version");
    like($page->out, qr/^ *Verify return code: 0 \(ok\)$/m, "$name: the certificate is good");
    like($page->out, qr/^Verification: OK\nVerified peername: localhost$/m, "$name: so is its name");
    like($page->out, qr/^ALPN protocol: h2$/m, "$name: the application protocol is agreed");
    like($page->out, qr/HTTP\/1\.0 200 OK.*<\/HTML>/is, "$name: the page is whole");
    my $mine = run_client([$http->target, $version, '-quiet', @client_certificate], stdin => $get);
    like($mine->out, qr/CN=client/, "$name: gnutls-serv sees the client certificate");
    for my $group ('X25519', 'P-256', 'P-384') {
        my $one = run_client([$http->target, $version, '-groups', $group]);
        ended($one, 0, "$name: the group $group is agreed");
    }
    my $client = SApps::Process->start(command => [program('s_client'), '-quiet', $version, $echo->target]);
    $client->send("hello gnutls\n");
    ok($client->expect(qr/^hello gnutls\n/m), "$name: a line is echoed");
    $client->stop;
    run_client([$http->target, $version, '-ign_eof', '-sess_out', "session$version"], stdin => $get);
    my $again = run_client([$http->target, $version, '-ign_eof', '-sess_in', "session$version"], stdin => $get);
    like($again->out, qr/^Reused, \Q$name\E, Cipher is/m, "$name: the session is resumed");
}
for my $cert ('server-ecdsa', 'server-ed25519') {
    my $other = SApps::Gnutls->start(cert => $cert, args => ['--http', '--disable-client-cert']);
    my $page = run_client([$other->target, '-quiet', '-CAfile', $ca, '-verify_return_error'], stdin => $get);
    like($page->out, qr/200 OK/i, "a gnutls-serv with the key of $cert is trusted");
}
my $demanding = SApps::Gnutls->start(args => ['--http', '--require-client-cert', '--x509cafile', $ca]);
my $refused = run_client([$demanding->target, '-tls1_2'], stdin => $get);
ended($refused, 1, 'a client without the certificate that is asked for fails');
like($refused->err, qr/^s_client: 'localhost' port \d+: the peer ended the handshake with alert \d+ \(.*\)$/m, 'the alert is told');
my $other_cipher = SApps::Gnutls->start(args => ['--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM']);
like(run_client([$other_cipher->target])->out, qr/^New, TLSv1\.2, Cipher is \S+AES256-GCM/m, 'the only cipher is agreed');
ended(run_client([$other_cipher->target, '-tls1_3']), 1, 'no common version is a failure');

# gnutls-cli with our server.
spew('file.txt', "a file for gnutls\n");
my $server = SApps::Server->start(args => ['-WWW', '-alpn', 'h2,http/1.1', '-verify', '3', '-CAfile', $ca,
    '-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2', certificate('second')->{key}]);
my $file = "GET /file.txt HTTP/1.0\r\n\r\n";
for my $version (sort keys %version) {
    my $name = $version{$version};
    my @priority = ('--priority', $priority{$version});
    my $got = SApps::Gnutls::client($server, [@priority, '--alpn', 'h2'], stdin => $file);
    ended($got, 0, "$name: gnutls-cli gets a file");
    like($got->out, qr/a file for gnutls/, "$name: it is there");
    like($got->out, qr/Status: The certificate is trusted/, "$name: the certificate is trusted");
    like($got->out, qr/Application protocol: h2/, "$name: the application protocol is agreed");
    my $page = SApps::Gnutls::client($server, [@priority, '--x509certfile', $client_pair->{cert}, '--x509keyfile',
        $client_pair->{key}], stdin => "GET /stats HTTP/1.0\r\n\r\n");
    like($page->out, qr/^Client certificate\n.*Subject: O ?= ?s_apps, CN ?= ?client$/ms, "$name: the server sees a client certificate");
    my $resumed = SApps::Gnutls::client($server, [@priority, '--resume', '--waitresumption'], stdin => $file);
    like($resumed->out, qr/This is a resumed session/, "$name: gnutls-cli resumes its session");
    my $ids = SApps::Gnutls::client($server, [@priority, '--resume', '--waitresumption', '--noticket'], stdin => $file);
    like($ids->out, qr/This is a resumed session/, "$name: without tickets as well") if $version eq '-tls1_2';
    my $second = SApps::Gnutls::client($server, [@priority, '--sni-hostname', 'second.example', '--verify-hostname',
        'second.example'], stdin => $file);
    ended($second, 0, "$name: the second certificate is trusted for its name");
    like($second->out, qr/subject `CN=second\.example/, "$name: it is the second one");
}
{
    my $relay = SApps::Server->start(args => ['-naccept', '1']);
    my $peer = SApps::Process->start(command => ['gnutls-cli', '--x509cafile', $ca, '--port', $relay->port, 'localhost']);
    ok($peer->expect(qr/Simple Client Mode/), 'gnutls-cli stands');
    $peer->send("from gnutls\n");
    ok($relay->expect(qr/^from gnutls$/m), 'its line arrives');
    $relay->send("to gnutls\n");
    ok($peer->expect(qr/to gnutls/), 'an answer arrives there');
    $peer->close_stdin;
    ended($relay, 0, 'the server ends when it closes');
}
for my $cert ('server-ecdsa', 'server-ed25519') {
    my $other = SApps::Server->start(cert => $cert, args => ['-www']);
    like(SApps::Gnutls::client($other, [], stdin => $get)->out, qr/Cipher is/, "gnutls-cli trusts a server with the key of $cert");
}
my $strict = SApps::Server->start(args => ['-www', '-tls1_2', '-Verify', '3', '-CAfile', $ca]);
isnt(SApps::Gnutls::client($strict, [], stdin => $get)->status, 0, 'a server that demands a certificate refuses gnutls-cli without one');
ok($strict->expect(err => qr/peer did not return a certificate/), 'and tells why');

done_testing;
