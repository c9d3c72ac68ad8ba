# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# s_server: with the same command line and the same client, the original and ours write the same and answer the same.

use SApps::Test;

use SApps::Compare qw(masked until_same without_additions);
use Time::HiRes qw(sleep);

my $ca = certificate('ca')->{cert};

# One server of each kind, one client each; what the server wrote and what the client got must be the same.
sub same_server {
    my ($name, %options) = @_;
    my $mask = $options{mask} // sub { $_[0] };
    my (%before, %after);
    until_same(sub {
        my ($factor) = @_;
        my ($theirs, $mine) = map { one_server($_, %options, factor => $factor) } qw(openssl ours);
        %before = map { $_ => masked($theirs->{$_}, $mask) } keys %{$theirs};
        %after = map { $_ => masked(without_additions($mine->{$_}), $mask) } keys %{$mine};
        return grep { $before{$_} ne $after{$_} } keys %before;
    });
    is($after{$_}, $before{$_}, "$name: $_") for qw(status out err client);
    return;
}

# A server that writes no ACCEPT line is found by its socket.
sub silent_server {
    my ($which, @arguments) = @_;
    my @program = $which eq 'openssl' ? openssl('s_server') : program('s_server');
    my $pair = certificate('server');
    unlink 'silent';
    my $server = SApps::Process->start(
        command => [@program, '-unix', 'silent', '-cert', $pair->{cert}, '-key', $pair->{key}, @arguments]);
    wait_until { -S 'silent' };
    return ($server, '-unix', 'silent');
}

