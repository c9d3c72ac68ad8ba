# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The exit status, classic and detailed: each row of the table in doc/exit-status.md happens as it says.

use SApps::Test;

use IO::Socket::INET;

use SApps::Wire qw(resetting_server);

my $ca = certificate('ca')->{cert};
my %server = map { $_ => SApps::Server->start(which => 'openssl', cert => $_) } qw(server expired);
my $old = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']);
my $silent = IO::Socket::INET->new(Listen => 20, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my @good = ($server{server}->target, '-CAfile', $ca);
my @expired = ($server{expired}->target, '-CAfile', $ca);
my @bad_files = ([-CAfile => 'missing'], [-cert => 'missing'], [-CAfile => source_dir() . '/Makefile'], [-groups => 'nosuch'],
    [-sess_in => 'missing'], [-cert => certificate('client')->{cert}, -key => certificate('server')->{key}],
    [-cert => certificate('client')->{cert}, -key => certificate('server')->{enc_key}, -pass => 'pass:wrong']);

# What makes each row of the table happen: its first words, and command lines of the client.
my %row = (
    'all went well'              => [[@good], ['-help']],
    'the command line is wrong'  => [['-nosuch'], ['-connect'], ['-connect', 'a:b:c'], ['-starttls', 'nosuch'], ['-tls1_2', '-tls1_3']],
    'a file, key or setting'     => [map { [@good, @{$_}] } @bad_files],
    'a host name or service'     => [['-connect', 'nosuch.invalid:443'], ['-connect', '127.0.0.1:nosuchservice']],
    'connecting, binding'        => [['-connect', closed_address()], ['-unix', 'nosuch'], ['-bind', '192.0.2.1', @good]],
    'the handshake failed'       => [[$old->target, '-tls1_3'], [$old->target, '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384']],
    "the peer's certificate"     => [[@expired], [@good, '-verify_hostname', 'wrong.example'], [@good, '-verify_ip', '127.0.0.2']],
    'a deadline passed'          => [['-connect', '127.0.0.1:' . $silent->sockport, '-handshake_timeout', '0.2'], [@good, '-max_time', '0.3']],
    'a key log or session file'  => [[@good, '-keylogfile', '/dev/full'], [@good, '-tls1_2', '-sess_out', '/dev/full']],
    'reading or writing failed'  => [['-connect', resetting_server($server{server}->address)]],
);
# No command line of this version brings these about.
my @unreachable = ('the proxy refused', 'the dialogue before TLS', 'out of memory');
# With -max_time, and where the peer resets, standard input stays open.
my %open = map { $_ => 1 } 'a deadline passed', 'reading or writing failed';

sub status_of {
    my ($arguments, $input_open) = @_;
    return run_client($arguments) if !$input_open;
    return SApps::Process->start(command => [program('s_client'), @{$arguments}])->wait;
}

my @table = map { /^\| (.+?) \| (.+?) \| (\d+) \|$/ ? [$1, $2, $3] : () } split /\n/, slurp(source_dir() . '/doc/exit-status.md');
cmp_ok(scalar @table, '>=', 12, 'the table of doc/exit-status.md has its rows');
my %unused = %row;
for my $entry (@table) {
    my ($what, $classic, $detailed) = @{$entry};
    my ($key) = grep { index($what, $_) == 0 } keys %row;
    if (!defined $key) {
        ok((grep { index($what, $_) == 0 } @unreachable), "the row '$what' is known, and out of reach");
        next;
    }
    delete $unused{$key};
    for my $arguments (@{ $row{$key} }) {
        my $name = "$what (@{[ map { s{.*/}{}r } @{$arguments} ]})";
        my $usage = $detailed == 1;
        my ($expected) = $classic =~ /^(\d+)/;
        ended(status_of($arguments, $open{$key}), $expected, "$name: the default is $expected");
        next if $usage && $arguments->[-1] eq '-connect';
        ended(status_of(['-exit_status', 'classic', @{$arguments}], $open{$key}), $expected, "$name: classic is $expected");
        ended(status_of(['-exit_status', 'detailed', @{$arguments}], $open{$key}), $detailed, "$name: detailed is $detailed");
    }
}
is_deeply([keys %unused], [], 'every case belongs to a row');

# With -verify_return_error the check ends the handshake.
ended(run_client([@expired, '-verify_return_error']), 1, '-verify_return_error: classic is 1');
ended(run_client([@expired, '-verify_return_error', '-exit_status', 'detailed']), 8, '-verify_return_error: detailed is 8');
ended(run_client([@good, '-verify_return_error', '-exit_status', 'detailed']), 0, '-verify_return_error: 0 when the certificate passes');
ended(run_client([@good, '-exit_status', 'detailed', '-verify_hostname', 'server.example']), 0, 'detailed is 0 when the name passes');

# The classic statuses are those of the original.
for my $arguments (['-connect', closed_address()], [$old->target, '-tls1_3'], [@expired], [@expired, '-verify_return_error'],
    ['-connect', 'nosuch.invalid:443'], [@good, '-CAfile', 'missing'], [@good, '-cert', 'missing'], ['-nosuch'], ['-help'], [@good]) {
    my $original = oracle(['s_client', @{$arguments}])->status;
    ended(run_client($arguments), $original, "the original ends with $original too: @{[ map { s{.*/}{}r } @{$arguments} ]}");
}

# The server.
my $pair = certificate('server');
my @pair = ('-cert', $pair->{cert}, '-key', $pair->{key});
my $taken = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die "listen: $!\n";
my @cases = (
    [['-accept', '0', '-cert', 'missing'], 1, 2, 'a missing certificate'],
    [['-accept', '0', '-cert', $pair->{cert}, '-key', certificate('client')->{key}], 1, 2, 'a key that does not fit'],
    [['-accept', '127.0.0.1:' . $taken->sockport, @pair], 1, 4, 'a port in use'],
    [['-accept', 'nosuch.invalid:1', @pair], 1, 3, 'an unknown name'],
    [['-accept', '0', '-connect_timeout', '0.2', @pair], 1, 9, 'no client in time'],
    [['-nosuch'], 1, 1, 'a wrong command line'],
    [['-help'], 0, 0, 'help'],
);
for my $case (@cases) {
    my ($arguments, $classic, $detailed, $what) = @{$case};
    ended(run_server_command([@{$arguments}]), $classic, "s_server, $what: the default is $classic");
    ended(run_server_command(['-exit_status', 'detailed', @{$arguments}]), $detailed, "s_server, $what: detailed is $detailed");
}
for my $more ([], ['-exit_status', 'detailed']) {
    my $failing = SApps::Server->start(args => ['-naccept', 1, '-tls1_3', @{$more}]);
    run([openssl('s_client', $failing->target, '-tls1_2')]);
    ended($failing, 0, "s_server @{$more}: a client's failure is not the server's");
}
my $told = SApps::Server->start;
run([openssl('s_client', $told->target)], stdin => "Q\n");
$told->send("Q\n");
my $quit = SApps::Process->start(command => [openssl('s_client', $told->target, '-quiet')]);
$told->expect(qr/(?:^CIPHER is.*){2}/ms, 5);
$told->send("Q\n");
ended($told->wait, 0, 's_server ends with 0 when it is told to');

# s_apps.
ended(run([program('s_apps'), 's_client', @expired, '-exit_status', 'detailed']), 8, 's_apps ends with the status of the program that it runs');

done_testing;
