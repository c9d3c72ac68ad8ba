# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What s_client shows of a connection: the same lines with the original and with ours.

use SApps::Test;

use SApps::Compare qw(same_client);

my %feature = features();
my @chain = ('-cert_chain', certificate('server-chain')->{chain}, '-alpn', 'h2');
my $server = SApps::Server->start(which => 'openssl', cert => 'server-chain', args => [@chain, '-num_tickets', '0']);
my @to = ('-connect', 'localhost:' . $server->port, '-CAfile', certificate('ca')->{cert});

# Rows of random bytes and addresses of buffers differ from run to run; what frames them does not.
sub without_bytes {
    my ($text) = @_;
    $text =~ s/^    (?:[0-9a-f]{2} ?){1,16}\n/    ROW\n/mg;
    $text =~ s/0x[0-9a-f]{6,16}/0xADDRESS/g;
    $text =~ s/^[0-9a-f]{4} - .*$/ROW/mg;
    $text =~ s/(?:^\s*ROW\n)+/ROWS\n/mg;
    return $text;
}

# A traced message tells lengths, names and random bytes; the last are replaced.
sub without_randoms {
    my ($text) = @_;
    $text =~ s/^(\s*(?:Random|gmt_unix_time|random_bytes|legacy_session_id|session_id|key_exchange|Signature|signature|verify_data|ticket_age_add|ticket_nonce|ticket)\b[^=:\n]*[=:]?).*$/$1 RANDOM/mg;
    $text =~ s/\((?:len|length)=\d+\): [0-9A-F]+/(len=N): BYTES/g;
    $text =~ s/^\s+[0-9a-f]{4} - .*\n//mg;
    $text =~ s/\b[0-9A-F]{16,}\b/BYTES/g;
    $text =~ s/Length = \d+/Length = N/g;
    $text =~ s/length=\d+/length=N/g;
    $text =~ s/\b(\w+) \(len=\d+\)/$1 (len=N)/g;
    return $text;
}

# What goes to standard output is payload when it is quiet, but for what was asked to be shown there.
for my $quiet ('-quiet', '-brief') {
    same_client("$quiet: extensions are not shown", [$quiet, '-no_ign_eof', '-tlsextdebug', '-tls1_2', @to], only => 'out');
    same_client("$quiet: with -debug it is not quiet", [$quiet, '-no_ign_eof', '-debug', '-tls1_2', @to], only => 'out', mask => \&without_bytes);
}
my $edwards = SApps::Server->start(which => 'openssl', cert => 'server-ed25519', args => ['-num_tickets', '0']);
same_client("$_->[0]: a brief report of a peer with Ed25519", ['-brief', @{$_}, '-connect', 'localhost:' . $edwards->port, '-CAfile',
    certificate('ca')->{cert}]) for ['-tls1_2'], ['-tls1_3'];

my $first_lines = sub { join '', $_[0] =~ /^(?:PSK|CONNECTED).*\n/mg };
same_client('a key, and the bytes', ['-debug', '-psk', 'aabb', @to], only => 'out', mask => $first_lines);
same_client('a key and no bytes', ['-psk', 'aabb', @to], only => 'out', mask => $first_lines);

my @versions = (['-tls1_3'], ['-tls1_2']);
for my $version (@versions) {
    my $name = $version->[0];
    same_client("$name: the whole report", [@{$version}, @to]);
    same_client("$name: all certificates", [@{$version}, '-showcerts', @to]);
    same_client("$name: a brief report", [@{$version}, '-brief', @to]);
    same_client("$name: nothing", [@{$version}, '-quiet', '-no_ign_eof', @to]);
    same_client("$name: the states", [@{$version}, '-state', @to], mask => sub { $_[0] =~ s/^SSL_connect:SSL negotiation.*\n//mgr });
    same_client("$name: the messages", [@{$version}, '-msg', @to], mask => \&without_bytes);
    same_client("$name: the bytes", [@{$version}, '-debug', @to], mask => sub { without_bytes($_[0] =~ s/\(\d+ bytes => (-?\d+) .*$/(N bytes => $1)/mgr) }, only => 'err');
    same_client("$name: the extensions", [@{$version}, '-tlsextdebug', @to], mask => \&without_bytes);
    same_client("$name: the trace", [@{$version}, '-trace', @to], mask => \&without_randoms) if $feature{trace};
    same_client("$name: the report at the end", [@{$version}, '-prexit', @to]);
    same_client("$name: the security decisions", [@{$version}, '-security_debug', @to]);
    same_client("$name: all security decisions", [@{$version}, '-security_debug_verbose', @to]);
}
my $tickets = SApps::Server->start(which => 'openssl', cert => 'server-chain', args => \@chain);
# The tickets of 1.1.1 are not all of one length.
my $rows = sub { $feature{conf_3_0} ? $_[0] : $_[0] =~ s/(?:^    [0-9a-f]{4} - BYTES\n)+/    ROWS\n/mgr };
same_client('tickets that come after the handshake', ['-connect', 'localhost:' . $tickets->port], pause => 0.4, mask => $rows);
same_client('all security decisions, also about the tickets', ['-tls1_3', '-security_debug_verbose', '-connect', 'localhost:' . $tickets->port],
    pause => 0.4, only => 'err');
same_client('security decisions about a key of DHE', ['-tls1_2', '-security_debug_verbose', '-cipher', 'DHE-RSA-AES128-GCM-SHA256', @to], only => 'err');
same_client("$_->[0]: security decisions that refuse", [@{$_}, '-security_debug', '-cipher', 'DEFAULT@SECLEVEL=3', @to], only => 'err') for @versions;
same_client('names in the form of RFC 2253', ['-nameopt', 'RFC2253', '-showcerts', @to]);
same_client('messages in a file instead', ['-msg', '-msgfile', 'messages', @to], mask => \&without_bytes);

for my $version (@versions) {
    my @lines = map {
        unlink 'keys';
        run([@{$_}, @{$version}, '-keylogfile', 'keys', @to]);
        join '', map { /^(\w+) / ? "$1\n" : $_ } grep { !/^#/ } split /^/, slurp('keys');
    } [openssl('s_client')], [program('s_client')];
    is($lines[1], $lines[0], "$version->[0]: the key log has the same labels in the same order");
    is((stat 'keys')[2] & 0777, 0600, "$version->[0]: nobody else can read the key log");
}

# Failures.
my $old = SApps::Server->start(which => 'openssl', args => ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']);
my @old = ('-connect', 'localhost:' . $old->port);
same_client('no common version', ['-tls1_3', @old]);
same_client('no common cipher', ['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', @old]);
same_client('no common cipher, the report at the end', ['-prexit', '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', @old]);
same_client('no common version, briefly', ['-brief', '-tls1_3', @old]);

my $anonymous = SApps::Server->start(which => 'openssl', cert => undef, args => ['-nocert', '-tls1_2', '-cipher', 'ALL@SECLEVEL=0']);
same_client('a server without a certificate', ['-tls1_2', '-cipher', 'aNULL@SECLEVEL=0', '-connect', 'localhost:' . $anonymous->port]);

done_testing;
