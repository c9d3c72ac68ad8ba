# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What fewer people use: pre-shared keys, NPN, extensions by number, further certificates, external caches, providers,
# seed files and the record layer. Each against the original on the other side.

use SApps::Test;

my $request = "GET / HTTP/1.0\r\n\r\n";

sub kind {
    my ($process) = @_;
    return $process->out =~ /^((?:New|Reused), \S+), Cipher is/m ? $1 : 'none';
}

# Pre-shared keys, with our server and our client in turn.
for my $which ('ours', 'openssl') {
    my $server = SApps::Server->start(which => $which, cert => undef,
        args => ['-nocert', '-psk', '1a2b3c', '-psk_hint', 'office']);
    my $client = $which eq 'ours' ? sub { oracle(['s_client', @_], stdin => "Q\n") } : sub { run_client([@_], stdin => "Q\n") };
    my $name = $which eq 'ours' ? 'our server' : 'our client';
    my $old = $client->($server->target, '-tls1_2', '-psk', '1a2b3c');
    ended($old, 0, "$name uses a key in TLSv1.2");
    like($old->out, qr/^    PSK identity: Client_identity\n    PSK identity hint: office$/m, "$name: identity and hint arrive");
    is(kind($client->($server->target, '-tls1_3', '-psk', '1a2b3c')), 'Reused, TLSv1.3', "$name uses a key in TLSv1.3");
    is($client->($server->target, '-tls1_3', '-psk', '1a2b3d')->status, 1, "$name refuses another key");
    is($client->($server->target, '-tls1_3', '-psk', '1a2b3c', '-psk_identity', 'x')->status, 1, "$name refuses another identity");
    is($client->($server->target, '-tls1_2', '-psk', '1a2b3c', '-psk_identity', "a\eb")->status, 0,
        "$name goes on with another identity in TLSv1.2");
    $server->stop;
    next if $which ne 'ours';
    like($server->out, qr/^PSK warning: client identity not what we expected \(got 'a\\x1bb' expected 'Client_identity'\)$/m,
        'our server warns of it, and no byte reaches the terminal');
}

# A session that both sides have as key.
{
    my $giver = SApps::Server->start(which => 'openssl', args => ['-www']);
    oracle(['s_client', $giver->target, '-ign_eof', '-sess_out', 'shared.pem'], stdin => $request);
    my @shared = ('-psk_session', 'shared.pem', '-tls1_3');
    my $server = SApps::Server->start(cert => undef, args => ['-nocert', @shared]);
    is(kind(oracle(['s_client', $server->target, @shared], stdin => "Q\n")), 'Reused, TLSv1.3', 'a server takes a session as key');
    is(kind(run_client([$server->target, @shared], stdin => "Q\n")), 'Reused, TLSv1.3', 'so does a client');
    my $missing = run_client(['-connect', closed_address(), '-psk_session', 'no-such-file']);
    ended($missing, 1, 'a missing session ends the client');
    like($missing->err, qr/no-such-file of -psk_session: No such file or directory/, 'it is told');
}

# NPN.
my $npn = SApps::Server->start(args => ['-nextprotoneg', 'a,b', '-tls1_2']);
for my $client (run_client([$npn->target, '-nextprotoneg', 'c,b'], stdin => "Q\n"),
    oracle(['s_client', $npn->target, '-nextprotoneg', 'c,b'], stdin => "Q\n")) {
    like($client->out, qr/^Protocols advertised by server: a, b$/m, 'a client shows the protocols of NPN');
    like($client->out, qr/^Next protocol: \(1\) b$/m, 'and the one that it chose');
}

# Extensions by number.
spew('info.pem', join '', map { "-----BEGIN SERVERINFO FOR $_-----\n$_\n-----END SERVERINFO FOR $_-----\n" } 'A+gABWhlbGxv', 'A+kAAgEC');
for my $which ('ours', 'openssl') {
    my $server = SApps::Server->start(which => $which, args => ['-serverinfo', 'info.pem', '-tls1_2']);
    my @arguments = ($server->target, '-serverinfo', '1000,1001,16');
    my $client = $which eq 'ours' ? oracle(['s_client', @arguments], stdin => "Q\n") : run_client(\@arguments, stdin => "Q\n");
    like($client->out, qr/^-----BEGIN SERVERINFO FOR EXTENSION 1000-----\nA\+gABWhlbGxv\n-----END SERVERINFO FOR EXTENSION 1000-----$/m,
        "extensions by number, $which as server");
    like($client->err, qr/^Warning: Unable to add custom extension 16, skipping$/m, 'one that libssl has is left out');
}

