# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The files that the programs write: who may read them, what becomes of those that exist, and of a disk that is full.

use SApps::Test;

my $peer = SApps::Server->start(which => 'openssl', args => ['-www']);
my $request = "GET / HTTP/1.0\r\n\r\n";
my @to = ($peer->target, '-ign_eof');

sub client { my (@arguments) = @_; return run_client([@to, @arguments], stdin => $request) }

sub mode { my ($file) = @_; return sprintf '%04o', (stat $file)[2] & 07777 }

# The sentences of a run: what it tells itself, without libssl's queue.
sub sentences { my ($process) = @_; return grep { /^s_(?:client|server): / } split /\n/, $process->err }

umask 0;
for my $option ('-sess_out', '-keylogfile') {
    ended(client('-tls1_2', $option, 'new'), 0, "$option: a new file is written");
    is(mode('new'), '0600', "$option: only its owner can read it, whatever the umask");
    ok(-s 'new', "$option: it holds something");
    unlink 'new';
    my $refused = run_client(['-connect', closed_address(), $option, 'none']);
    unlike(-e 'none' ? slurp('none') : '', qr/^[^#]/m, "$option: without a handshake no secret is written");
    unlink 'none';
    for my $bad ('no/such/file', '.') {
        my $process = client('-tls1_2', $option, $bad);
        is(scalar(grep { /\Q$bad\E/ && /\Q$option\E/ } sentences($process)), 1, "$option $bad: one sentence names file and option") or diag($process->story);
    }
    my $full = client('-tls1_2', $option, '/dev/full');
    is(scalar(grep { m{/dev/full} && /No space left on device/ } sentences($full)), 1, "$option: a full disk gets one sentence") or diag($full->story);
    like($full->out, qr/^HTTP\/1\.0 200/m, "$option: and the answer of the server is there all the same");
}

# An existing session file is replaced as a whole, an existing key log is continued.
spew('session', "old\n");
chmod 0644, 'session';
client('-tls1_2', '-sess_out', 'session');
unlike(slurp('session'), qr/old/, '-sess_out: what stood in the file is gone');
is(oracle(['sess_id', '-in', 'session', '-noout'])->status, 0, '-sess_out: openssl reads the file');
is(mode('session'), '0600', '-sess_out: the new one is for its owner alone');
my $before = slurp('session');
client('-tls1_3', '-sess_out', '/dev/full');
is(slurp('session'), $before, '-sess_out: nothing else was touched');
spew('keys', "# a line before\n");
chmod 0640, 'keys';
client('-keylogfile', 'keys');
my $one = slurp('keys');
like($one, qr/\A# a line before\n.*^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]{64,96}$/ms, '-keylogfile: the lines are added to an existing file');
is(mode('keys'), '0640', '-keylogfile: an existing file keeps its mode');
client('-keylogfile', 'keys');
is(index(slurp('keys'), $one), 0, '-keylogfile: and again');
cmp_ok(length slurp('keys'), '>', length $one, '-keylogfile: with each connection');

# A limit on the size of files is a disk that fills up in the middle.
SKIP: {
    my $limited = run(['/bin/sh', '-c', 'ulimit -f 1; trap "" XFSZ; exec "$@"', 'sh', program('s_client'), @to, '-tls1_2', '-sess_out', 'cut'], stdin => $request);
    my @left = grep { -e $_ } 'cut', glob 'cut*';
    skip 'the session fits', 1 if !@left || oracle(['sess_id', '-in', 'cut', '-noout'])->status == 0;
    is_deeply(\@left, [], '-sess_out: nothing half-written stays');
}
is_deeply([glob('session.*'), glob('cut.*')], [], 'no temporary file stays');

# -msgfile.
my $told = client('-msg', '-msgfile', 'messages', '-tls1_3');
ended($told, 0, '-msgfile: the connection goes well');
like(slurp('messages'), qr/^>>> .*ClientHello\n.*^<<< .*ServerHello\n/ms, '-msgfile: the messages are in the file');
unlike($told->out, qr/^(?:>>>|<<<)/m, '-msgfile: and not on standard output');
like(client('-msg', '-tls1_3')->out, qr/^>>> .*ClientHello$/m, 'without -msgfile they are on standard output');
my %feature = features();
SKIP: {
    skip 'this libssl traces nothing', 1 if !$feature{trace};
    client('-trace', '-msgfile', 'trace');
    like(slurp('trace'), qr/ClientHello, Length=/, '-msgfile: a trace goes there too');
}
spew('messages', "old\n" x 10000);
client('-msg', '-msgfile', 'messages');
unlike(slurp('messages'), qr/old/, '-msgfile: an existing file is replaced');
my $nowhere = client('-msg', '-msgfile', 'no/such/file');
isnt($nowhere->status, 0, '-msgfile: a file that cannot be written is a failure');
is(scalar(grep { m{no/such/file} && /-msgfile/ } sentences($nowhere)), 1, '-msgfile: one sentence names file and option') or diag($nowhere->story);
my $whole = client('-msg', '-msgfile', '/dev/full');
is(scalar(grep { m{-msgfile.*/dev/full} } sentences($whole)), 1, '-msgfile: a full disk gets one sentence') or diag($whole->story);
like($whole->out, qr/^HTTP\/1\.0 200/m, '-msgfile: and the answer of the server is there all the same');

# -writerand.
ended(client('-writerand', 'random'), 0, '-writerand: the connection goes well');
cmp_ok(-s 'random', '>=', 256, '-writerand: random bytes are in the file');
is(mode('random'), '0600', '-writerand: only its owner can read them');
my $bytes = slurp('random');
client('-rand', 'random', '-writerand', 'random');
isnt(slurp('random'), $bytes, '-rand and -writerand: they are others the next time');
my $unread = client('-rand', 'missing');
isnt($unread->status, 0, '-rand: a missing file is a failure');
like($unread->err, qr/missing/, '-rand: a sentence names it');

# Standard output that is full or closed.
my $out = run(['/bin/sh', '-c', 'exec "$@" >/dev/full', 'sh', program('s_client'), @to], stdin => $request, timeout => 15);
ok(!$out->timed_out, 'a full standard output ends the client');
isnt($out->status, 0, 'and is a failure');
cmp_ok(scalar(grep { /No space left/ } sentences($out)), '==', 1, 'that gets one sentence') or diag($out->story);

for my $command ([qw(list -json)], [qw(explain s_client -quiet)]) {
    my $told = run(['/bin/sh', '-c', 'exec "$@" >/dev/full', 'sh', program('s_apps'), @{$command}]);
    is($told->err, "s_apps: standard output: No space left on device\n", "s_apps @{$command} tells of a full disk");
    is($told->status, 1, 'and fails');
}
my $unread_batch = run(['/bin/sh', '-c', 'exec "$@" </', 'sh', program('s_apps'), qw(explain -batch s_client)]);
is($unread_batch->err, "s_apps: standard input: Is a directory\n", 's_apps explain -batch tells of an input that cannot be read');
is($unread_batch->status, 1, 'and fails');

# The server.
for my $option ('-keylogfile', '-msgfile') {
    my $server = SApps::Server->start(args => ['-naccept', 1, '-msg', $option, 'of-server']);
    run([openssl('s_client', $server->target)], stdin => "Q\n");
    ended($server, 0, "s_server $option: it ends well");
    ok(-s 'of-server', "s_server $option: the file holds something");
    is(mode('of-server'), '0600', 's_server -keylogfile: only its owner can read it') if $option eq '-keylogfile';
    unlink 'of-server';
    my $full = SApps::Server->start(args => ['-naccept', 1, '-msg', $option, '/dev/full', '-www']);
    my $answer = run([openssl('s_client', $full->target, '-quiet')], stdin => $request);
    like($answer->out, qr/<HTML>/, "s_server $option: with a full disk the client gets its page all the same");
    ended($full, 0, "s_server $option: and the server ends with 0");
    my $bad = run_server_command(['-accept', '0', '-cert', certificate('server')->{both}, '-msg', $option, 'no/such/file']);
    ended($bad, 1, "s_server $option: a file that cannot be written ends it before it accepts");
    is(scalar(grep { m{no/such/file} && /\Q$option\E/ } sentences($bad)), 1, "s_server $option: one sentence names file and option");
}

done_testing;
