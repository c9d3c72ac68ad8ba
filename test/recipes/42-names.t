# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Server names and application protocols: what a client asks for, and how a server chooses.

use SApps::Test;

use SApps::Compare qw(same_client);

my %feature = features();
my $second = certificate('second');
my @second = ('-servername', 'second.example', '-cert2', $second->{cert}, '-key2', $second->{key});

# What a server has seen of the client's names, on standard output.
sub names {
    my ($server) = @_;
    return grep { /^(?:Hostname in TLS|Switching|ALPN protocols|NEXTPROTO)/ } split /\n/, $server->out;
}

sub subject {
    my ($process) = @_;
    return $process->out =~ /^ 0 s:.*CN ?= ?(\S+)$/m ? $1 : '';
}

# The same clients with both servers.
my @clients = (
    ['-servername', 'second.example'], ['-servername', 'SECOND.example'], ['-servername', 'third.example'],
    ['-noservername'], ['-servername', "a\eb"], ['-alpn', 'http/1.1,h2'], ['-alpn', 'x'], [],
);
for my $case (['-alpn', 'h2,http/1.1'], ['-servername_fatal']) {
    my %seen;
    for my $which ('ours', 'openssl') {
        my $server = SApps::Server->start(which => $which, args => [@second, @{$case}]);
        for my $arguments (@clients) {
            my $client = oracle(['s_client', $server->target, @{$arguments}], stdin => "Q\n");
            my ($protocol) = $client->out =~ /^((?:No )?ALPN.*)$/m;
            my ($alert) = $client->err =~ /SSL alert number (\d+)/;
            push @{ $seen{$which} }, [$arguments, $client->status, subject($client), $protocol, $alert];
        }
        $server->stop;
        push @{ $seen{$which} }, names($server);
    }
    is($seen{ours}[$_][2], 'second.example', "a client of $clients[$_][1] gets the second certificate, @{$case}") for 0, 1;
    # From 4.0 on the original takes it after an Encrypted ClientHello only.
    is_deeply($seen{ours}, $seen{openssl}, "a server with a second certificate and @{$case} does what the original does") if !$feature{ech};
}

# The same arguments with both clients.
my $asked = SApps::Server->start(which => $feature{ech} ? 'ours' : 'openssl', args => [@second]);
for my $arguments (['-servername', 'second.example'], ['-noservername'], [], ['-servername', 'x']) {
    my @results = map { [$_->status, subject($_)] } run_client([$asked->target, @{$arguments}], stdin => "Q\n"),
        oracle(['s_client', $asked->target, @{$arguments}], stdin => "Q\n");
    is_deeply($results[0], $results[1], "a client asks for the same name as the original: @{$arguments}");
}
is_deeply([map { /"(.*)"/ } names($asked)], [qw(second.example second.example x x)],
    'neither localhost nor an address is sent as name');

# Mistakes.
my $long = 'x' x 256;
for my $case ([['-alpn', "a,$long"], qr/-alpn.*longer than 255 bytes|-alpn/], [['-alpn', ',,'], qr/-alpn/],
    [['-servername', $long], qr/servername/]) {
    my ($arguments, $pattern) = @{$case};
    my $ours = run_client([$asked->target, @{$arguments}]);
    is($ours->status, 1, substr("@{$arguments}", 0, 20) . ' ends with status 1');
    like($ours->err, $pattern, 'its option is named');
}
my $no_second = run_server_command(['-accept', '0', '-cert', $second->{cert}, '-key', $second->{key}, '-servername', 'x']);
ended($no_second, 1, 'a server name without its certificate ends the server');
like($no_second->err, qr/-cert2 from 'server2\.pem': No such file or directory$/m, 'the default file is named');

# Where the command line names no host the name is "localhost", which a host of that name or an address is not.
{
    my $server = SApps::Server->start(which => 'openssl', accept => '127.0.0.1:0',
        args => ['-servername', 'localhost', '-cert2', $second->{cert}, '-key2', $second->{key}]);
    my $port = $server->port;
    my @targets = (['-connect', ":$port"], ['-connect', "*:$port"], ['-port', $port], [":$port"], ['-connect', "localhost:$port"],
        ['-connect', "127.0.0.1:$port"], ['-connect', ":$port", '-servername', 'x.example'], ['-connect', ":$port", '-noservername']);
    same_client("@{$_}: the name is that of the original", $_) for @targets;
    is(subject(run_client($targets[0])), 'second.example', 'the name arrives');
    isnt(subject(run_client($targets[4])), 'second.example', 'and only where it is meant');
}

done_testing;
