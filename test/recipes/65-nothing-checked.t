# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Nothing that was not checked is called OK. The lines that scripts parse stay; where they say OK of nothing, the last line
# of the block, or the next, says so.

use SApps::Test;

use IO::Socket::INET;
use JSON::PP;

my $ca = certificate('ca')->{cert};
my $NOTHING = qr/^No certificate was checked, so OK says nothing about the peer$/m;
my $UNPROVED = qr/^The handshake did not end, so OK does not say that the peer holds the certificate's key$/m;

# A server that takes one connection at a time, answers the first bytes with these, and closes.
my @answering;
sub answering {
    my ($answer) = @_;
    my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die "listen: $!\n";
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        while (my $client = $listener->accept) {
            sysread $client, my $hello, 4096;
            syswrite $client, $answer;
            close $client;
        }
        POSIX::_exit(0);
    }
    push @answering, $pid;
    return ('-connect', '127.0.0.1:' . $listener->sockport);
}

END { kill KILL => $_ for @answering }

my $old = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']);
my %failed = (
    'no common version'       => [$old->target, '-tls1_3'],
    'no common cipher'        => [$old->target, '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384'],
    'a server of HTTP'        => [answering("HTTP/1.1 400 Bad Request\r\n\r\n")],
    'a server of SMTP'        => [answering("220 mail.example ESMTP\r\n")],
    'a server that closes'    => [answering('')],
    'a server of nonsense'    => [answering("\x16\x03\x03\x00\x04\x02\x00\x00\x00")],
    'an alert'                => [answering("\x15\x03\x03\x00\x02\x02\x28")],
);
for my $what (sort keys %failed) {
    for my $more ([], ['-CAfile', $ca], ['-CAfile', $ca, '-verify_return_error'], ['-verify', '3'], ['-prexit']) {
        my @arguments = (@{ $failed{$what} }, @{$more});
        my $client = run_client(\@arguments);
        my $name = "$what @{[ map { s{.*/}{}r } @{$more} ]}";
        isnt($client->status, 0, "$name: it fails");
        my @oks = $client->out =~ /^(Verification: OK|\s*Verify return code: 0 \(ok\))$/mg;
        my @qualified = $client->out =~ /^(?:Verification: OK|\s*Verify return code: 0 \(ok\)(?:\n    .*)*)\n(No certificate was checked)/mg;
        is(scalar @qualified, scalar @oks, "$name: no OK stands alone") or diag($client->out);
        like($client->out, qr/^no peer certificate available$/m, "$name: the report says that there is no certificate");
    }
    my $json = decode_json(run_client([@{ $failed{$what} }, '-json', '-CAfile', $ca])->out);
    is($json->{verification}{verified}, undef, "$what: the document says that nothing was verified");
    is($json->{verification}{basis}, 'none', "$what: and on what it stands");
    my $brief = run_client([@{ $failed{$what} }, '-brief', '-CAfile', $ca]);
    unlike($brief->err, qr/^Verification: OK$(?!\nNo certificate)/m, "$what: the brief report does not say OK");
}
like(run_client($failed{'no common version'})->out, $NOTHING, 'the sentence is there after a failed handshake');

# The lines that scripts parse are those of the original.
for my $what ('no common version', 'no common cipher') {
    my @lines = map { join '', $_->out =~ /^(Verification.*\n|\s*Verify return code.*\n|no peer.*\n|New, .*\n)/mg }
        oracle(['s_client', @{ $failed{$what} }]), run_client($failed{$what});
    is($lines[1], $lines[0], "$what: the lines that scripts parse are those of the original");
}

# A resumption looks neither at a name nor at revocation lists again.
{
    my $server = SApps::Server->start(which => 'openssl');
    my @again = ($server->target, '-CAfile', $ca, '-sess_in', 'session');
    run_client([$server->target, '-CAfile', $ca, '-sess_out', 'session']);
    for my $asked (['-verify_hostname', 'other.example'], ['-verify_ip', '192.0.2.9'], ['-verify_email', 'a@b.example'], ['-crl_check']) {
        my $resumed = run_client([@again, @{$asked}]);
        my $qualified = qr/^The session was resumed, so OK says nothing about the name or revocation asked for$/m;
        like($resumed->out, qr/^Reused, /m, "@{$asked}: the session is resumed");
        like($resumed->out, $qualified, "@{$asked}: the report says what was not looked at");
        my $json = run_client([@again, @{$asked}, '-json', '-exit_status', 'detailed']);
        is_deeply([@{ decode_json($json->out)->{verification} }{qw(verified basis name_checked)}], [undef, 'session', JSON::PP::false],
            "@{$asked}: the document neither");
        ended($json, 8, "@{$asked}: the detailed status is that of a failed verification");
    }
    my $plain = run_client([@again, '-json', '-exit_status', 'detailed']);
    ended($plain, 0, 'where nothing is asked, the session will do');
    is(decode_json($plain->out)->{verification}{verified}, JSON::PP::true, 'and its first handshake was good');
}

