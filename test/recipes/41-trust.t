# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# CA certificates, revocation lists, the settings of verification, and the lines about it, beside the original.

use SApps::Test;

my %feature = features();
my $closed = closed_address();
my $ca = certificate('ca')->{cert};

# Lines of verification on standard error, in the order in which they came.
sub lines {
    my ($process) = @_;
    return grep { /^(?:depth=|verify|notBefore=|notAfter=|issuer= |Require|Authority|User| )/ } split /\n/, $process->err;
}

sub result {
    my ($process) = @_;
    return join ' / ', $process->out =~ /^(Verif.*)$/mg;
}

# Runs both clients with the same arguments against the same server.
sub same {
    my ($name, $peer, @arguments) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @command = ('-connect', $peer->address, '-tls1_2', @arguments);
    my $ours = run_client(\@command, stdin => "Q\n");
    my $theirs = oracle(['s_client', @command], stdin => "Q\n");
    is_deeply([lines($ours)], [lines($theirs)], "$name: the lines are the original's") or diag($ours->story);
    is(result($ours), result($theirs), "$name: the result is the original's");
    is($ours->status, $theirs->status, "$name: the exit status is the original's");
    return;
}

my $plain = SApps::Server->start(which => 'openssl');
my @trusted = ('-CAfile', $ca);
same('nothing trusted', $plain);
same('nothing trusted, with -verify', $plain, '-verify', '3');
same('nothing trusted, insisting', $plain, '-verify_return_error');
same('nothing trusted, quiet', $plain, '-verify_quiet');
same('a trusted file', $plain, @trusted);
same('a trusted file, quiet', $plain, @trusted, '-verify_quiet');
same('a trusted directory', $plain, '-CApath', pki_dir() . '/hashed');
same('a trusted store', $plain, '-CAstore', $ca) if $feature{stores};
same('a file for verification', $plain, '-verifyCAfile', $ca);
same('a file for verification beats another', $plain, @trusted, '-verifyCAfile', certificate('other-ca')->{cert});
same('another CA', $plain, '-CAfile', certificate('other-ca')->{cert});
same('no default places', $plain, '-no-CAfile', '-no-CApath', $feature{stores} ? '-no-CAstore' : ());
same('names in another form', $plain, @trusted, '-nameopt', 'RFC2253');
same('the right host', $plain, @trusted, '-verify_hostname', 'server.example');
same('a wild card', $plain, @trusted, '-verify_hostname', 'a.wild.example');
same('a wrong host', $plain, @trusted, '-verify_hostname', 'other.example');
same('a wrong host, insisting', $plain, @trusted, '-verify_hostname', 'other.example', '-verify_return_error');
same('the right address', $plain, @trusted, '-verify_ip', '127.0.0.1');
same('a wrong address', $plain, @trusted, '-verify_ip', '192.0.2.1');
same('a wrong mail address', $plain, @trusted, '-verify_email', 'a@example.com');
same('a purpose that fits', $plain, @trusted, '-purpose', 'sslserver');
same('a purpose that does not', $plain, @trusted, '-purpose', 'smimesign');
same('another set of rules', $plain, @trusted, '-verify_name', 'ssl_client');
same('a later time', $plain, @trusted, '-attime', '4102444800');
same('an earlier time', $plain, @trusted, '-attime', '1000000000');
same('an earlier time and a limit', $plain, @trusted, '-attime', '1000000000', '-verify', '1');
same('a high level', $plain, @trusted, '-auth_level', '4');
same('strict rules', $plain, @trusted, '-x509_strict');
same('no CRL at hand', $plain, @trusted, '-crl_check');
same('a CRL', $plain, @trusted, '-crl_check', '-CRL', certificate('ca')->{crl});
same('policies', $plain, @trusted, '-policy_check', '-policy_print');
same('a policy that is missing', $plain, @trusted, '-explicit_policy', '-policy', '1.2.3.4', '-policy_print');

my $chain = SApps::Server->start(which => 'openssl', cert => 'server-chain');
same('a missing intermediate', $chain, @trusted);
same('an intermediate that is trusted', $chain, '-CAfile', certificate('intermediate')->{cert});
same('a partial chain', $chain, '-CAfile', certificate('intermediate')->{cert}, '-partial_chain');
my $whole = SApps::Server->start(which => 'openssl', cert => 'server-chain',
    args => ['-cert_chain', certificate('server-chain')->{chain}]);
