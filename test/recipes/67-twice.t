# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Both mains run again and again in one process: nothing of a run stays for the next, neither memory nor descriptors nor a
# setting, and the output is the same. Under valgrind nothing is lost and nothing is read that was not written.

use SApps::Test;
use SApps::Build qw(compiler objects);

my $sanitized = sanitized();
my ($flags, $libraries) = compiler();
my @objects = grep { !m{/apps/s_apps/|/gen/commands\.o$} } objects('.');
my $built = run([@{$flags}, '-o', 'twice', source_dir() . '/test/twice/twice.c', @objects, @{$libraries}], timeout => 120);
ended($built, 0, 'the program that has both mains is built');
BAIL_OUT('it was not built') if $built->status;

# Runs command lines in one process. Gives a list of what each run left: [status, descriptors, heap, out, err].
sub rounds {
    my ($tool, @lines) = @_;
    unlink glob '*.out *.err';
    my $process = SApps::Process->start(command => [@{$tool}, './twice', map { (@{$_}, '/') } @lines], stdin => 'none');
    visit($process, scalar @lines, \@lines);
    $process->wait(120);
    ended($process, 0, 'the process ends well: ' . join ' / ', map { $_->[0] } @lines);
    my @runs;
    my $report = $process->out;
    while ($report =~ /^run (\d+): status (\d+), descriptors (-?\d+), heap (-?\d+)$/mg) {
        my ($run, $status, $descriptors, $heap) = ($1, $2, $3, $4);
        push @runs, { status => $status, descriptors => $descriptors, heap => $heap, map { $_ => slurp("$run.$_") } qw(out err) };
    }
    return ($process, @runs);
}

# Each server among them gets one client.
sub visit {
    my ($process, $count, $lines) = @_;
    for my $run (grep { $lines->[$_ - 1][0] eq 's_server' } 1 .. $count) {
        wait_until { !$process->running || -e "$run.out" && slurp("$run.out") =~ /^ACCEPT .*:\d+$/m } 60;
        my ($port) = -e "$run.out" ? slurp("$run.out") =~ /^ACCEPT .*:(\d+)$/m : ();
        next if !defined $port;
        my @more = (grep { $_ eq '-www' } @{ $lines->[$run - 1] }) ? ('-ign_eof') : ();
        run([openssl('s_client', '-connect', "127.0.0.1:$port", @more)], stdin => "GET / HTTP/1.0\r\n\r\n");
    }
    return;
}

my $ca = certificate('ca')->{cert};
my $pair = certificate('server');
my $key = certificate('client');
my $peer = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0', '-verify', '1']);
my @to = ('-connect', '127.0.0.1:' . $peer->port);
my @client = ('s_client', @to, '-CAfile', $ca);
my @server = ('s_server', '-accept', '127.0.0.1:0', '-cert', $pair->{cert}, '-key', $pair->{key}, '-naccept', '1');
my @busy = (@client, '-tls1_2', '-alpn', 'h2', '-cert', $key->{cert}, '-key', $key->{enc_key}, '-pass', 'pass:secret', '-keylogfile', 'keys',
    '-sess_out', 'session', '-showcerts', '-verify_return_error', '-verify_hostname', 'server.example', '-state', '-tlsextdebug', '-msg', '-msgfile', 'msg',
    '-nameopt', 'RFC2253', '-servername', 'x.example', '-requestCAfile', $ca, '-psk', 'a1b2', '-max_time', '20', '-handshake_timeout', '20');
my $closed = closed_address();

