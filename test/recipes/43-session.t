# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Sessions that are kept in files and in a server's cache.

use SApps::Test;

my $peer = SApps::Server->start(which => 'openssl', args => ['-www']);
my $request = "GET / HTTP/1.0\r\n\r\n";

sub kind {
    my ($process) = @_;
    return $process->out =~ /^(New|Reused), (\S+), Cipher is/m ? "$1 $2" : 'none';
}

for my $version ('-tls1_2', '-tls1_3') {
    my $protocol = $version eq '-tls1_2' ? 'TLSv1.2' : 'TLSv1.3';
    my @arguments = ($peer->target, $version, '-ign_eof');
    my $first = run_client([@arguments, '-sess_out', 'kept'], stdin => $request);
    is(kind($first), "New $protocol", "$protocol: the first connection is new");
    is(sprintf('%04o', (stat 'kept')[2] & 07777), '0600', "$protocol: the session file is for its owner alone");
    is(kind(run_client([@arguments, '-sess_in', 'kept'], stdin => $request)), "Reused $protocol",
        "$protocol: the session is resumed");
    is(kind(oracle(['s_client', @arguments, '-sess_in', 'kept'], stdin => $request)), "Reused $protocol",
        "$protocol: the original resumes it too");
    oracle(['s_client', @arguments, '-sess_out', 'theirs'], stdin => $request);
    is(kind(run_client([@arguments, '-sess_in', 'theirs'], stdin => $request)), "Reused $protocol",
        "$protocol: and one that the original kept is resumed");
}

# The file: replaced as a whole, and left alone when that fails.
symlink 'kept', 'link';
my $before = (stat 'kept')[1];
run_client([$peer->target, '-tls1_2', '-ign_eof', '-sess_out', 'link'], stdin => $request);
ok(-l 'link', 'a symbolic link stays one');
isnt((stat 'kept')[1], $before, 'what it leads to is a new file');
my $full = run_client([$peer->target, '-tls1_2', '-ign_eof', '-sess_out', '/dev/full'], stdin => $request);
like($full->err, qr{writing session file /dev/full of -sess_out: No space left on device$}m, 'a full disk is told');
my $nowhere = run_client([$peer->target, '-tls1_2', '-ign_eof', '-sess_out', 'no/such'], stdin => $request);
like($nowhere->err, qr{writing session file no/such of -sess_out: No such file or directory$}m, 'so is a missing directory');
is_deeply([grep { /^kept\./ } glob '*'], [], 'no temporary file stays');

my $closed = closed_address();
for my $case (['no-such-file', qr/no-such-file of -sess_in: No such file/], [certificate('ca')->{cert}, qr/holds no session/]) {
    my $ours = run_client(['-connect', $closed, '-sess_in', $case->[0]]);
    ended($ours, 1, "-sess_in $case->[0] ends with status 1");
    like($ours->err, $case->[1], "-sess_in $case->[0] is explained");
}

# The server's side, with the original as client. A session of TLS 1.2 without tickets lives in the cache.
my @cases = (
    [[], 'Reused TLSv1.2'], [['-no_cache'], 'New TLSv1.2'], [['-no_resume_ephemeral'], 'New TLSv1.2'],
    [['-context', 'here'], 'Reused TLSv1.2'],
);
for my $case (@cases) {
    my ($arguments, $expected) = @{$case};
    my $server = SApps::Server->start(args => ['-no_ticket', '-tls1_2', @{$arguments}]);
    oracle(['s_client', $server->target, '-sess_out', 'cached'], stdin => "Q\n");
    my $again = oracle(['s_client', $server->target, '-sess_in', 'cached'], stdin => "Q\n");
    is(kind($again), $expected, "a server with [@{$arguments}]: the second connection is $expected");
}
my $long = 'x' x 33;
my $refused = run_server_command(['-accept', '0', '-nocert', '-context', $long]);
ended($refused, 1, 'a context that is too long ends the server');
like($refused->err, qr/-context '$long' is longer than 32 bytes/, 'it is told');

done_testing;