# A further certificate, of another kind of key.
my $rsa = certificate('server');
my $ecdsa = certificate('server-ecdsa');
my $dual = SApps::Server->start(args => ['-dcert', $ecdsa->{cert}, '-dkey', $ecdsa->{key}, '-tls1_2']);
for my $case (['ECDHE-RSA-AES128-GCM-SHA256', 'RSA'], ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDSA']) {
    my $client = oracle(['s_client', $dual->target, '-cipher', $case->[0]], stdin => "Q\n");
    like($client->out, qr/^New, TLSv1\.2, Cipher is $case->[0]$/m, "a server with two certificates serves $case->[1]");
}
my $mixed = run_server_command(['-accept', '0', '-cert', $rsa->{cert}, '-key', $rsa->{key}, '-dcert', $ecdsa->{cert}, '-dkey', $rsa->{key}]);
ended($mixed, 1, 'a further key that does not fit ends the server');
like($mixed->err, qr/\(-dkey\) does not match the certificate public key in .* \(-dcert\)/, 'it is told');

# An external cache, and session ids with a beginning.
my $cache = SApps::Server->start(args => ['-ext_cache', '-id_prefix', 'node7-', '-no_ticket', '-tls1_2']);
like($cache->err, qr/^id_prefix 'node7-' set\.$/m, 'the beginning of ids is confirmed');
my $first = oracle(['s_client', $cache->target, '-sess_out', 'external.pem'], stdin => "Q\n");
like($first->out, qr/^    Session-ID: 6E6F6465372D/m, 'a session id begins so');
is(kind(oracle(['s_client', $cache->target, '-sess_in', 'external.pem'], stdin => "Q\n")), 'Reused, TLSv1.2',
    'a session from the external cache is resumed');

# A client that falls back.
my $modern = SApps::Server->start(which => 'openssl');
my $back = run_client([$modern->target, '-fallback_scsv', '-no_tls1_3'], stdin => "Q\n");
ended($back, 1, 'a client that falls back without need is refused');
like($back->err, qr/alert inappropriate fallback/, 'by the alert for it');

# The record layer.
my $small = run_client([$modern->target, '-max_send_frag', '512', '-split_send_frag', '512', '-max_pipelines', '1', '-read_buf',
    '32768', '-maxfraglen', '1024'], stdin => "Q\n");
ended($small, 0, 'sizes of records are accepted');
my $larger = run_client(['-connect', closed_address(), '-max_send_frag', '512', '-split_send_frag', '1024']);
ended($larger, 1, 'pieces larger than records are refused');
like($larger->err, qr/libssl refuses the value 1024 of -split_send_frag/, 'it is told');

# Providers and seeds.
my %feature = features();
SKIP: {
    skip 'libcrypto has no providers', 4 if !$feature{providers};
    is(run_client([$modern->target, '-provider', 'default', '-provider', 'legacy'], stdin => "Q\n")->status, 0, 'providers are loaded');
    my $unknown = run_client([$modern->target, '-provider', 'no-such-provider'], stdin => "Q\n");
    ended($unknown, 1, 'a provider that does not exist ends the client');
    like($unknown->err, qr/^s_client: unable to load provider no-such-provider$/m, 'it is told');
    is(run_client([$modern->target, '-propquery', 'no=such'], stdin => "Q\n")->status, 1, 'a property query counts');
}
spew('seed', 'x' x 64);
is(run_client([$modern->target, '-rand', 'seed:seed', '-writerand', 'seed.new'], stdin => "Q\n")->status, 0, 'a seed is taken');
ok(-s 'seed.new', 'and a new one is written');
my $seedless = run_client([$modern->target, '-rand', 'no-such-file'], stdin => "Q\n");
ended($seedless, 1, 'a seed file that does not exist ends the client');
like($seedless->err, qr/Can't load no-such-file into RNG/, 'it is told');

done_testing;
