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

# The file: written in its place, by whatever name it is called, and left alone when that fails.
sub saved_as {
    my ($name) = @_;
    ended(run_client([$peer->target, '-tls1_2', '-ign_eof', '-sess_out', $name], stdin => $request), 0, "$name: the client ends well");
    return;
}

my $session = qr/\A-----BEGIN SSL SESSION PARAMETERS-----\n[^-]+-----END SSL SESSION PARAMETERS-----\n\z/;
for my $case (['symbolic', sub { symlink 'kept', 'symbolic' }], ['hard', sub { link 'kept', 'hard' }]) {
    my ($name, $make) = @{$case};
    spew('kept', "old\n" x 3000);
    my $before = (stat 'kept')[1];
    $make->();
    saved_as($name);
    is((stat 'kept')[1], $before, "$name link: the file is the same");
    like(slurp('kept'), $session, "$name link: and holds the session, whole and alone");
    ok($name eq 'hard' ? (stat 'kept')[3] == 2 : -l $name, "$name link: it stays one");
}
symlink 'made', 'dangling';
saved_as('dangling');
ok(-l 'dangling', 'a link to nothing stays one');
like(slurp('made'), $session, 'and what it led to is made');
is(sprintf('%04o', (stat 'made')[2] & 07777), '0600', 'for its owner alone');
run(['mkfifo', 'pipe']);
my $reader = SApps::Process->start(command => ['cat', 'pipe'], stdin => 'none');
saved_as('pipe');
like($reader->wait->out, $session, 'a pipe takes it');
ok(-p 'pipe', 'and stays one');
for my $name ('/dev/fd/3', '/proc/self/fd/3') {
    my $client = run(['/bin/sh', '-c', '"$@" 3>open', 'sh', program('s_client'), $peer->target, '-tls1_2', '-ign_eof', '-sess_out', $name],
        stdin => $request);
    like(slurp('open'), $session, "$name: the open file holds it");
    is(sprintf('%04o', (stat 'open')[2] & 07777), sprintf('%04o', 0666 & ~umask), "$name: and keeps its mode");
}
my $full = run_client([$peer->target, '-tls1_2', '-ign_eof', '-sess_out', '/dev/full'], stdin => $request);
like($full->err, qr{writing session file /dev/full of -sess_out: No space left on device$}m, 'a full disk is told');
my $nowhere = run_client([$peer->target, '-tls1_2', '-ign_eof', '-sess_out', 'no/such'], stdin => $request);
like($nowhere->err, qr{writing session file no/such of -sess_out: No such file or directory$}m, 'so is a missing directory');
is_deeply([grep { /(?:kept|symbolic|hard|dangling|made|pipe|open)./ } glob '*'], [], 'nothing lies beside the files');

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
