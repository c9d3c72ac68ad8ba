# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Options of s_client that no other recipe is about: what happens with each, and without it.

use SApps::Test;

use IO::Socket::INET;
use SApps::Compare qw(same_client);
use SApps::Gnutls;

my %feature = features();
my $ca = certificate('ca')->{cert};
my $ca_key = certificate('ca')->{key};
my $dir = pki_dir();
my $count = 0;

# Makes a certificate with these extensions, signed by the test CA or by another one made here. Gives its files.
sub make_certificate {
    my ($subject, $extensions, %options) = @_;
    my $name = 'made-' . ++$count;
    my $signer = $options{signer} // { cert => $ca, key => $ca_key };
    spew("$name.cnf", join "\n", '[ext]', @{$extensions}, @{ $options{sections} // [] }, '');
    run([openssl(qw(req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config), "$dir/openssl.cnf", '-subj', $subject, '-keyout',
        "$name.key", '-out', "$name.csr")])->status == 0 or die "req\n";
    my $made = run([openssl(qw(x509 -req -days 30 -extensions ext -extfile), "$name.cnf", '-in', "$name.csr", '-CA', $signer->{cert}, '-CAkey',
        $signer->{key}, '-set_serial', ++$count + 1000, '-out', "$name.pem")]);
    die $made->err if $made->status != 0;
    return { cert => "$name.pem", key => "$name.key" };
}

sub serve {
    my ($pair, @more) = @_;
    return SApps::Server->start(which => 'openssl', cert => undef, args => ['-cert', $pair->{cert}, '-key', $pair->{key}, '-num_tickets', '0', @more]);
}

# Without the options the verdict is one, with them the other.
sub verdict {
    my ($name, $arguments, $options, $without, $with) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $line = sub { $_[0]->out =~ /^\s*Verify return code: (.*)$/m ? $1 : 'none' };
    my $before = run_client($arguments);
    my $after = run_client([@{$arguments}, @{$options}]);
    like($line->($before), $without, "without $name") or diag($before->err);
    like($line->($after), $with, "with $name") or diag($after->err);
    my $original = oracle(['s_client', @{$arguments}, @{$options}]);
    is($line->($after), $line->($original), "$name: the original says the same");
    return;
}

sub to { my ($server) = @_; return ('-connect', '127.0.0.1:' . $server->port) }

my $OK = qr/^0 \(ok\)/;
my $plain = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0']);
my @plain = (to($plain), '-CAfile', $ca);

# Where trust comes from.
verdict('-verifyCApath', [to($plain)], ['-verifyCApath', "$dir/hashed"], qr/^2[01]/, $OK);
verdict('-verifyCAstore', [to($plain)], ['-verifyCAstore', "file:$ca"], qr/^2[01]/, $OK) if $feature{stores};
my $asking = SApps::Server->start(which => 'openssl', args => ['-Verify', '2', '-CAfile', $ca, '-num_tickets', '0']);
my $client = certificate('client');
for my $case (['-chainCApath', "$dir/hashed"], $feature{stores} ? ['-chainCAstore', "file:$ca"] : ()) {
    my @arguments = (to($asking), '-tls1_2', '-msg', '-cert', $client->{cert}, '-key', $client->{key});
    my ($short, $long) = map { $_->out =~ />>> TLS 1\.2, Handshake \[length ([0-9a-f]+)\], Certificate$/m ? hex $1 : 0 }
        run_client(\@arguments), run_client([@arguments, '-build_chain', @{$case}]);
    cmp_ok($short, '>', 500, "without $case->[0] one certificate is sent");
    cmp_ok($long, '>', $short + 500, "with $case->[0] its issuer is sent too");
}

# Checks of the certificate.
verdict($_, \@plain, [$_], $OK, qr/^5[6-9] |^6\d /) for '-suiteB_128_only', '-suiteB_192';
my $critical = serve(make_certificate('/CN=critical', ['1.2.3.4=critical,ASN1:UTF8String:x']));
verdict('-ignore_critical', [to($critical), '-CAfile', $ca], ['-ignore_critical'], qr/^34 /, $OK);
my $user = make_certificate('/O=user', ['keyUsage=critical,digitalSignature']);
my $proxied = make_certificate('/O=user/CN=proxy', ['proxyCertInfo=critical,language:id-ppl-anyLanguage,pathlen:1'], signer => $user);
my $proxy = serve($proxied, '-cert_chain', $user->{cert});
verdict('-allow_proxy_certs', [to($proxy), '-CAfile', $ca], ['-allow_proxy_certs'], qr/^40 /, $OK);
my $der = run([openssl('x509', '-in', $ca, '-outform', 'DER')])->out;
substr($der, -10, 1) ^= "\x01";
run([openssl('x509', '-inform', 'DER', '-in', spew('damaged.der', $der), '-out', 'damaged.pem')]);
verdict('-check_ss_sig', [to($plain), '-CAfile', 'damaged.pem'], ['-check_ss_sig'], $OK, qr/^7 /);

# Policies.
my @ca_of_policies = ('basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign,cRLSign');
my $any = make_certificate('/CN=any policy', [@ca_of_policies, 'certificatePolicies=2.5.29.32.0']);
my $below = serve(make_certificate('/CN=one policy', ['certificatePolicies=1.2.3.4'], signer => $any), '-cert_chain', $any->{cert});
my @policy = ('-CAfile', $ca, '-explicit_policy', '-policy');
verdict('-inhibit_any', [to($below), @policy, '1.2.3.4', '-partial_chain', '-CAfile', $ca], ['-inhibit_any'], $OK, qr/^43 /);
my $mapping = make_certificate('/CN=mapped policy', [@ca_of_policies, 'certificatePolicies=1.2.3.5', 'policyMappings=1.2.3.5:1.2.3.4']);
my $mapped = serve(make_certificate('/CN=another policy', ['certificatePolicies=1.2.3.4'], signer => $mapping), '-cert_chain', $mapping->{cert});
verdict('-inhibit_map', [to($mapped), @policy, '1.2.3.5'], ['-inhibit_map'], $OK, qr/^43 /);

# Revocation lists of special kinds, beside the CA in its file.
sub make_crl {
    my ($name, $revoked, @extensions) = @_;
    spew("$name.cnf", join "\n", '[ca]', 'default_ca=revoker', '[revoker]', "database=$name.txt", "certificate=$ca", "private_key=$ca_key",
        'default_md=sha256', 'default_crl_days=30', "crlnumber=$name.number", 'crl_extensions=ext', '[ext]', @extensions, '');
    spew("$name.txt", '');
    spew("$name.txt.attr", '');
    spew("$name.number", $name eq 'delta' ? "02\n" : "01\n");
    run([openssl('ca', '-config', "$name.cnf", '-revoke', $revoked, '-crl_reason', 'keyCompromise')]) if defined $revoked;
    my $made = run([openssl('ca', '-config', "$name.cnf", '-gencrl', '-out', "$name.crl")]);
    die $made->err if $made->status != 0;
    return slurp("$name.crl");
}
my $server_cert = certificate('server')->{cert};
spew('reasons.pem', slurp($ca) . make_crl('reasons', $server_cert, 'issuingDistributionPoint=critical,@idp', '[idp]',
    'onlysomereasons=keyCompromise,CACompromise'));
my @reasons = (to($plain), '-crl_check', '-CAfile', 'reasons.pem');
unlike(run_client(\@reasons)->err, qr/error:num=23:/, 'without -extended_crl a list for some reasons only is not looked at');
same_client('-extended_crl: the original does the same', [@reasons, '-extended_crl'], only => 'err');
like(run_client([@reasons, '-extended_crl'])->err, qr/^verify error:num=23:certificate revoked$/m, 'with -extended_crl it is');
# libssl takes the newest list for the base, a delta too where -extended_crl is not given; so the delta is made first.
my $delta = make_crl('delta', $server_cert, '2.5.29.27=critical,DER:020101');
sleep 1;
spew('deltas.pem', slurp($ca) . make_crl('base', undef, 'freshestCRL=URI:http://192.0.2.1/delta.crl') . $delta);
verdict('-use_deltas', [to($plain), '-crl_check', '-CAfile', 'deltas.pem'], ['-use_deltas'], $OK, qr/^23 /);

# Options without an effect of their own, as their manual says: nothing changes.
for my $options (['-trusted_first'], ['-no_alt_chains'], ['-issuer_checks'], ['-no_ssl2'], ['-no_ssl3']) {
    my ($before, $after) = map { normalise($_->out) } run_client(\@plain), run_client([@plain, @{$options}]);
    is($after =~ s/read \d+ bytes and written \d+//r, $before =~ s/read \d+ bytes and written \d+//r, "@{$options} changes nothing");
    same_client("@{$options}: the original does the same", [@plain, @{$options}], only => 'out') if $options->[0] ne '-no_ssl2';
}

# Old versions.
my $old = SApps::Server->start(which => 'openssl', args => ['-cipher', 'ALL@SECLEVEL=0', '-min_protocol', 'TLSv1', '-num_tickets', '0']);
my @old = (to($old), '-cipher', 'ALL@SECLEVEL=0', '-min_protocol', 'TLSv1');
for my $case ([['-tls1'], 'TLSv1'], [['-tls1_1'], 'TLSv1.1'], [['-no_tls1_3'], 'TLSv1.2'], [['-no_tls1_3', '-no_tls1_2'], 'TLSv1.1'],
    [['-no_tls1_3', '-no_tls1_2', '-no_tls1_1'], 'TLSv1']) {
    my ($options, $version) = @{$case};
    my $seen = run_client([@old, @{$options}]);
    is($seen->out =~ /^    Protocol  : (.*)$/m ? $1 : '', $version, "@{$options}: the version is $version");
}
my $none = run_client([@old, '-no_tls1_3', '-no_tls1_2', '-no_tls1_1', '-no_tls1']);
ended($none, 1, '-no_tls1 too: no version is left');
like($none->err, qr/no protocols available/, 'which is told');

# A chain whose signatures are not those that the server asks for.
my $picky = SApps::Server->start(which => 'openssl', cert => 'server-ecdsa',
    args => ['-Verify', '2', '-CAfile', $ca, '-tls1_2', '-client_sigalgs', 'ECDSA+SHA256', '-sigalgs', 'ECDSA+SHA256']);
my $ecdsa = certificate('client-ecdsa');
my @ecdsa = (to($picky), '-cert', $ecdsa->{cert}, '-key', $ecdsa->{key}, '-cert_chain', $ca);
same_client('a chain signed with RSA goes to a server that asks for ECDSA', [@ecdsa], stdin => "Q\n");
ended(run_client([@ecdsa], stdin => "Q\n"), 0, 'which takes it');
same_client('-strict: it is not sent', [@ecdsa, '-strict'], stdin => "Q\n");
ended(run_client([@ecdsa, '-strict'], stdin => "Q\n"), 1, 'and the server wants one');

# Signatures of the client.
for my $case ([[], 'SHA256'], [['-client_sigalgs', 'RSA-PSS+SHA512'], 'SHA512']) {
    my ($options, $digest) = @{$case};
    my $server = SApps::Server->start(which => 'openssl', args => ['-Verify', '2', '-CAfile', $ca, '-naccept', 1]);
    run_client([to($server), '-cert', $client->{cert}, '-key', $client->{key}, @{$options}], stdin => "Q\n");
    like($server->wait->out, qr/^Peer signing digest: $digest$/m, "[@{$options}]: the client signs with $digest");
}

# Settings that libssl has for servers only, or not at all.
for my $options (['-serverpref'], ['-prioritize_chacha'], ['-no_resumption_on_reneg'], ['-client_renegotiation'], ['-debug_broken_protocol'], ['-named_curve', 'P-256']) {
    same_client("@{$options}: accepted or refused as the original does", [@plain, @{$options}], only => 'out');
}

# Renegotiation.
for my $case ([[], 1], [['-no_renegotiation'], 0]) {
    my ($options, $again) = @{$case};
    my $server = SApps::Server->start(which => 'openssl', args => ['-tls1_2']);
    my $process = SApps::Process->start(command => [program('s_client'), to($server), '-msg', @{$options}]);
    $process->expect(qr/^    Verify return code/m);
    $server->expect(qr/^CIPHER is/m);
    $server->send("r\n");
    my $came = $process->expect(qr/(?:^<<< [^\n]*ServerHello\n.*){2}/ms, $again ? 5 : 0.5) ? 1 : 0;
    is($came, $again, "[@{$options}]: the server " . ($again ? 'can renegotiate' : 'cannot renegotiate'));
    $process->stop;
}
my $legacy = SApps::Gnutls->start(args => ['--http', '--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2:%DISABLE_SAFE_RENEGOTIATION']);
my @unsafe = (to($legacy), '-tls1_2');
my $refused = run_client(\@unsafe);
if ($feature{conf_3_0}) {
    ended($refused, 1, 'a server without RFC 5746 is refused');
    like($refused->err, qr/unsafe legacy renegotiation disabled/, 'which is told as check_ssl_cert knows it');
    ended(run_client([@unsafe, '-legacy_server_connect']), 0, 'with -legacy_server_connect it is not');
    ended(run_client([@unsafe, '-legacy_server_connect', '-no_legacy_server_connect']), 1, 'with -no_legacy_server_connect after that it is');
} else {
    ended($refused, 0, 'libssl before 3.0 takes a server without RFC 5746, and lacks the options about it');
}

# The end of a connection without close_notify, which libssl takes for none since 3.0 only.
for my $case ($feature{conf_3_0} ? ([[], 1], [['-ignore_unexpected_eof'], 0]) : [[], 0]) {
    my ($options, $status) = @{$case};
    my $server = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0']);
    my $process = SApps::Process->start(command => [program('s_client'), to($server), @{$options}]);
    $process->expect(qr/^\s*Verify return code.*\n(?:.*\n)*---\n/m);
    $server->expect(qr/^CIPHER is/m);
    kill KILL => $server->pid;
    ended($process, $status, "[@{$options}]: a connection that is cut ends with $status");
    like($process->err, qr/unexpected eof while reading/, 'the cut is told') if $status;
    my $named = $process->err =~ /^s_client: .*-ignore_unexpected_eof/m ? 1 : 0;
    is($named, $feature{conf_3_0} && !@{$options} ? 1 : 0, 'the hint names -ignore_unexpected_eof where that would help');
}

# Input that is not read.
for my $case ([[], 0], [['-no-interactive', $feature{conf_3_0} ? '-ignore_unexpected_eof' : ()], 1]) {
    my ($options, $waits) = @{$case};
    my $server = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0']);
    my $process = SApps::Process->start(command => [program('s_client'), to($server), @{$options}], stdin => 'none');
    $server->expect(qr/^CIPHER is/m);
    $server->send("from the server\n") if $waits;
    ok($process->expect(qr/^from the server$/m, 5), "@{$options}: data comes although standard input has ended") if $waits;
    $server->send("Q\n") if $waits;
    ended($process, 0, "[@{$options}]: it ends well");
}

# Padding and resumption.
my %written = map { my $options = $_; ("@{$options}" => run_client([to($plain), '-tls1_3', @{$options}], stdin => "x\n")->out =~ /written (\d+)/ ? $1 : 0) }
    [], ['-record_padding', '4096'];
cmp_ok($written{'-record_padding 4096'}, '>', $written{''} + 2000, '-record_padding: the records of the handshake become longer');
SKIP: {
    skip 'this libssl traces nothing', 5 if !$feature{trace};
    for my $case ([[], qr/psk_dhe_ke/, qr/psk_ke\b/], [['-allow_no_dhe_kex'], qr/psk_ke\b/, qr/nothing like this/]) {
        my ($options, $has, $lacks) = @{$case};
        my ($modes) = run_client([to($plain), '-tls1_3', '-trace', @{$options}])->out =~ /psk_key_exchange_modes.*\n((?:\s+psk.*\n)+)/;
        like($modes // '', $has, "[@{$options}]: the modes of key exchange that are offered");
        unlike($modes // '', $lacks, "[@{$options}]: and the one that is not");
    }
    my %session_id = map { my $options = $_; ("@{$options}" => run_client([to($plain), '-tls1_3', '-trace', @{$options}])->out =~ /session_id \(len=(\d+)\)/ ? $1 : -1) }
        [], ['-no_middlebox'];
    is_deeply(\%session_id, { '' => 32, '-no_middlebox' => 0 }, '-no_middlebox: no session id is invented');
}

# A provider from a directory.
my ($modules) = run([openssl('version', '-m')])->out =~ /"(.*)"/;
SKIP: {
    skip 'this openssl has no module to copy', 2 if !$modules || !-e "$modules/legacy.so";
    mkdir 'modules';
    spew('modules/mine.so', slurp("$modules/legacy.so"));
    my @mine = (@plain, '-provider', 'mine', '-provider', 'default');
    ended(run_client(\@mine), 1, 'a provider that is not in the usual directory cannot be loaded');
    ended(run_client(['-provider-path', 'modules', @mine]), 0, 'with -provider-path it can');
}

# Formats that are found out anyway.
for my $form ('PEM', 'DER') {
    ended(run_client([@plain, '-xcertform', $form, '-xkeyform', $form]), 0, "-xcertform and -xkeyform $form change nothing");
}

done_testing;