# Each command line four times, others in between.
my %line = (
    'a client'                      => [@client],
    'a client that does much'       => [@busy],
    'a client with JSON'            => [@client, '-json'],
    'a client that is refused'      => ['s_client', '-connect', $closed],
    'a client with a bad file'      => [@client, '-cert', 'missing'],
    'a client with a bad option'    => ['s_client', '-nosuch'],
    'a client that reconnects'      => [@client, '-reconnect', '-tls1_2', '-quiet', '-no_ign_eof'],
    'a client with help'            => ['s_client', '-help'],
    'a server with a status page'   => [@server, '-www'],
    'a server that reverses'        => [@server, '-rev'],
    'a server with much'            => [@server, '-www', '-alpn', 'h2', '-verify', '1', '-CAfile', $ca, '-servername', 'second.example', '-cert2',
        certificate('second')->{cert}, '-key2', certificate('second')->{key}, '-psk', 'a1b2', '-state', '-keylogfile', 'keys'],
    'a server with its own certificate' => ['s_server', '-accept', '127.0.0.1:0', '-selfsign', 'x.example', '-naccept', '1', '-www'],
    'a server with a bad file'      => ['s_server', '-accept', '127.0.0.1:0', '-cert', 'missing'],
);
# What two runs never share.
sub common {
    my ($text) = @_;
    return normalise($text =~ s/^(-----BEGIN SSL SESSION PARAMETERS-----\n)[^-]+/$1/mgr) =~ s/(?:fingerprint|_ms|"(?:lookup|connect|handshake)":|Session-ID|Shared|"port"|"id"|error:).*//gr;
}
for my $name (sort keys %line) {
    my ($process, @runs) = rounds([], map { ($line{$name}, ['s_client', '-connect', $closed, '-quiet']) } 1 .. 4);
    is(scalar @runs, 8, "$name: every run comes to its end") or diag($process->story), next;
    my @own = @runs[0, 2, 4, 6];
    is_deeply([map { $_->{status} } @own], [($own[0]{status}) x 4], "$name: the exit status is the same each time");
    is_deeply([map { $_->{descriptors} } @runs], [(0) x 8], "$name: no descriptor stays open");
    is(common($own[$_]{out}), common($own[0]{out}), "$name: standard output of run $_ is that of the first") for 1, 3;
    is(common($own[$_]{err}), common($own[0]{err}), "$name: standard error of run $_ is that of the first") for 1, 3;
    next if $sanitized;
    # What libcrypto keeps for itself, and what malloc keeps at hand, is small; a connection or a context is not.
    cmp_ok($own[3]{heap}, '<', 16384, "$name: the memory of a later run does not stay") or diag(join ' ', map { $_->{heap} } @own);
}

# A setting of one run is not one of the next.
my @loud = ([@client, '-cipher', 'AES128-SHA256', '-tls1_2'], [@client, '-provider', 'default', '-propquery', 'provider=default'],
    [@client, '-propquery', 'provider=nosuch'], [@client, '-provider', 'legacy'], [@client, '-msg', '-debug', '-trace', '-state'],
    [@client, '-verify_return_error', '-verify_hostname', 'wrong.example'], [@client, '-security_debug_verbose']);
for my $line (@loud) {
    my ($process, @runs) = rounds([], [@client], $line, [@client], $line);
    my $name = "after @{$line}[5 .. $#{$line}]";
    is(scalar @runs, 4, "$name: every run comes to its end") or diag($process->story), next;
    is(common($runs[2]{out}), common($runs[0]{out}), "$name: a plain run has the output that it has alone");
    is(common($runs[2]{err}), common($runs[0]{err}), "$name: and the same standard error");
    is($runs[3]{status}, $runs[1]{status}, "$name: and the line has its status again");
}

# Under valgrind.
SKIP: {
    skip 'a build with sanitizers finds leaks by itself', 1 if $sanitized;
    my $kinds = 'leak-kinds=definite,indirect,possible';
    my @valgrind = (qw(valgrind --quiet --leak-check=full --error-exitcode=77 --log-file=valgrind.log), "--show-$kinds", "--errors-for-$kinds");
    local $ENV{SAPPS_TEST_SLOW} = 10 * ($ENV{SAPPS_TEST_SLOW} // 1);
    my @ecdsa = ('s_server', '-accept', '127.0.0.1:0', '-selfsign', 'x.example', '-naccept', '1', '-www');
    my ($process) = rounds(\@valgrind, [@busy], \@ecdsa, ['s_client', '-connect', $closed], [@client, '-cert', 'missing'], [@client, '-json'],
        [@client, '-reconnect', '-quiet', '-no_ign_eof'], \@ecdsa);
    is(slurp('valgrind.log'), '', 'valgrind finds nothing');
}

done_testing;
