# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Connections: the same command line gives the same report with the original and with ours.

use SApps::Test;

use SApps::Compare qw(same_client);

my %feature = features();
# A failed look-up sets no errno; some releases of libc leave that of a file or a setting they did without.
my $no_errno = sub { $_[0] =~ s/^connect:errno=22?$/connect:errno=0/mr };
my $server = SApps::Server->start(which => 'openssl', cert => 'server',
    args => ['-alpn', 'h2,http/1.1', '-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2',
        certificate('second')->{key}]);
my $port = $server->port;
my @to = ('-connect', "localhost:$port");

same_client('a host and a port', \@to);
same_client('an IPv4 address', ['-connect', "127.0.0.1:$port"]);
same_client('an IPv6 address in brackets', ['-connect', "[::1]:$port"]);
same_client('a target without a dash', ["localhost:$port"]);
same_client('a port alone', ['-connect', ":$port"], mask => sub { $_[0] =~ s/^Can't use SSL_get_servername\n//mr });
same_client('a port alone and IPv6', ['-6', '-connect', ":$port"], mask => sub { $_[0] =~ s/^Can't use SSL_get_servername\n//mr });
same_client('host and port as two options', ['-host', 'localhost', '-port', $port]);
same_client('a port beside a host', ['-connect', 'localhost', '-port', $port]);
same_client('IPv4 only', ['-4', @to]);
same_client('IPv6 only', ['-6', @to]);
same_client('a local address', ['-bind', '127.0.0.1', '-connect', "127.0.0.1:$port"]);
same_client('a local address of another machine', ['-bind', '192.0.2.7:0', '-connect', "127.0.0.1:$port"]);
same_client('a local port that is taken', ['-bind', "127.0.0.1:$port", '-connect', "127.0.0.1:$port"]);
same_client('a local name that does not exist', ['-bind', 'nosuch.invalid', '-connect', "127.0.0.1:$port"], mask => $no_errno);
same_client('a local address of the other family', ['-bind', '[::1]:0', '-connect', "127.0.0.1:$port"],
    mask => sub { $no_errno->($_[0] =~ s/^Can't bind IPv4 address for ::1:0\n//r) });

same_client('TLS 1.2 only', ['-tls1_2', @to]);
same_client('TLS 1.3 only', ['-tls1_3', @to]);
same_client('without TLS 1.3', ['-no_tls1_3', @to]);
same_client('a lowest and a highest version', ['-min_protocol', 'TLSv1.2', '-max_protocol', 'TLSv1.2', @to]);
same_client('a version below the minimum', ['-min_protocol', 'TLSv1.3', '-tls1_2', @to]);
same_client('a cipher', ['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', @to]);
same_client('a cipher without forward secrecy', ['-tls1_2', '-cipher', 'AES128-SHA256', @to]);
same_client('a finite field', ['-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256', @to]);
same_client('a cipher list that is empty', ['-cipher', 'NOSUCH', @to]);
same_client('a cipher suite of TLS 1.3', ['-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', @to]);
same_client('a group', ['-groups', 'P-384', @to]);
same_client('a group in TLS 1.2', ['-tls1_2', '-groups', 'P-256', @to]);
same_client('the older name for groups', ['-curves', 'P-521', @to]);
same_client('a group that does not exist', ['-groups', 'foo', @to]);
same_client('signature algorithms', ['-sigalgs', 'RSA-PSS+SHA512', @to]);
same_client('signature algorithms that do not fit the key', ['-sigalgs', 'ECDSA+SHA256', @to]);
same_client('no ticket', ['-tls1_2', '-no_ticket', @to]);
same_client('another server name', ['-servername', 'second.example', @to]);
same_client('another server name in TLS 1.2', ['-tls1_2', '-servername', 'second.example', @to]);
same_client('no server name', ['-noservername', @to]);
same_client('an application protocol', ['-alpn', 'h2', @to]);
same_client('the first of two application protocols', ['-alpn', 'http/1.1,h2', @to]);
same_client('no common application protocol', ['-alpn', 'imap', @to]);
same_client('an application protocol in TLS 1.2', ['-tls1_2', '-alpn', 'h2', @to]);
same_client('no encrypt-then-MAC', ['-tls1_2', '-no_etm', '-cipher', 'ECDHE-RSA-AES128-SHA', @to]) if $feature{conf_3_0};
same_client('no middlebox compatibility', ['-no_middlebox', @to]);
same_client('a maximum fragment length', ['-maxfraglen', '1024', @to]);
same_client('small records', ['-max_send_frag', '512', @to]);
same_client('a security level', ['-cipher', 'DEFAULT@SECLEVEL=0', @to]);
same_client('the workarounds for old servers', ['-bugs', @to]);
same_client('no compression', ['-no_comp', @to]);

my $unix = SApps::Server->start(which => 'openssl', unix => 1);
same_client('a Unix-domain socket', [$unix->target]);
same_client('an own path that cannot be', [$unix->target, '-bind', 'none/own.sock']);

same_client('a port that nobody listens on', ['-connect', closed_address()]);
same_client('a name that does not exist', ['-connect', 'nosuch.invalid:443'], mask => $no_errno);
same_client('a socket that does not exist', ['-unix', 'nosuch']);

for my $key ('server-ecdsa', 'server-ed25519', 'server-chain') {
    my $other = SApps::Server->start(which => 'openssl', cert => $key,
        args => $key eq 'server-chain' ? ['-cert_chain', certificate($key)->{chain}] : []);
    same_client("a server with the key of $key", [$other->target]);
    same_client("a server with the key of $key in TLS 1.2", ['-tls1_2', $other->target]) if $key ne 'server-ed25519';
}

done_testing;
