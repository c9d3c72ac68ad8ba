# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Both programs in a real terminal: commands, data, the end-of-file key, signals of the keyboard, and pass phrases.

use SApps::Test;

use SApps::Terminal;

my %feature = features();
# Up to 1.1.1 a server lets clients renegotiate unasked.
my @letting = $feature{conf_3_0} ? '-client_renegotiation' : ();
my $pair = certificate('server');
my @pair = ('-cert', $pair->{cert}, '-key', $pair->{key});
my $CTRL_D = "\cD";
my $CTRL_C = "\cC";

# A client in a terminal, after its report.
sub client {
    my (@arguments) = @_;
    my $terminal = SApps::Terminal->start(command => [program('s_client'), @arguments]);
    $terminal->shows(qr/^\s*Verify return code.*\n(?:.*\n)*---\n/m);
    return $terminal;
}

sub showing {
    my ($terminal, $pattern, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($terminal->shows($pattern, 5), $name) or diag($terminal->text);
    return;
}

# s_client.
my $rev = SApps::Server->start(which => 'openssl', args => ['-rev', @letting, '-num_tickets', '0']);
for my $version ('-tls1_2', '-tls1_3') {
    my $talking = client($rev->target, $version);
    $talking->type("hello\n");
    showing($talking, qr/^hello\nolleh$/m, "s_client $version: a typed line is echoed once, and its answer follows");
    $talking->type("world\n");
    showing($talking, qr/^world\ndlrow$/m, "s_client $version: so is the next");
    $talking->type("aQ\n");
    showing($talking, qr/^Qa$/m, "s_client $version: a Q inside a line is data");
    if ($version eq '-tls1_2') {
        $talking->type("R\n");
        showing($talking, qr/^RENEGOTIATING\n(?:.*\n)*?depth=0/m, 's_client -tls1_2: an R renegotiates');
    } else {
        $talking->type("K\n");
        showing($talking, qr/^KEYUPDATE$/m, 's_client -tls1_3: a K asks for new keys');
        $talking->type("k\n");
        showing($talking, qr/^KEYUPDATE$(?:.*\n)*?KEYUPDATE$/m, 's_client -tls1_3: so does a k');
    }
    $talking->type("after\n");
    showing($talking, qr/^retfa$/m, "s_client $version: data goes on after that");
    $talking->type("Q\n");
    is($talking->status, 0, "s_client $version: a Q ends it with 0");
    like($talking->text, qr/^Q\nDONE\n\z/m, "s_client $version: with DONE as the last line") or diag($talking->text);
    ok($talking->echoes, "s_client $version: the terminal echoes afterwards");
}
my $ending = client($rev->target);
$ending->type("last\n");
showing($ending, qr/^tsal$/m, 's_client: an answer before the end');
$ending->type($CTRL_D);
is($ending->status, 0, 's_client: the end-of-file key ends it with 0');
like($ending->text, qr/^DONE\n\z/m, 's_client: with DONE');
my $partial = client($rev->target);
$partial->type("half$CTRL_D");
$partial->type(" line\n");
showing($partial, qr/^enil flah$/m, 's_client: the end-of-file key inside a line sends what stands there and does not end it');
$partial->type($CTRL_C);
is($partial->status, 'signal 2', 's_client: the interrupt key ends it');
ok($partial->echoes, 's_client: the terminal echoes afterwards');
my $ignoring = client($rev->target, '-ign_eof');
$ignoring->type("$CTRL_D");
$ignoring->type("more\n");
$ignoring->type("Q\n");
ok(!defined $ignoring->status(0.5), 's_client -ign_eof: neither the end-of-file key nor a Q ends it');

# Its streams apart: data on the terminal, notes on standard error.
my $quiet = SApps::Terminal->start(command => [program('s_client'), $rev->target, '-quiet'], err => 'quiet.err');
$quiet->type("hello\n");
showing($quiet, qr/\Ahello\nolleh\n/, 's_client -quiet: only the lines and their answers are on the terminal');
$quiet->type($CTRL_C);
$quiet->status;

# s_server.
# A server in a terminal that has a client of the system's openssl.
sub server_with_client {
    my ($arguments, $client_arguments) = @_;
    my $terminal = SApps::Terminal->start(command => [program('s_server'), '-accept', '0', @pair, @{$arguments}]);
    $terminal->shows(qr/^ACCEPT .*:\d+$/m);
    my ($port) = $terminal->text =~ /^ACCEPT .*:(\d+)$/m;
    my $client = SApps::Process->start(command => [openssl('s_client'), '-connect', "127.0.0.1:$port", @{$client_arguments}]);
    $terminal->shows(qr/^Secure Renegotiation|^This TLS version/m);
    return ($terminal, $client, $port);
}

my ($server, $client) = server_with_client([], ['-tls1_2']);
$server->type("hi\n");
ok($client->expect(qr/^hi$/m, 5), 's_server: a typed line comes to the client');
$client->send("hello\n");
showing($server, qr/^hello$/m, 's_server: what the client says is shown');
$server->type("r\n");
ok($client->expect(err => qr/(?:^depth=0.*){2}/ms, 5), 's_server: an r renegotiates');
showing($server, qr/SSL_do_handshake -> 1/, 's_server: and it says so');
$server->type("S\n");
showing($server, qr/^ +\d+ server accepts that finished$/m, 's_server: an S shows the cache');
$server->type("P\n");
ok($client->expect(err => qr/wrong version number|bad record|:error:/, 5), 's_server: a P breaks the connection with text in the clear') or diag($client->story);
$client->stop;
$server->type($CTRL_C);
$server->status;

for my $letter ('q', 'Q') {
    my ($terminal, $visitor, $port) = server_with_client([], []);
    $terminal->type("$letter\n");
    ok(!$visitor->wait(10)->timed_out, "s_server: a $letter closes the connection");
    if ($letter eq 'Q') {
        is($terminal->status, 0, 's_server: a Q ends the server with 0');
        next;
    }
    is($terminal->status(0.3), undef, 's_server: a q does not end the server') or diag($terminal->text);
}
my ($going_on, $first, $port) = server_with_client([], []);
$going_on->type("q\n");
$first->wait(10);
my $second = SApps::Process->start(command => [openssl('s_client'), '-connect', "127.0.0.1:$port"]);
ok($second->expect(qr/^New, TLS/m, 5), 's_server: after a q the next client is served');
$going_on->shows(qr/(?:^CIPHER is.*){2}/ms);
$going_on->type("K\n");
$going_on->type("hi\n");
ok($second->expect(qr/^hi$/m, 5), 's_server: after a K data goes on');
$going_on->type($CTRL_D);
isnt($going_on->status, undef, 's_server: the end-of-file key ends it') or diag($going_on->text);
$second->stop;

my ($asking, $anonymous) = server_with_client(['-CAfile', certificate('ca')->{cert}], ['-enable_pha', '-cert', certificate('client')->{cert},
    '-key', certificate('client')->{key}, '-tls1_3']);
$asking->type("c\n");
showing($asking, qr/^depth=0.*CN ?= ?client$/m, 's_server: a c asks for a certificate after the handshake');
$asking->type("Q\n");
is($asking->status, 0, 's_server: then a Q ends it');
$anonymous->stop;

my $plain = SApps::Terminal->start(command => [program('s_server'), '-unix', 'quiet', '-quiet', @pair]);
wait_until { -S 'quiet' };
my $literal = SApps::Process->start(command => [openssl('s_client'), '-unix', 'quiet']);
$literal->expect(qr/^\s*Verify return code/m);
$plain->type("Q\n");
ok($literal->expect(qr/^Q$/m, 5), 's_server -quiet: a Q is data');
$plain->type($CTRL_C);
$plain->status;
$literal->stop;

# Pass phrases.
my $locked = certificate('server')->{enc_key};
my $key = certificate('client');
for my $case (['s_client', ['-cert', $key->{cert}, '-key', $key->{enc_key}, $rev->target], qr/^\s*Verify return code/m],
    ['s_server', ['-accept', '0', '-cert', $pair->{cert}, '-key', $locked], qr/^ACCEPT/m]) {
    my ($program, $arguments, $after) = @{$case};
    my $asked = SApps::Terminal->start(command => [program($program), @{$arguments}]);
    showing($asked, qr/[Pp]ass ?phrase.*:\s*\z/, "$program: it asks for the pass phrase");
    ok($asked->hides, "$program: what is typed then is not echoed");
    $asked->type("secret\n");
    showing($asked, $after, "$program: with the right one it goes on");
    unlike($asked->text, qr/secret/, "$program: the pass phrase is not on the screen");
    ok($asked->echoes, "$program: the terminal echoes again");
    $asked->type($CTRL_C);
    $asked->status;

    my $wrong = SApps::Terminal->start(command => [program($program), @{$arguments}]);
    $wrong->shows(qr/[Pp]ass ?phrase.*:\s*\z/);
    $wrong->hides;
    $wrong->type("mistaken\n");
    is($wrong->status, 1, "$program: with a wrong one it ends with 1");
    unlike($wrong->text, qr/mistaken/, "$program: a wrong one is not on the screen either");
    ok($wrong->echoes, "$program: the terminal echoes again after a wrong one");

    my $given_up = SApps::Terminal->start(command => [program($program), @{$arguments}]);
    $given_up->shows(qr/[Pp]ass ?phrase.*:\s*\z/);
    $given_up->hides;
    $given_up->type($CTRL_C);
    ok(defined $given_up->status, "$program: the interrupt key gives up");
    ok($given_up->echoes, "$program: and the terminal echoes again");
}
my $file = SApps::Terminal->start(command => [program('s_client'), '-cert', $key->{cert}, '-key', $key->{enc_key}, '-pass', 'pass:secret', $rev->target]);
showing($file, qr/^\s*Verify return code/m, 's_client: with -pass it does not ask');
unlike($file->text, qr/phrase/, 's_client: not even once');
$file->type($CTRL_C);
$file->status;

done_testing;
