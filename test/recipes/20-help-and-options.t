#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What scripts look for in -help and in the answers to options that are wrong.

use SApps::Test;

my %feature = features();
my $client = run_client(['-help']);
my $server = run_server_command(['-help']);
for my $case ([s_client => $client], [s_server => $server]) {
    my ($name, $help) = @{$case};
    ended($help, 0, "$name -help ends with success");
    is($help->out, '', "$name -help leaves standard output alone");
    like($help->err, qr/\AUsage: $name /, "$name -help begins with the usage");
    like($help->err, qr/Unix-domain socket/, "$name -help has the words that testssl looks for");
}

my %help = (s_client => $client->err, s_server => $server->err);
my %available;
for my $program (qw(s_client s_server)) {
    $available{$program} = { map { /^(\S+) / ? ($1 => 1) : () } split /\n/, run([program('s_apps'), 'list', $program])->out };
}

# The names that check_ssl_cert, testssl and mbedTLS look for.
my %probes = (
    s_client => [qw(
        proxy alpn nextprotoneg fallback_scsv enable_pha early_data servername name xmpphost sigalgs dane_tlsa_rrdata
        legacy_renegotiation chainCAfile dtls dtls1 dtls1_2 no_ssl2 4 6 tls1 tls1_1 tls1_2 tls1_3 starttls status
    )],
    s_server => [qw(tls1_3 dtls dtls1_2 client_renegotiation legacy_renegotiation cert2 www naccept)],
);
for my $program (sort keys %probes) {
    for my $name (@{ $probes{$program} }) {
        if ($available{$program}{$name}) {
            like($help{$program}, qr/^ *-$name /m, "$program -help has a line that begins with -$name");
        }
        else {
            unlike($help{$program}, qr/^ *-$name /m, "$program -help is silent about -$name, which this build lacks");
            like(run([program($program), "-$name"])->err, qr/unknown option/i, "and -$name of $program is an unknown option");
        }
    }
}

for my $spelling ('--help', '-h') {
    my $other = run_client([$spelling]);
    is($other->err, $client->err, "$spelling is -help");
    ended($other, 0, 'and ends with success');
}

# Options that there are not.
for my $case (['-no_such_option'], ['-'], ['-connect', closed_address(), '-'], ['-connect', closed_address(), '-no_such_option'], ['-no_such_option=1']) {
    my $run = run_client($case);
    isnt($run->status, 0, "s_client @{$case} fails");
    like($run->err, qr/unknown option/i, 'and says "unknown option"');
    unlike($run->err . $run->out, qr/CONNECTED|errno/, 'before it connects');
}
my $elsewhere = run_client(['-accept', '0']);
like($elsewhere->err, qr/-accept is an option of s_server/, 'an option of the other program is named as such');
like(run_client(['-conect', 'x'])->err, qr/Did you mean -connect\?/, 'the nearest option is suggested');

my $word = run_client(['not_a_real_option'], timeout => 10);
isnt($word->status, 0, 'a word that is no address fails');

if ($available{s_client}{starttls}) {
    my $starttls = run_client(['-starttls', 'foo']);
    ended($starttls, 1, '-starttls with a word that there is not fails');
    like($starttls->err, qr/^.*Value must be one of:$/m, 'and lists what there is');
    like($starttls->err, qr/^\s+$_$/m, "with $_ on a line of its own") for qw(
        xmpp-server lmtp nntp irc sieve mysql postgres smtp pop3 imap ftp xmpp telnet ldap
    );
}

my $closed = closed_address();
my $group = run_client(['-groups', 'no-such-group', '-connect', $closed]);
isnt($group->status, 0, 'a group that there is not fails');
like($group->err, qr/Error with command|unknown option|Call to SSL_CONF_cmd(.*) failed|cannot be set|Failed to set groups/,
    'with one of the texts that testssl knows');

# Two dashes, an equals sign, an underscore.
for my $form (['-connect', $closed], ['--connect', $closed], ["-connect=$closed"], ["--connect=$closed"], [$closed]) {
    my $run = run_client($form);
    like($run->err, qr/connect:errno=|Connection refused/, "@{$form} connects");
}
my $malformed = run_client(['-connect', 'a:b:c']);
like($malformed->err, qr/connect argument or target parameter malformed or ambiguous/, 'a malformed address is called so');

done_testing();
