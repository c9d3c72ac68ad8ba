# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# A name with several addresses: each is tried until one answers. "localhost" is 127.0.0.1 and ::1.

use SApps::Test;

use Socket qw(getaddrinfo SOCK_STREAM);

my ($error, @found) = getaddrinfo('localhost', '443', { socktype => SOCK_STREAM });
my $both = !$error && grep({ $_->{family} == Socket::AF_INET } @found) && grep({ $_->{family} == Socket::AF_INET6 } @found);
plan skip_all => 'localhost has one address here' if !$both;

my $get = "GET / HTTP/1.0\r\n\r\n";
for my $case (['127.0.0.1', '-4', '-6'], ['[::1]', '-6', '-4']) {
    my ($address, $same, $other) = @{$case};
    my $server = SApps::Server->start(accept => "$address:0", args => ['-www']);
    my $port = $server->port;
    for my $to (['-connect', "localhost:$port"], ["localhost:$port"], ['-host', 'localhost', '-port', $port]) {
        my $client = run_client([@{$to}, '-quiet'], stdin => $get);
        ended($client, 0, "a server on $address alone is found by [@{$to}[0]]");
        like($client->out, qr/200 ok/, 'it answers');
        unlike($client->err, qr/refused/i, 'nothing is said of the other address');
    }
    ended(run_client([$same, '-connect', "localhost:$port"]), 0, "$same finds it");
    my $none = run_client([$other, '-connect', "localhost:$port"]);
    ended($none, 1, "$other does not");
    like($none->err, qr/Connection refused/, 'and says why');
    like(run_client(['-brief', '-connect', "localhost:$port"])->err, qr/^CONNECTION ESTABLISHED$/m, 'a brief report as well');
    my $json = run_client(['-json', '-connect', "localhost:$port"]);
    my $plain = $address =~ s/[\[\]]//gr;
    like($json->out, qr/"address":\s*"\[?\Q$plain\E\]?/, "the document names the address that answered, $plain");
}

# Both answer: the resolver's first is taken, and only that.
{
    my $server = SApps::Server->start(args => ['-www', '-naccept', '1']);
    my $client = run_client(['-connect', 'localhost:' . $server->port, '-quiet'], stdin => $get);
    like($client->out, qr/200 ok/, 'a server on all addresses answers');
    ended($server, 0, 'one connection was made');
}

# None answers: each is named.
{
    my $closed = closed_address() =~ s/.*://r;
    my $client = run_client(['-connect', "localhost:$closed"]);
    ended($client, 1, 'when no address answers it is a failure');
    my ($sentence) = $client->err =~ /^s_client: (cannot connect to 'localhost'.*)$/m;
    like($sentence // '', qr/127\.0\.0\.1:$closed: Connection refused/, 'the IPv4 address is named');
    like($sentence // '', qr/\[::1\]:$closed: Connection refused/, 'so is the IPv6 address');
}

done_testing;
