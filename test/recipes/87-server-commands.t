# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The commands of s_server against the original's client, in each version, with a new session and with one that is resumed:
# what they do, and that it is what the original does.

use SApps::Test;

use Time::HiRes qw(sleep);

use SApps::Compare qw(masked until_same);

my $ca = certificate('ca')->{cert};
my @certificate = ('-cert', certificate('client')->{cert}, '-key', certificate('client')->{key});

my $same = sub { $_[0] };

# A server (of %options: which, args), and a client (of %options: tls, resumed, client) that is connected to it.
sub connected {
    my (%options) = @_;
    my $server = SApps::Server->start(which => $options{which} // 'ours', args => ['-CAfile', $ca, @{ $options{args} // [] }]);
    my @client = (openssl('s_client', $server->target, '-CAfile', $ca, $options{tls}), @{ $options{client} // [] });
    if ($options{resumed}) {
        unlink 'session';
        my $first = SApps::Process->start(command => [@client, '-sess_out', 'session']);
        $first->expect(qr/^\s*Verify return code/m);
        wait_until { -s 'session' };
        $first->send("Q\n");
        $first->wait;
        push @client, '-sess_in', 'session';
    }
    my $client = SApps::Process->start(command => \@client);
    $client->expect($options{resumed} ? qr/^Reused, .*^\s*Verify return code/ms : qr/^New, .*^\s*Verify return code/ms)
        or diag('no such connection: ', $client->story);
    # The server has read what the client says when it shows it.
    $client->send("ready\n");
    $server->expect(qr/^ready$/m);
    return ($server, $client);
}

# What a command leaves: both streams of the server without order (the original has two buffers), and those of the client.
sub after {
    my ($command, %options) = @_;
    my ($server, $client) = connected(%options);
    # The original drops what it reads together with a command.
    for my $line (split /^/, $command) {
        $server->send($line);
        $server->taken;
        sleep $options{pause} // 0.2;
    }
    $server->send("over\n");
    $client->expect(qr/over$/m, 5);
    $client->send("and out\n");
    $server->expect(qr/^and out$/m, 5);
    $server->send("Q\n");
    $server->wait;
    $client->wait;
    my $certificate = $server->err =~ /^depth=0 .*client/m ? 1 : 0;
    my %left = (
        certificate => $certificate,
        server      => join("\n", sort split /\n/, masked($server->out . $server->err, $same)),
        # Ours takes leave of the client, and the original does not.
        client      => join("\n", grep { !/^(?:closed|.*unexpected eof.*|.*Post-Handshake.*|)$/ } split /\n/, masked($client->err, $same)),
    );
    return \%left;
}

# The same with the original and with ours, as a list of texts for each part.
sub both {
    my ($command, $mask, %options) = @_;
    my @left;
    until_same(sub {
        my ($factor) = @_;
        @left = map { after($command, %options, which => $_, pause => 0.2 * $factor) } 'openssl', 'ours';
        for my $one (@left) {
            $one->{$_} = $mask->($one->{$_}) for qw(server client);
        }
        return grep { $left[0]{$_} ne $left[1]{$_} } qw(server client);
    });
    return @left;
}

my %sessions = ('a new session' => 0, 'a resumed session' => 1);
for my $tls ('-tls1_2', '-tls1_3') {
    for my $session (sort keys %sessions) {
        my %options = (tls => $tls, resumed => $sessions{$session}, client => \@certificate);
        my $name = "$tls, $session";
        # Commands that this version lacks are refused; ours says so at once.
        my $mask = sub { $_[0] =~ s/^.*:wrong ssl version:.*\n?//gmr };
        for my $case (['r', "r\n"], ['k', "k\n"], ['K', "K\n"], ['K before CR LF', "K\r\n"], ['S', "S\n"], ['a b', "b\n"],
            ['a word with R', "Really\n"], ['a word with c', "come\n"], ['a word with k', "kind\n"], $tls eq '-tls1_3' ? ['R', "R\n"] : ()) {
            my ($what, $command) = @{$case};
            # The client's new keys come with its next data, and ours reads both at once.
            my @both = both($command, $what =~ /^K/ ? sub { $mask->($_[0]) =~ s/^Read BLOCK\n//gmr } : $mask, %options);
            is($both[1]{$_}, $both[0]{$_}, "$name: $what is the same for the $_") for qw(server client);
            is($both[1]{certificate}, 0, "$name: $what asks for no certificate");
        }
    }
}

# Certificates on demand.
for my $session (sort keys %sessions) {
    my $resumed = $sessions{$session};
    my $again = after("R\n", tls => '-tls1_2', resumed => $resumed, client => \@certificate);
    is($again->{certificate}, 1, "an R gets the client's certificate ($session)");
    like($again->{server}, qr/^SSL_do_handshake -> 1$/m, 'and says that there was a handshake');
    is(scalar(() = $again->{client} =~ /^depth=0 /mg), $resumed ? 1 : 2, 'which was a whole one');
    my $twice = after("R\nr\n", tls => '-tls1_2', resumed => $resumed, client => \@certificate);
    like($twice->{server}, qr/^ +\Q@{[$resumed ? 2 : 1]}\E session cache hits$/m, "an r after it resumes again ($session)");
    is(after("R\n", tls => '-tls1_2', resumed => $resumed)->{certificate}, 0, "an R goes on where the client has none ($session)");

    my %options = (tls => '-tls1_3', resumed => $resumed, client => [@certificate, '-enable_pha']);
    my @both = both("c\n", $same, %options);
    is($both[1]{certificate}, 1, "a c gets the client's certificate ($session)");
    is($both[1]{server}, $both[0]{server}, 'with the words of the original');
    @both = both("c\n", $same, %options, client => \@certificate);
    is($both[1]{certificate}, 0, "but not from a client that does not offer that ($session)");
    is($both[1]{server}, $both[0]{server}, 'with the words of the original');
}
is(after("c\n", tls => '-tls1_2', client => \@certificate)->{certificate}, 0, 'nor in TLS 1.2');

# A P breaks the connection.
for my $tls ('-tls1_2', '-tls1_3') {
    my ($server, $client) = connected(tls => $tls);
    $server->send("P\n");
    ok(!$client->wait(5)->timed_out && $client->status == 1, "a P breaks the connection ($tls)") or diag($client->story);
    like($client->err, qr/wrong version number|bad record|record layer|SSL routines/, 'as the client says');
}

# At the end of a line that came in pieces, and with lines that must stay data.
{
    my ($server, $client) = connected(tls => '-tls1_2');
    $server->send("lines\nR\nof many kinds\n");
    ok($client->expect(qr/^lines\nR\nof many kinds$/m, 5), 'a letter behind other lines is data') or diag($client->story);
    $server->send('c');
    ok($client->expect(qr/kinds\nc/, 5), 'so is one without the end of its line');
    $server->stop;
}

done_testing;
