# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# -cert, -key, -cert_chain and their like: every form that loads, every pass phrase source, and one sentence for each
# input that cannot be used.

use SApps::Test;

my $closed = closed_address();
my $server = certificate('server');
my $client = certificate('client');

# Key and certificate are loaded before the connection is tried, so what loads ends with the refused connection.
sub loads {
    my ($name, $arguments, %options) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $ours = run_client(['-connect', $closed, @{$arguments}], %options);
    like($ours->err, qr/connect:errno=|Connection refused/, "$name is loaded") or diag($ours->story);
    unlike($ours->err, qr/cannot load|pass phrase/, "$name needs no word");
    return;
}

sub refused {
    my ($name, $arguments, $pattern, %options) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $ours = run_client(['-connect', $closed, @{$arguments}], %options);
    ended($ours, 1, "$name ends with status 1");
    like($ours->err, $pattern, "$name is explained in one sentence");
    unlike($ours->err, qr/connect:errno=|Connection refused/, "$name is found before the connection");
    return;
}

my @clear = ('-cert', $client->{cert}, '-key', $client->{key});
my @encrypted = ('-cert', $client->{cert}, '-key', $client->{enc_key});
loads('a certificate and a key in PEM', \@clear);
loads('a certificate with its key in one file', ['-cert', $client->{both}]);
loads('a certificate in DER', ['-cert', $client->{der}, '-key', $client->{key}]);
loads('a key in DER', ['-cert', $client->{cert}, '-key', $client->{key_der}]);
loads('a bundle', ['-cert', $client->{p12}, '-pass', 'pass:secret']);
loads('a key without certificate', ['-key', $client->{key}]);
loads('a chain', [@clear, '-cert_chain', certificate('server-chain')->{chain}]);
loads('a key by URI', ['-cert', $client->{cert}, '-key', "file:$client->{key}"]);

spew('pass', "secret\nnot this\n");
spew('pass-crlf', "secret\r\n");
loads('a pass phrase as word', [@encrypted, '-pass', 'pass:secret']);
loads('a pass phrase from the environment', [@encrypted, '-pass', 'env:KEY_PASS'], env => {KEY_PASS => 'secret'});
loads('a pass phrase from a file', [@encrypted, '-pass', 'file:pass']);
run([openssl('pkey', '-in', $client->{key}, '-aes128', '-passout', 'file:pass-crlf', '-out', 'crlf.key')]);
loads('a pass phrase that ends in CR', ['-cert', $client->{cert}, '-key', 'crlf.key', '-pass', 'file:pass-crlf']);
spew('pass-nul', "secret\0more\n");
loads('a pass phrase that ends at a NUL', [@encrypted, '-pass', 'file:pass-nul']);
loads('a pass phrase from standard input', [@encrypted, '-pass', 'stdin'], stdin => "secret\n");
loads('a pass phrase from a descriptor', [@encrypted, '-pass', 'fd:0'], stdin => "secret\n");
loads('a pass phrase for DER', ['-cert', $client->{cert}, '-key', $client->{enc_key}, '-pass', 'pass:secret']);

