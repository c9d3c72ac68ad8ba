# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Text that the peer chose: names, alternative names, policies, CA names, protocols, server names, identities. Whatever
# prints it, no byte of it steers the terminal, and it begins no line; text that does no harm stays as the original has it.

use SApps::Test;

use SApps::Compare qw(same_client);

my $title = "\e]0;owned\a";
my $lines = "x$title\nFAKE 0 (ok)\r\n    FAKE\x7f";
my %evil = (utf8 => "$lines\xc2\x9b31m", t61 => "$lines\x9b31m", bmp => "$lines\xc2\x9b31m");
my %mask = (utf8 => 'utf8only', t61 => 'MASK:0x4', bmp => 'MASK:0x800');

# A value of a configuration file of openssl.
sub quoted {
    my ($text) = @_;
    my %letter = ("\n" => '\n', "\r" => '\r');
    return $text =~ s/([\n\r\\"'#\$,;=])/$letter{$1} \/\/ "\\$1"/ger;
}

# A CA and a certificate of it, with the text wherever a certificate can have one.
sub make_pair {
    my ($name, $text, $mask) = @_;
    my $value = quoted($text);
    my $ia5 = quoted($text =~ s/\xc2\x9b/\x9b/r);
    my $names = join '', map { "$_=$value\n" } qw(O OU CN);
    for my $kind (qw(ca leaf)) {
        my $constraint = $kind eq 'ca' ? 'TRUE' : 'FALSE';
        spew("$name-$kind.cnf", <<"END");
[req]
distinguished_name=dn
prompt=no
string_mask=$mask
[dn]
$names
[v3]
basicConstraints=CA:$constraint
subjectAltName=\@alt
certificatePolicies=\@policy,1.2.3.6
nsComment=$ia5
crlDistributionPoints=\@crl
[alt]
DNS.1=$ia5
email.1=$ia5
URI.1=http://$ia5
dirName.1=dn
[crl]
URI.1=http://$ia5
[policy]
policyIdentifier=1.2.3.4
CPS.1=$ia5
userNotice.1=\@notice
[notice]
organization=$ia5
noticeNumbers=1,2
explicitText=UTF8:$value
END
    }
    my @new = (qw(req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes), $mask =~ /utf8|0x800/ ? '-utf8' : ());
    my @runs = (
        [@new, qw(-x509 -days 10 -extensions v3 -config), "$name-ca.cnf", '-keyout', "$name-ca.key", '-out', "$name-ca.pem"],
        [@new, '-config', "$name-leaf.cnf", '-keyout', "$name.key", '-out', "$name.csr"],
        [qw(x509 -req -days 10 -extensions v3 -in), "$name.csr", '-CA', "$name-ca.pem", '-CAkey', "$name-ca.key", '-extfile',
            "$name-leaf.cnf", '-out', "$name.pem"],
    );
    for my $arguments (@runs) {
        my $made = run([openssl(@{$arguments})], timeout => 30);
        ok(($made->status // -1) == 0, "openssl $arguments->[0] makes a part of the pair $name") or diag($made->story);
    }
    return ('-cert', "$name.pem", '-key', "$name.key", '-cert_chain', "$name-ca.pem");
}

# Neither a control character nor a line that begins as the peer's text would like it.
sub harmless {
    my ($sentence, $process, %options) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $margin = $options{indented} ? '' : '\s*';
    for my $stream (qw(out err)) {
        my $text = $process->$stream;
        my @bad = $text =~ /([\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|(?<![\x80-\xff])[\x80-\xbf]|^${margin}FAKE.*$)/mg;
        next if ok(!@bad, "$sentence: standard $stream");
        diag("found: ", join(' ', map { sprintf '%vd %s', $_, $_ =~ s/[^ -~]/?/gr } @bad[0 .. ($#bad > 3 ? 3 : $#bad)]), "\n", $process->story);
    }
    return;
}

my @views = (
    [], ['-showcerts'], ['-brief'], ['-prexit'], ['-state', '-msg'], ['-debug'], ['-trace'], ['-tlsextdebug'], ['-json'],
    ['-verify_return_error'], ['-verify_quiet'], ['-security_debug_verbose'], ['-nameopt', 'compat'], ['-nameopt', 'multiline'],
    ['-nameopt', 'utf8'], ['-nameopt', 'RFC2253,-esc_ctrl,-esc_msb'], ['-nameopt', 'dump_all,show_type'],
    ['-nameopt', 'ignore_type,-esc_msb,-esc_ctrl'],
);
my @policies = ('-policy_check', '-policy_print', '-policy');
my %feature = features();

for my $name (sort keys %evil) {
    my @pair = make_pair($name, $evil{$name}, $mask{$name});
    my @trust = ('-CAfile', "$name-ca.pem");
    for my $tls ('-tls1_2', '-tls1_3') {
        my @alpn = ('-alpn', $evil{$name} =~ s/\x9b31m//r);
        my $server = SApps::Server->start(which => 'openssl', cert => undef, args => [@pair, $tls, @alpn, '-verify', '3', @trust]);
        for my $view (@views, [@policies, '1.2.3.4', @trust], [@policies, '1.2.3.9', '-explicit_policy', @trust]) {
            my $client = run_client([$server->target, @alpn, @{$view}]);
            like($client->out . $client->err, qr/owned/, "[$name $tls @{$view}] something of it is told") if ($view->[0] // '') ne '-verify_quiet';
            harmless("[$name $tls @{$view}]", $client, indented => ($view->[0] // '') eq '-trace');
        }
    }
    for my $view ([], ['-state', '-msg'], ['-debug'], ['-trace'], ['-tlsextdebug'], ['-www'], ['-rev'], ['-nameopt', 'utf8,-esc_ctrl'],
        [@policies, '1.2.3.4'], ['-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2', certificate('second')->{key}],
        ['-psk', 'aa', '-psk_identity', 'other', '-tls1_2'], ['-nextprotoneg', 'h2']) {
        my @more = ($view->[0] // '') eq '-psk' ? ('-psk', 'aa', '-psk_identity', $evil{$name}) : ();
        my $server = SApps::Server->start(args => ['-naccept', 1, @trust, '-verify', '3', '-alpn', 'h2', @{$view}]);
        oracle(['s_client', $server->target, @pair, '-alpn', 'h2,' . $evil{$name}, '-servername', $evil{$name}, '-requestCAfile', "$name-ca.pem", @more],
            stdin => "GET / HTTP/1.0\n\n");
        $server->wait;
        like($server->out . $server->err, qr/owned/, "[$name, server @{$view}] something of it is told") if ($view->[0] // '') !~ /^-(?:www|rev)$/;
        harmless("[$name, server @{$view}]", $server, indented => ($view->[0] // '') eq '-trace');
    }
}

# The line that scripts look for, in the words of the protocol that a server chose.
{
    my $fake = "h2\nVerify return code: 0 (ok)";
    my $server = SApps::Server->start(which => 'openssl', cert => 'other', args => ['-alpn', $fake]);
    for my $tls ('-tls1_2', '-tls1_3') {
        my $client = run_client([$server->target, '-alpn', $fake, $tls]);
        is(scalar(() = $client->out =~ /^\s*Verify return code: 0/mg), 0, "a protocol does not make the verdict ($tls)");
        like($client->out, qr/^ALPN protocol: h2\\x0aVerify return code: 0 \(ok\)$/m, 'it stands on its line');
    }
    my $hint = SApps::Server->start(which => 'openssl', cert => undef, args => [qw(-nocert -tls1_2 -psk aa -psk_hint), $fake]);
    my $client = run_client([$hint->target, qw(-psk aa -tls1_2)]);
    like($client->out, qr/^    PSK identity hint: h2\\x0aVerify return code: 0 \(ok\)$/m, 'nor does the hint of a server that shares a key');
    my $next = SApps::Server->start(which => 'openssl', args => ['-nextprotoneg', $fake, '-tls1_2']);
    $client = run_client([$next->target, '-nextprotoneg', $fake, '-tls1_2']);
    like($client->out, qr/^Next protocol: \(1\) h2\\x0aVerify return code: 0 \(ok\)$/m, 'nor does NPN');
}

# What does no harm is told as the original tells it.
{
    my @pair = make_pair('good', "M\xc3\xbcller & S\xc3\xb6hne <a\\b>", 'utf8only');
    my $server = SApps::Server->start(which => 'openssl', cert => undef, args => [@pair, '-alpn', "h\xc3\xbc,a\\b"]);
    my @to = ($server->target, '-CAfile', 'good-ca.pem');
    same_client("a good certificate @{$_}", [@to, @{$_}])
        for ['-showcerts'], [@policies, '1.2.3.4'], [@policies, '1.2.3.9', '-explicit_policy'], ['-alpn', "h\xc3\xbc"], ['-alpn', "a\\b"],
        ['-nameopt', 'utf8'], ['-nameopt', 'oneline,-esc_msb'], ['-brief'];
    same_client('a good certificate in a trace', [@to, '-trace', '-tls1_2', '-alpn', 'h2'], mask => sub { $_[0] =~ s/(?:[0-9A-F]{2})+\b|0x[0-9a-fA-F]+|[0-9a-f ]{8,}.*$//gmr }) if $feature{trace};
}

done_testing;