sub start_server {
    my ($which, %options) = @_;
    my @arguments = ('-naccept', $options{naccept} // 1, @{ $options{args} // [] });
    return silent_server($which, @arguments) if $options{silent};
    my $cert = exists $options{cert} ? $options{cert} : 'server';
    my $server = SApps::Server->start(which => $which, cert => $cert, args => \@arguments, merge => $options{merge});
    return ($server, '-connect', 'localhost:' . $server->port);
}

sub one_server {
    my ($which, %options) = @_;
    my ($server, @to) = start_server($which, %options);
    my @client = openssl('s_client', @to, @{ $options{client} // ['-quiet'] });
    my $client = SApps::Process->start(command => \@client);
    $client->send($options{stdin} // '');
    my $pause = 0.3 * $options{factor};
    $client->taken;
    sleep $pause;
    if (defined $options{server_stdin}) {
        $server->send($options{server_stdin});
        $server->taken;
        sleep $pause;
    }
    $client->close_stdin;
    $client->stop($options{kill} ? 'KILL' : 'TERM') if !$options{ends};
    $client->wait;
    $server->wait;
    my $got = $options{client_out} ? $client->out : '';
    return { status => $server->status // 'none', out => $server->out, err => $server->err, client => $got };
}

my @end = ('-quiet', '-no_ign_eof');
my %read = (client => ['-quiet'], client_out => 1, ends => 1);

same_server('a client that goes at once', client => \@end, ends => 1);
same_server('a client of TLS 1.2', client => ['-tls1_2', @end], ends => 1);
same_server('a client that sends a line', client => \@end, stdin => "hello\n", ends => 1);
same_server('a server that says less', silent => 1, args => ['-quiet'], client => \@end, stdin => "hello\n", ends => 1);
same_server('a server that reports briefly', silent => 1, args => ['-brief'], client => \@end, stdin => "hello\n", ends => 1);
same_server('a line from the server', client => \@end, server_stdin => "hi\n", client_out => 1, ends => 1);
same_server('a Q at the server', client => ['-quiet'], server_stdin => "Q\n", ends => 1);
same_server('a q at the server', client => ['-quiet'], server_stdin => "q\n", ends => 1);
same_server('the order of both streams at the end', args => ['-tls1_2'], client => ['-quiet'], kill => 1, merge => 1);
same_server('the order of both streams after a Q', client => ['-quiet'], server_stdin => "Q\n", ends => 1, merge => 1);
# What the client says of such an end is another matter: the original breaks the connection.
for my $letter (qw(Q q)) {
    my $server = SApps::Server->start(args => ['-naccept', 1]);
    my $client = SApps::Process->start(command => [openssl('s_client', $server->target)]);
    $client->expect(qr/Verify return code/);
    $server->send("$letter\n");
    ended($client->wait, 0, "a client of a server that ends by $letter has nothing to complain about");
    like($client->out, qr/^closed$/m, 'and says that it was closed');
    ended($server->wait, 0, 'and the server ends well');
}
# Rows of bytes differ; where they stand does not.
my %feature = features();
# Up to 1.1.1 the original leaves without close_notify.
my $farewell = sub {
    my ($text) = @_;
    return $text if $feature{conf_3_0};
    $text =~ s/^SSL3 alert write:warning:close notify\n//m;
    return $text =~ s/^>>> \?\?\? .*\n>>> .* Alert .*, warning close_notify\n//mr;
};
my $no_rows = sub { $_[0] =~ s/^    (?:[0-9a-f]{2} ?)+\n//mgr =~ s/\[length [0-9a-f]{4}\]/[length N]/gr };
same_server('the order of messages at the end', args => ['-msg', '-tls1_2'], client => ['-quiet', '-no_ign_eof'], ends => 1, mask => sub { $farewell->($no_rows->($_[0])) });
my $no_bytes = sub { $_[0] =~ s/^(?:read from|write to|[0-9a-f]{4} -) .*\n//mgr };
for my $option ('-quiet', '-brief') {
    same_server("$option with -debug takes no commands", args => [$option, '-debug', '-tls1_2'], client => ['-quiet'], server_stdin => "Q\n",
        client_out => 1, mask => $no_bytes);
}
same_server('a key, and the bytes', args => ['-debug', '-psk', 'aabb'], client => \@end, ends => 1, mask => $no_bytes);
same_server('an external cache', args => ['-ext_cache', '-no_ticket', '-tls1_2'], client => ['-quiet', '-no_ign_eof'], ends => 1);
same_server('a hint that TLS 1.3 has no place for', cert => undef, args => ['-nocert', '-psk', 'aabb', '-psk_hint', 'hint', '-tls1_3'],
    client => ['-psk', 'aabb', '-quiet', '-no_ign_eof'], ends => 1);
same_server('the cache at the server', client => \@end, server_stdin => "S\n", ends => 1);
same_server('new keys at the server', client => \@end, server_stdin => "K\n", ends => 1);
same_server('lines in CRLF at the server', args => ['-crlf'], client => \@end, server_stdin => "hi\n", client_out => 1, ends => 1);
same_server('an application protocol', args => ['-alpn', 'h2'], client => ['-alpn', 'h2', @end], ends => 1);
same_server('no common application protocol', args => ['-alpn', 'h2'], client => ['-alpn', 'imap', @end], ends => 1);
same_server('a version that the client lacks', args => ['-tls1_3'], client => ['-tls1_2', @end], ends => 1);
same_server('no common cipher', args => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'],
    client => ['-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', @end], ends => 1);
same_server('a client certificate', args => ['-verify', '2', '-CAfile', $ca],
    client => ['-cert', certificate('client')->{cert}, '-key', certificate('client')->{key}, @end], ends => 1);
same_server('a client certificate of an unknown CA', args => ['-verify', '2', '-CAfile', certificate('other-ca')->{cert}],
    client => ['-cert', certificate('client')->{cert}, '-key', certificate('client')->{key}, @end], ends => 1);
same_server('a client certificate that must be good and is not',
    args => ['-Verify', '2', '-verify_return_error', '-CAfile', certificate('other-ca')->{cert}],
    client => ['-cert', certificate('client')->{cert}, '-key', certificate('client')->{key}, @end], ends => 1);
same_server('a client certificate, briefly', silent => 1, args => ['-brief', '-verify', '2', '-CAfile', $ca],
    client => ['-cert', certificate('client')->{cert}, '-key', certificate('client')->{key}, @end], ends => 1);
same_server('no client certificate where one is asked for', args => ['-verify', '2', '-CAfile', $ca], client => \@end, ends => 1);
same_server('a CA file of revocation lists alone', args => ['-verify', '2', '-CAfile', certificate('ca')->{crl}], client => \@end, ends => 1);
same_server('no client certificate where one must be', args => ['-Verify', '2', '-CAfile', $ca], client => \@end, ends => 1);
# The original of 4.0 takes the second certificate after an Encrypted ClientHello only, and writes what it tried; ours
# takes it by the name as ever, which 42-names.t tests.
same_server('a second certificate by name',
    args => ['-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2', certificate('second')->{key}],
    client => ['-servername', 'second.example', @end], ends => 1) if !$feature{ech};
same_server('an unknown name', args => ['-servername', 'second.example', '-cert2', certificate('second')->{cert}, '-key2',
    certificate('second')->{key}], client => ['-servername', 'third.example', @end], ends => 1) if !$feature{ech};
same_server('an unknown name that is fatal', args => ['-servername_fatal', '-servername', 'second.example', '-cert2',
    certificate('second')->{cert}, '-key2', certificate('second')->{key}], client => ['-servername', 'third.example', @end], ends => 1) if !$feature{ech};
same_server('the states', args => ['-state'], client => \@end, ends => 1, mask => $farewell);
for my $version ('-tls1_2', '-tls1_3') {
    same_server("$version: the security decisions", args => ['-security_debug', $version], client => \@end, ends => 1);
    same_server("$version: all security decisions", args => ['-security_debug_verbose', $version], client => \@end, ends => 1);
}
for my $cert ('server-ecdsa', 'server-ed25519') {
    same_server("$cert: security decisions about a key", cert => $cert, args => ['-security_debug_verbose', '-tls1_2'], client => \@end, ends => 1);
}
same_server('security decisions about a key of DHE', args => ['-security_debug_verbose'],
    client => ['-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256', @end], ends => 1);
# How often a read finds nothing is chance; with -nbio_test the original may never get further.
same_server('a server with -nbio', args => ['-nbio'], client => \@end, stdin => "hello\n", ends => 1, mask => sub { $_[0] =~ s/^(?:DELAY|(?:Read|Write) BLOCK)\n//mgr });
like(one_server($_, args => ['-nbio_test'], client => \@end, ends => 1, factor => 1)->{err}, qr/^Turned on non blocking io$/m, "-nbio_test says so too: $_") for qw(openssl ours);
same_server('no tickets', args => ['-num_tickets', '0'], client => \@end, ends => 1);
same_server('no ticket in TLS 1.2', args => ['-no_ticket'], client => ['-tls1_2', @end], ends => 1);
same_server('no cache', args => ['-no_cache'], client => ['-tls1_2', @end], ends => 1);
same_server('an ECDSA key', cert => 'server-ecdsa', client => \@end, ends => 1);

# The modes.
spew('file.txt', "some text\n");
spew('page.html', "<p>a page\n");
spew('raw', "HTTP/1.0 200 own\r\nX-Own: 1\r\n\r\nbody\n");
mkdir 'folder';
my %file = (args => ['-WWW'], %read);
same_server('-rev', args => ['-rev'], client => \@end, stdin => "hello\nworld\n", client_out => 1, ends => 1);
same_server('-rev and the states', args => ['-rev', '-state'], client => \@end, stdin => "hello\n", ends => 1, mask => $farewell);
same_server('-rev and a client that is killed', args => ['-rev'], client => ['-quiet'], stdin => "hello\n", client_out => 1, kill => 1);
same_server('a file', %file, stdin => "GET /file.txt HTTP/1.0\r\n\r\n");
same_server('a page', %file, stdin => "GET /page.html HTTP/1.0\r\n\r\n");
# The original says "200 ok" of what it does not give; ours has the right status line and the same text.
my $any_status = sub { $_[0] =~ s{^HTTP/1\.0 \d+ .*}{HTTP/1.0 STATUS}mr };
same_server('a folder', %file, mask => $any_status, stdin => "GET /folder HTTP/1.0\r\n\r\n");
same_server('a way out', %file, mask => $any_status, stdin => "GET /../file.txt HTTP/1.0\r\n\r\n");
same_server('a doubled slash', %file, mask => $any_status, stdin => "GET //file.txt HTTP/1.0\r\n\r\n");
for my $mode ('-www', '-WWW', '-HTTP', '-rev') {
    same_server("$mode: a handshake that fails", args => [$mode, '-tls1_3'], client => ['-tls1_2', @end], ends => 1);
    same_server("$mode, quietly: a handshake that fails", silent => 1, args => [$mode, '-quiet', '-tls1_3'], client => ['-tls1_2', @end],
        ends => 1);
}
same_server('a file with its own header', args => ['-HTTP'], %read, stdin => "GET /raw HTTP/1.0\r\n\r\n");

done_testing;