# A server of TLS 1.3 that wants a certificate says so after the handshake.
for my $input ('', "Q\n") {
    my $server = SApps::Server->start(which => 'openssl', args => ['-Verify', '1', '-tls1_3']);
    my $refused = run_client([$server->target], stdin => $input);
    ended($refused, 1, 'a client without a certificate hears of it');
    like($refused->err, qr/^s_client: .* alert 116 .*certificate required.*\n.*wants a certificate.*\n[0-9A-F]+:error:.*SSL alert number 116$/m, 'and tells');
    unlike($refused->err, qr/^DONE$/m, 'instead of being done');
    my $json = run_client([$server->target, '-json', '-exit_status', 'detailed'], stdin => $input);
    ended($json, 7, 'the detailed status is that of a failed handshake');
    is_deeply([map { $_->{kind} } @{ decode_json($json->out)->{failures} }], ['handshake'], 'the document has it');
    my $asking = SApps::Server->start(which => 'openssl', args => ['-verify', '1', '-tls1_3']);
    ended(run_client([$asking->target], stdin => $input), 0, 'a server that only asks is content');
}

# A cipher without certificates.
my $anonymous = SApps::Server->start(which => 'openssl', cert => undef, args => ['-nocert', '-tls1_2', '-cipher', 'ALL@SECLEVEL=0']);
my $anon = run_client([$anonymous->target, '-tls1_2', '-cipher', 'aNULL@SECLEVEL=0', '-CAfile', $ca]);
ended($anon, 0, 'a connection without certificates succeeds');
like($anon->out, $NOTHING, 'and says that no certificate was checked');
my $psk = SApps::Server->start(which => 'openssl', cert => undef, args => ['-nocert', '-psk', 'a1b2']);
my @psk = ($psk->target, '-psk', 'a1b2', '-CAfile', $ca);
like(run_client([@psk])->out, $NOTHING, 'so does one with a pre-shared key');
is(decode_json(run_client([@psk, '-json'])->out)->{verification}{verified}, undef, 'its document says that nothing was verified');
ended(run_client([@psk, '-exit_status', 'detailed']), 0, 'which is no failure');

# A good chain and a handshake that fails after it.
my $demanding = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-Verify', '1', '-verify_return_error', '-CAfile', $ca]);
my $unproved = run_client([$demanding->target, '-CAfile', $ca]);
isnt($unproved->status, 0, 'a handshake that the server refuses after the certificate fails');
like($unproved->out, $UNPROVED, 'and what OK does not say is told');

# Where the check was made, the text is that of the original and nothing is added.
my $good = SApps::Server->start(which => 'openssl');
my $checked = run_client([$good->target, '-CAfile', $ca]);
unlike($checked->out, qr/so OK|was not accepted/, 'a certificate that was checked gets no further sentence');
my %bad = map { $_ => SApps::Server->start(which => 'openssl', cert => $_) } qw(expired other);
for my $which (sort keys %bad) {
    for my $more ([], ['-tls1_2'], ['-verify_return_error'], ['-brief'], ['-verify', '0'], ['-verify_quiet']) {
        my $client = run_client([$bad{$which}->target, '-CAfile', $ca, @{$more}], merge => 1);
        unlike($client->out, qr/^(?:Verification: OK|\s*Verify return code: 0 \(ok\)(?:\n    .*+)*+)\n(?!The certificate was not accepted)/m, "$which @{$more}: nobody calls it OK");
    }
}

# A session that is resumed remembers a bad verdict.
run_client([$bad{other}->target, '-CAfile', $ca, '-tls1_2', '-sess_out', 'session']);
my $resumed = run_client([$bad{other}->target, '-CAfile', $ca, '-tls1_2', '-sess_in', 'session']);
like($resumed->out, qr/^Reused, /m, 'a session with a bad certificate is resumed');
unlike($resumed->out, qr/^Verification: OK\n(?!The certificate)/m, 'and it is not called OK then');
is(decode_json(run_client([$bad{other}->target, '-tls1_2', '-sess_in', 'session', '-json'])->out)->{verification}{verified}, JSON::PP::false,
    'nor in the document');

done_testing;
