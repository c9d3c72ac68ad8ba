# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# -selfsign: a certificate from nowhere, seen by peers that are not ours.

use SApps::Test;

sub certificate_of {
    my ($server, @arguments) = @_;
    my $seen = oracle(['s_client', $server->target, @arguments], stdin => "Q\n");
    my ($pem) = $seen->out =~ /(-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n)/s;
    return spew('seen.pem', $pem // '');
}

sub x509 {
    my (@arguments) = @_;
    return oracle(['x509', '-in', 'seen.pem', '-noout', @arguments])->out;
}

my $server = SApps::Server->start(cert => undef, args => ['-selfsign', 'my.example', '-www']);
my ($fingerprint) = $server->out =~ /^Self-signed certificate for my\.example, SHA-256 fingerprint ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/m;
ok($fingerprint, 'the fingerprint is printed');
certificate_of($server);
is(x509('-fingerprint', '-sha256') =~ s/.*=|\n//gr, $fingerprint // '', 'it is that of the certificate');
like(x509('-ext', 'subjectAltName'), qr/DNS:my\.example, DNS:localhost, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1$/m,
    'the certificate is for the name and for this host');
like(x509('-ext', 'extendedKeyUsage'), qr/TLS Web Server Authentication/, 'it is for servers');
like(x509('-text'), qr/NIST CURVE: P-256/, 'its key is on P-256');
is(oracle(['x509', '-in', 'seen.pem', '-noout', '-checkend', 8 * 24 * 3600])->status, 1, 'it is not valid for long');
is(oracle(['x509', '-in', 'seen.pem', '-noout', '-checkend', 3600])->status, 0, 'but longer than an hour');

my $trusting = oracle(['s_client', $server->target, '-CAfile', 'seen.pem', '-verify_return_error', '-verify_hostname', 'my.example'],
    stdin => "Q\n");
ended($trusting, 0, 'openssl trusts it, given the certificate');
my $port = $server->port;
my $curl = run(['curl', '--silent', '--show-error', '--cacert', 'seen.pem', "https://localhost:$port/"]);
ended($curl, 0, 'curl trusts it');
my $gnutls = run(['gnutls-cli', '--x509cafile', 'seen.pem', '--port', $port, 'localhost'], stdin => '');
like($gnutls->out, qr/The certificate is trusted/, 'GnuTLS trusts it');

my $address = SApps::Server->start(cert => undef, args => ['-selfsign', '192.0.2.7']);
certificate_of($address);
like(x509('-ext', 'subjectAltName'), qr/^\s*IP Address:192\.0\.2\.7, DNS:localhost,/m, 'an address becomes an address');
my $long = join '.', ('a' x 40) x 3;
my $named = SApps::Server->start(cert => undef, args => ['-selfsign', $long]);
certificate_of($named);
like(x509('-ext', 'subjectAltName'), qr/DNS:$long,/, 'a name that is too long for a subject is there all the same');
my $two = SApps::Server->start(cert => undef, args => ['-selfsign', 'one.example', '-servername', 'two.example']);
certificate_of($two, '-servername', 'two.example');
like(x509('-ext', 'subjectAltName'), qr/DNS:two\.example,/, 'a second name gets a second certificate');
isnt(slurp(certificate_of($server)), slurp(certificate_of($address)), 'every start makes a new certificate');

my $wrong = run_server_command(['-accept', '0', '-selfsign', 'a b']);
ended($wrong, 1, 'a name with a blank ends the server');
like($wrong->err, qr/-selfsign expects a DNS name in ASCII or an IP address, not 'a b'/, 'it is told');

done_testing;
