#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What -help and parsing cost, in instructions counted by callgrind, as a ratio to the original in the same run.

use SApps::Test;

plan skip_all => 'valgrind cannot run a build with sanitizers' if sanitized();

my @FORTY = map { split / / } (
    '-4', '-connect 127.0.0.1:1', '-servername server.example', '-verify 3', '-verify_return_error', '-verify_depth 4',
    '-verify_hostname server.example', '-CAfile ca.pem', '-no-CApath', '-no-CAstore', '-cert cert.pem', '-key key.pem',
    '-certform PEM', '-keyform PEM', '-showcerts', '-debug', '-msg', '-state', '-nbio', '-crlf', '-ign_eof', '-quiet',
    '-no_ssl3', '-no_tls1', '-no_tls1_1', '-cipher HIGH', '-ciphersuites TLS_AES_128_GCM_SHA256', '-groups X25519',
    '-sigalgs RSA+SHA256', '-alpn h2', '-status', '-tlsextdebug', '-no_ticket', '-bugs', '-no_comp', '-serverpref',
    '-legacy_renegotiation', '-read_buf 100', '-max_send_frag 1024', '-split_send_frag 600', '-max_pipelines 1', '-x509_strict',
);

# The instructions of a command; with a function's name, only those inside it.
sub cost {
    my ($command, $function) = @_;
    my @only = $function ? ('--collect-atstart=no', "--toggle-collect=$function") : ();
    my $run = run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', @only, @{$command}], timeout => 120);
    my ($count) = $run->err =~ /Collected : (\d+)/;
    defined $count or diag($run->story);
    return $count // 0;
}

my %served = map { /^(\S+) / ? ($1 => 1) : () } split /\n/, run([program('s_apps'), 'list', 's_client'])->out;
my @line;
my $count = 0;
for (my $i = 0; $i < @FORTY; $i++) {
    my @words = $FORTY[$i];
    push @words, $FORTY[ ++$i ] while $i + 1 < @FORTY && $FORTY[ $i + 1 ] !~ /^-/;
    next if !$served{ $words[0] =~ s/^-//r } || $count == 40;
    push @line, @words;
    $count++;
}
cmp_ok($count, '>=', 30, "the line has $count options that this version has");
my $explained = run([program('s_apps'), 'explain', 's_client', @line]);
ended($explained, 0, 'our parser takes the line');

my $our_help      = cost([program('s_client'), '-help']);
my $original_help = cost([openssl('s_client', '-help')]);
cmp_ok($our_help, '>', 0, "our -help takes $our_help instructions");
cmp_ok($our_help, '<=', $original_help / 2, "which is at most half of the original's $original_help");

# The same line for both, with -help at its end: what it costs more than -help alone is the reading of the options.
my $original = cost([openssl('s_client', @line, '-help')]) - $original_help;
my $ours     = cost([program('s_client'), @line, '-help']) - $our_help;
cmp_ok($ours, '>', 0, "our reading of the line takes $ours instructions");
cmp_ok($ours, '<=', $original / 4, "which is at most a quarter of the original's $original");

# The original never checks relations on a line that ends in -help; ours, checked and stored, is still the cheaper one.
my $whole = cost([program('s_apps'), 'explain', 's_client', @line], 'sapp_parse_line');
cmp_ok($whole, '<=', $original / 2, "with all checks, and every value stored, it takes $whole instructions");

# Settings that add up: what they take of memory grows with the line and not with its square.
my @thousands = (program('s_apps'), 'explain', 's_client', ('-no_ticket') x 15_000);
my $long = run(['/bin/sh', '-c', 'ulimit -v 200000; exec "$@"', 'sh', @thousands], timeout => 60);
ended($long, 0, 'a line of 15000 settings is read in 200 MB');

done_testing();
