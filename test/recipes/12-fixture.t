#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The fixture: a spec with one option of each kind. Its outputs are those of test/fixture/golden (UPDATE_GOLDEN=1 writes
# them anew), and the tests that are generated from it pass.

use SApps::Test;

use File::Basename qw(dirname);
use File::Path qw(make_path);

my $fixture = build_dir() . '/fixture';
my $golden  = source_dir() . '/test/fixture/golden';

my %faces = map { $_ => slurp("$fixture/gen/$_") } qw(
    alpha_table.c args/values.h args/verbs.h pod/alpha.pod pod/beta.pod options.json
    completion/bash/s_apps completion/zsh/_s_apps completion/fish/alpha.fish completion/fish/beta.fish
);
for my $program (qw(alpha beta)) {
    my $help = run(["$fixture/bin/$program", '-help']);
    ended($help, 0, "$program prints its help");
    $faces{"$program.help"} = $help->err;
    my $explained = run(["$fixture/bin/s_apps", 'explain', $program, '-loud', '-small', '3']);
    ended($explained, 0, "$program explains a command line");
    $faces{"$program.explained.json"} = $explained->out;
}
my $list = run(["$fixture/bin/s_apps", 'list', '-json']);
is($list->out, $faces{'options.json'}, 'the program prints the facts that were generated');

for my $name (sort keys %faces) {
    if ($ENV{UPDATE_GOLDEN}) {
        make_path(dirname("$golden/$name"));
        spew("$golden/$name", $faces{$name});
    }
    spew($name =~ s{/}{-}gr, $faces{$name});
    my $same = run(['diff', '-u', "$golden/$name", $name =~ s{/}{-}gr]);
    is($same->out, '', "$name is as it was");
}

my $tests = run(
    ['prove', '-I' . source_dir() . '/test/lib', "$fixture/gen/test"],
    env     => { BUILD => $fixture, HARNESS_ACTIVE => undef, HARNESS_OPTIONS => undef },
    timeout => 600,
);
ended($tests, 0, 'the tests generated from the fixture pass');
my ($count) = $tests->out =~ /Tests=(\d+)/;
cmp_ok($count // 0, '>', 1500, 'and they are many');

# An option with a C function.
my $taken = run(["$fixture/bin/alpha", '-picky', '7', '-picky', '6']);
ended($taken, 0, 'the function of an option is called when the whole line is stored');
like($taken->out, qr/"calls":\["sapp_alpha_picky","sapp_alpha_picky"\]/, 'once for each use, as explain tells');
my $refused = run(["$fixture/bin/alpha", '-picky', '7']);
ended($refused, 1, 'it may refuse the line');
like($refused->err, qr/\Aalpha: -picky takes any number but 7\nalpha: Use -help for summary\.\n\z/, 'with a sentence of its own');

# However often an option stands on a line: what was not overruled counts, so that nothing has to imply it.
my $many = run(["$fixture/bin/beta", ('-loud') x 300, '-quiet', '-loud', '-volume', '3']);
ended($many, 0, 'an option may stand 301 times on a line');
is(scalar(() = $many->out =~ /"overruled":true/g), 301, 'the others are overruled');
unlike($many->out, qr/"implied":true/, 'and the last one counts');

my $needed = run(['ldd', "$fixture/bin/s_apps"]);
unlike($needed->out, qr/libssl|libcrypto/, 'the parser needs neither libssl nor libcrypto');

done_testing();
