# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What s_client does with standard input, commands and the end of either side: as the original does.

use SApps::Test;

use SApps::Compare qw(same_client same_run masked);

my %feature = features();
my $server = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0', '-rev']);
my @to = ('-connect', 'localhost:' . $server->port);
my @quietly = ('-quiet', '-no_ign_eof', @to);

same_client('end of file ends it', [@to]);
same_client('a line is answered', [@to], stdin => "hello\n", pause => 0.3);
same_client('a line is answered, quietly', [@quietly], stdin => "hello\n", pause => 0.3);
same_client('a line without its end is sent', [@quietly], stdin => 'hello', pause => 0.3);
same_client('a Q ends it', [@to], stdin => "Q\n", pause => 0.3);
same_client('the word QUIT ends it', [@to], stdin => "QUIT\r\n", pause => 0.3);
same_client('a Q inside a line does not', [@to], stdin => "aQ\n", pause => 0.3);
same_client('a Q is data when it is quiet', [@quietly], stdin => "Q\n", pause => 0.3);
same_client('a Q is data without commands', ['-nocommands', @to], stdin => "Q\n", pause => 0.3);
same_client('a K asks for new keys', [@to], stdin => "K\n", pause => 0.3);
same_client('a small k too', [@to], stdin => "k\n", pause => 0.3);
same_client('an R renegotiates in TLS 1.2', ['-tls1_2', @to], stdin => "R\n", pause => 0.3);
same_client('an R in TLS 1.3 is refused', [@to], stdin => "R\n", pause => 0.3);
same_client('an R without the end of its line', ['-tls1_2', @to], stdin => 'R', pause => 0.3);
same_client('an R at the end of the input waits for the answer', ['-tls1_2', @to], stdin => "R\n");
same_client('so does one without the end of its line', ['-tls1_2', '-brief', @to], stdin => 'R');
same_client('lines end in CRLF on request', ['-crlf', @quietly], stdin => "a\nb\n", pause => 0.3);
same_client('a command beside CRLF', ['-crlf', @to], stdin => "Q\n", pause => 0.3);
# How often the original finds nothing to read or no room to write is chance.
my $no_block = sub { $_[0] =~ s/^(?:read|write) [RW] BLOCK\n//mgr };
same_client('non-blocking input and output', ['-nbio', @to], stdin => "hello\n", pause => 0.3, mask => $no_block);
my $long = SApps::Server->start(which => 'openssl', args => ['-www', '-num_tickets', '0']);
my @long = ('-connect', 'localhost:' . $long->port, '-ign_eof');
my $plain = run_client([@long], stdin => "GET / HTTP/1.0\r\n\r\n");
my $tested = run_client(['-nbio_test', @long], stdin => "GET / HTTP/1.0\r\n\r\n");
like($tested->out, qr/^read R BLOCK$/m, 'reads that find nothing at random are told, in the words of the original');

# A server that agrees to a renegotiation: what stands behind the R waits for it.
my $agreeing = SApps::Server->start(which => 'openssl', args => ['-tls1_2', $feature{conf_3_0} ? '-client_renegotiation' : (), '-rev']);
my @agreeing = ('-connect', 'localhost:' . $agreeing->port);
same_client('an R that is agreed to', [@agreeing], stdin => "R\n");
my $behind = SApps::Process->start(command => [program('s_client'), '-quiet', '-no_ign_eof', @agreeing]);
$behind->send("R\nhello\n");
ok($behind->expect(qr/^olleh$/m), 'a line behind the R follows it as data');
$behind->close_stdin->wait;

# A server that ends first.
my $page = SApps::Server->start(which => 'openssl', args => ['-num_tickets', '0', '-WWW']);
spew('file', "what the file says\nwithout an end");
my @page = ('-connect', 'localhost:' . $page->port);
my $get = "GET /file HTTP/1.0\r\n\r\n";
my $no_end = sub { $_[0] =~ s/^(?:THREAD|[0-9A-F]+):error:.*\n//mgr };
same_client('the server ends first', [@page], stdin => $get, pause => 0.4);
same_client('the server ends first and input goes on', ['-ign_eof', @page], stdin => $get);
same_client('the server ends first, quietly', ['-quiet', @page], stdin => $get);
same_client('the server ends first in TLS 1.2', ['-tls1_2', '-ign_eof', @page], stdin => $get);
same_client('the report once more at the end', ['-prexit', '-ign_eof', @page], stdin => $get);
same_client('a brief report and the answer', ['-brief', '-ign_eof', @page], stdin => $get);

# Sessions.
for my $version ('-tls1_2', '-tls1_3') {
    my $resuming = SApps::Server->start(which => 'openssl');
    my @resuming = ('-connect', 'localhost:' . $resuming->port, $version);
    for my $client ([openssl('s_client')], [program('s_client')]) {
        my $first = SApps::Process->start(command => [@{$client}, @resuming, '-sess_out', 'session']);
        $first->expect(qr/^ *Verify return code/m);
        wait_until { -s 'session' };
        ended($first->close_stdin, 0, "$version: a session is saved by $client->[0]");
        ok(-s 'session', "$version: its file holds something");
        same_client("$version: the session of $client->[0] is resumed", ['-sess_in', 'session', @resuming]);
        unlink 'session';
    }
}

my $again = SApps::Server->start(which => 'openssl', args => ['-tls1_2']);
same_client('five more connections', ['-reconnect', '-connect', 'localhost:' . $again->port]);
same_client('the end of each comes after the line that says so', ['-reconnect', '-msg', '-connect', 'localhost:' . $again->port],
    mask => sub { $_[0] =~ s{^    (?:[0-9a-f]{2} ?)+\n}{}gmr });

done_testing;