same('a whole chain', $whole, @trusted);
same('a chain that is too long', $whole, @trusted, '-verify_depth', '0');
same('a chain without its root', $whole);
same('all CRLs', $whole, @trusted, '-crl_check_all', '-CRL', certificate('ca')->{crl});
my $expired = SApps::Server->start(which => 'openssl', cert => 'expired');
same('an expired certificate', $expired, @trusted);
same('an expired certificate, insisting', $expired, @trusted, '-verify_return_error');
same('an expired certificate without regard to time', $expired, @trusted, '-no_check_time');
my $revoked = SApps::Server->start(which => 'openssl', cert => 'revoked');
same('a revoked certificate', $revoked, @trusted, '-crl_check', '-CRL', certificate('ca')->{crl});

# What cannot be used.
spew('cut.pem', substr slurp($ca), 0, 300);
spew('file', 'x');
my @refused = (
    [['-CAfile', 'no-such-file'], qr/-CAfile 'no-such-file': No such file or directory$/m],
    [['-CAfile', 'cut.pem'], qr/-CAfile 'cut\.pem': /],
    [['-CApath', 'no-such-dir'], qr/-CApath 'no-such-dir': No such file or directory$/m],
    [['-CApath', 'file'], qr/-CApath: Not a directory: file$/m],
    $feature{stores} ? [['-CAstore', 'no-such-file'], qr/-CAstore 'no-such-file': No such file or directory$/m] : (),
    [['-chainCAfile', 'no-such-file'], qr/-chainCAfile 'no-such-file': No such file or directory$/m],
    [['-verifyCAfile', 'no-such-file'], qr/-verifyCAfile 'no-such-file': No such file or directory$/m],
    [['-requestCAfile', 'no-such-file'], qr/-requestCAfile 'no-such-file': No such file or directory$/m],
    [['-CRL', 'no-such-file'], qr/-CRL from 'no-such-file': No such file or directory$/m],
    [['-CRL', $ca], qr/-CRL from .*: it holds none$/m],
    [['-CRL', certificate('ca')->{crl}, '-CRLform', 'DER'], qr/it is not in DER, as -CRLform says$/m],
    [['-policy', 'no-such-policy'], qr/Invalid policy no-such-policy in -policy$/m],
    [['-verify_ip', 'x'], qr/Invalid IP address x in -verify_ip$/m],
);
for my $case (@refused) {
    my ($arguments, $pattern) = @{$case};
    my $ours = run_client(['-connect', $closed, @{$arguments}]);
    ended($ours, 1, "@{$arguments} ends with status 1");
    like($ours->err, $pattern, "@{$arguments} is explained in one sentence");
}
like(run_client(['-connect', $closed, '-CAfile', 'no-such-file'])->err, qr/BIO_new_file:no such file:/,
    'the lines of the error queue about a missing CA file stay');

# The CAs that a server names.
for my $case ([[], qr/^Acceptable client certificate CA names\nO ?= ?s_apps, CN ?= ?s_apps test CA\n/m],
    [['-no_ca_names'], qr/^No client certificate CA names sent$/m]) {
    my ($arguments, $pattern) = @{$case};
    my $own = SApps::Server->start(args => ['-verify', '1', @trusted, @{$arguments}]);
    like(oracle(['s_client', $own->target, '-tls1_2'], stdin => "Q\n")->out, $pattern, "a server with CAs @{$arguments}");
}

# A server that asks for certificates, beside the original.
for my $case (['-verify', '1'], ['-Verify', '1'], ['-verify', '1', '-verify_return_error'], ['-verify_return_error']) {
    my %seen;
    for my $which ('ours', 'openssl') {
        my $peer = SApps::Server->start(which => $which, args => [@{$case}, @trusted]);
        for my $name ('client', 'expired', undef) {
            my @own = defined $name ? ('-cert', certificate($name)->{cert}, '-key', certificate($name)->{key}) : ();
            my $client = oracle(['s_client', $peer->target, '-tls1_2', @own], stdin => "Q\n");
            push @{ $seen{$which} }, ($name // 'none') . ': ' . $client->status;
        }
        $peer->stop;
        push @{ $seen{$which} }, lines($peer);
    }
    is_deeply($seen{ours}, $seen{openssl}, "a server with @{$case} admits whom the original admits, with the same lines");
}

done_testing;
