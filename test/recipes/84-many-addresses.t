# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# A name with several addresses: each is tried until one answers. The names stand in a file that takes the place of
# /etc/hosts in a mount namespace of the client alone.

use SApps::Test;

use IO::Socket::IP;

my @addresses = ('127.0.0.1', '127.0.0.2', '127.0.0.3', '::1');
spew('hosts', join '', map { "$_ many.example\n" } @addresses);
my @elsewhere = ('unshare', $> == 0 ? '-m' : '-rm', '/bin/sh', '-c', 'mount --bind hosts /etc/hosts && exec "$@"', 'sh');
plan skip_all => 'this machine allows no mount namespace' if run([@elsewhere, 'true'])->status;

my $get = "GET / HTTP/1.0\r\n\r\n";

sub client {
    my ($arguments, %options) = @_;
    return run([@elsewhere, program('s_client'), @{$arguments}], stdin => $get, %options);
}

# A server on one address, and sockets that keep its port on the others from those who run beside.
sub lonely_server {
    my ($address) = @_;
    for (1 .. 20) {
        my $server = SApps::Server->start(accept => "$address:0", args => ['-www']);
        my @others = grep { $address !~ /^\[?\Q$_\E\]?$/ } @addresses;
        my @kept = grep { defined } map { IO::Socket::IP->new(LocalHost => $_, LocalPort => $server->port, Type => SOCK_STREAM) } @others;
        return ($server, @kept) if @kept == @others;
    }
    die "somebody has each port on another address\n";
}

for my $case (['127.0.0.1', '-4', '-6'], ['127.0.0.2', '-4', '-6'], ['127.0.0.3', '-4', '-6'], ['[::1]', '-6', '-4']) {
    my ($address, $same, $other) = @{$case};
    my ($server, @kept) = lonely_server($address);
    my $port = $server->port;
    for my $to (['-connect', "many.example:$port"], ["many.example:$port"], ['-host', 'many.example', '-port', $port]) {
        my $client = client([@{$to}, '-quiet']);
        ended($client, 0, "a server on $address alone is found by $to->[0]");
        like($client->out, qr/200 ok/, 'it answers');
        unlike($client->err, qr/refused/i, 'nothing is said of the other addresses');
    }
    ended(client([$same, '-connect', "many.example:$port"]), 0, "$same finds it");
    my $none = client([$other, '-connect', "many.example:$port"]);
    ended($none, 1, "$other does not");
    like($none->err, qr/Connection refused/, 'and says why');
    my $json = client(['-json', '-connect', "many.example:$port"]);
    my $plain = $address =~ s/[\[\]]//gr;
    like($json->out, qr/"address":\s*"\[?\Q$plain\E\]?[":]/, "the document names the address that answered, $plain");
    like(client(['-verify_hostname', 'server.example', '-CAfile', certificate('ca')->{cert}, '-connect', "many.example:$port"])->out,
        qr/^Verification: OK$/m, 'the certificate is that of the server');
}

# All answer: one connection is made.
{
    my $server = SApps::Server->start(args => ['-www', '-naccept', '1']);
    like(client(['-connect', 'many.example:' . $server->port, '-quiet'])->out, qr/200 ok/, 'a server on all addresses answers');
    ended($server, 0, 'one connection was made');
}

# None answers: each is named.
{
    my $closed = closed_address() =~ s/.*://r;
    my $client = client(['-connect', "many.example:$closed"]);
    ended($client, 1, 'when no address answers it is a failure');
    my ($sentence) = $client->err =~ /^s_client: (cannot connect to 'many\.example'.*)$/m;
    like($sentence // '', qr/\Q$_:$closed: Connection refused\E/, "$_ is named") for '127.0.0.1', '127.0.0.2', '127.0.0.3', '[::1]';
}

done_testing;