spew('empty', '');
spew('noise', join '', map { chr($_ * 7 % 251) } 1 .. 1000);
spew('cut.pem', substr slurp($client->{cert}), 0, 300);
spew('cut.key', substr slurp($client->{key}), 0, 300);
spew('bad.pem', slurp($client->{cert}) =~ s/^M/!/mr);
my $missing = qr/'no-such-file': No such file or directory$/m;
refused('a missing certificate', ['-cert', 'no-such-file'], qr/certificate of -cert from $missing/m);
refused('a missing key', ['-cert', $client->{cert}, '-key', 'no-such-file'], qr/private key of -key from $missing/m);
refused('a missing chain', [@clear, '-cert_chain', 'no-such-file'], qr/-cert_chain from $missing/m);
refused('a certificate without key', ['-cert', $client->{cert}], qr/private key of -cert from .*: it holds none$/m);
refused('an empty file', ['-cert', 'empty'], qr/-cert from 'empty': it is empty$/m);
refused('a directory', ['-cert', '.'], qr/-cert from '\.': Is a directory$/m);
refused('noise', ['-cert', 'noise'], qr/-cert from 'noise': it is neither PEM nor DER nor PKCS#12$/m);
refused('a truncated certificate', ['-cert', 'cut.pem', '-key', $client->{key}], qr/'cut\.pem': .*truncated/m);
refused('a truncated key', ['-cert', $client->{cert}, '-key', 'cut.key'], qr/'cut\.key': .*truncated/m);
refused('a truncated chain', [@clear, '-cert_chain', 'cut.pem'], qr/'cut\.pem': .*truncated/m);
refused('a damaged certificate', ['-cert', 'bad.pem', '-key', $client->{key}], qr/'bad\.pem': .*damaged/m);
refused('the key of another certificate', ['-cert', $client->{cert}, '-key', $server->{key}],
    qr/key in '\Q$server->{key}\E' \(-key\) does not match the certificate public key in '\Q$client->{cert}\E' \(-cert\)/);
refused('a wrong pass phrase', [@encrypted, '-pass', 'pass:other'], qr/-key from .*: the pass phrase is wrong$/m);
refused('a wrong pass phrase of a bundle', ['-cert', $client->{p12}, '-pass', 'pass:other'],
    qr/-cert from .*: the pass phrase is wrong$/m);
refused('a pass phrase without its CR', [@encrypted, '-pass', 'file:pass-crlf'], qr/-key from .*: the pass phrase is wrong$/m);
unlike(oracle(['s_client', '-connect', closed_address(), @encrypted, '-pass', 'file:pass-crlf'])->err, qr/^connect:errno/m, 'the original refuses it too');
refused('an unset variable', [@encrypted, '-pass', 'env:NO_SUCH'], qr/'NO_SUCH', which is not set$/m,
    env => {NO_SUCH => undef});
refused('a missing pass phrase file', [@encrypted, '-pass', 'file:no-such-file'],
    qr/cannot open the pass phrase file 'no-such-file' of -pass: No such file or directory$/m);
refused('an empty pass phrase file', [@encrypted, '-pass', 'file:empty'], qr/'file:empty' has no line 1/);
refused('a closed descriptor', [@encrypted, '-pass', 'fd:99'], qr/-pass from 'fd:99': Bad file descriptor$/m);
refused('a descriptor that is no number', [@encrypted, '-pass', 'fd:x'], qr/descriptor after 'fd:', not 'x'$/m);
refused('a pass phrase without its prefix', [@encrypted, '-pass', 'hush'], qr/-pass expects pass:TEXT, env:NAME/);
my $hushed = run_client(['-connect', $closed, @encrypted, '-pass', 'hush']);
unlike($hushed->out . $hushed->err, qr/hush/, 'a pass phrase without its prefix is not shown');

# What the peer sees.
{
    my $peer = SApps::Server->start(which => 'openssl', args => ['-Verify', '1', '-CAfile', certificate('ca')->{cert}]);
    my $ours = run_client([$peer->target, '-cert', $client->{p12}, '-pass', 'pass:secret'], stdin => "Q\n");
    ended($ours, 0, 'a client with a bundle ends well');
    ok($peer->expect(err => qr/^depth=0 O ?= ?s_apps, CN ?= ?client$/m), 'the peer sees its certificate');
}
for my $case (['-build_chain', '-CAfile', certificate('ca')->{cert}, '-chainCAfile', 'bundle.pem'], ['-cert_chain', 'bundle.pem']) {
    spew('bundle.pem', slurp(certificate('intermediate')->{cert}) . slurp(certificate('ca')->{cert}));
    my $own = SApps::Server->start(cert => 'server-chain', args => $case);
    my $their = oracle(['s_client', $own->target, '-showcerts', '-CAfile', certificate('ca')->{cert}], stdin => "Q\n");
    my @subjects = $their->out =~ /^ \d s:(.*)$/mg;
    is(scalar @subjects, 3, "@{$case}[0] sends three certificates");
    like($their->out, qr/^Verify return code: 0 \(ok\)$/m, "@{$case}[0]: they lead to the root");
}

done_testing;
