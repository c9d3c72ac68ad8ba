# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Every option has a test of its effect, or stands in test/effects-missing, a list that may only shrink: one "program -option"
# a line, sorted. An option counts as tested when a recipe has it as a word of a command line: '-name' in quotes or in qw();
# or a program of test/unit that applies it, where this libssl shows nothing outside.

use SApps::Test;

use JSON::PP;

# The options of a recipe's command lines.
sub words_of {
    my ($source) = @_;
    $source =~ s/^\s*#.*$//mg;
    my @words = $source =~ /(['"])-([A-Za-z0-9][\w-]*)(?:=[^'"]*)?\1/g;
    my @names = map { $words[2 * $_ - 1] } 1 .. @words / 2;
    push @names, map { /(?:^|\s)-([A-Za-z0-9][\w-]*)/g } $source =~ /\bqw\(([^)]*)\)/g;
    push @names, $source =~ /[\[(,]\s*-(\w+) =>/g;
    return @names;
}

# Options whose work is still to be done: opts/pending.yaml has "program:" and below it "- name".
sub pending {
    my (%pending, $program);
    for my $line (split /\n/, slurp(source_dir() . '/opts/pending.yaml')) {
        $program = $1 if $line =~ /^  (s_\w+):/;
        $pending{"$program -$1"} = 1 if $line =~ /^    - ["']?([\w-]+)/;
    }
    return %pending;
}

my $programs = decode_json(slurp(generated('options.json')))->{programs};
my %known = map { my $program = $_->{name}; map { ("$program -$_->{name}" => $_->{name}) } @{ $_->{options} } } @{$programs};
cmp_ok(scalar keys %known, '>', 350, 'the options of both programs are known');
my @sources = grep { !m{/69-effects\.t$} } map { glob source_dir() . "/test/$_" } 'recipes/*.t', 'unit/*.c';
my %used = map { $_ => 1 } map { words_of(slurp($_)) } @sources;
cmp_ok(scalar keys %used, '>', 100, 'the recipes use many of them');
my %pending = pending();
my @missing = split /\n/, slurp(source_dir() . '/test/effects-missing');
my %missing = map { $_ => 1 } @missing;

is_deeply([@missing], [sort keys %missing], 'the list is sorted and names nothing twice');
is_deeply([grep { !$known{$_} } @missing], [], 'it names options only');
is_deeply([grep { $pending{$_} } @missing], [], 'and none whose work is still to be done');
is_deeply([grep { $known{$_} && $used{ $known{$_} } } @missing], [], 'none that a recipe tests: take it out of the list');
is_deeply([grep { !$missing{$_} && !$pending{$_} && !$used{ $known{$_} } } sort keys %known], [],
    'every other option is tested: write a test of its effect, rather than a line in the list');

done_testing;
