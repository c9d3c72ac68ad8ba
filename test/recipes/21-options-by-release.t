#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Every option that any release of the original had is in the spec, as a flag or with a value, with its releases:
# test/data/options-by-release.tsv.

use SApps::Test;

use JSON::PP qw(decode_json);

my $list = decode_json(run([program('s_apps'), 'list', '-json'])->out);
my %known;
for my $program (@{ $list->{programs} }) {
    for my $option (@{ $program->{options} }) {
        for my $name ($option, @{ $option->{aliases} // [] }) {
            my $history = $name->{history} // $option->{history};
            $known{ $program->{name} }{ $name->{name} =~ tr/_/-/r } = { option => $option, history => $history };
        }
    }
}

my @releases = qw(1.1.0 1.1.1 3.0 3.2 3.3 3.4 3.5 3.6 4.0 own);
my %order = map { $releases[$_] => $_ } 0 .. $#releases;
my @lines = split /\n/, slurp(source_dir() . '/test/data/options-by-release.tsv');
my (undef, undef, undef, @columns) = split /\t/, shift @lines;
my %count;

# The release of a column and those since the column before: 3.5.7 stands for 3.2 to 3.5.
sub releases_of {
    my ($column) = @_;
    my $last = $order{ $columns[$column] =~ s/^(1\.1\.1|\d+\.\d+).*/$1/r };
    my $first = $column == 0 ? 0 : $order{ $columns[ $column - 1 ] =~ s/^(1\.1\.1|\d+\.\d+).*/$1/r } + 1;
    return ($first, $last);
}

for my $line (@lines) {
    my ($program, $name, $seed, @cells) = split /\t/, $line, -1;
    $count{$program}++;
    my $known = $known{$program}{ $name =~ tr/_/-/r };
    ok($known, "$program knows -$name") or next;
    my @has = grep { length $cells[$_] } 0 .. $#cells;
    next if !@has;
    my $takes = $cells[ $has[-1] ] ne '-';
    is(defined $known->{option}{type} ? 1 : 0, $takes ? 1 : 0, '-' . $name . ($takes ? ' takes a value' : ' is a flag'));
    next if $name eq 'trace';    # the 1.1.1w of the table was built without it
    my ($first, $last) = releases_of($has[0]);
    my $since = $order{ $known->{history}{since} // 'own' };
    ok($since >= $first && $since <= $last, "$program -$name came with $columns[$has[0]] or after the release before")
        or diag("since $known->{history}{since}");
    next if $has[-1] == $#cells;
    ($first, $last) = releases_of($has[-1] + 1);
    my $removed = $order{ $known->{history}{removed} // '' } // -1;
    ok($removed >= $first && $removed <= $last, "$program -$name went with $columns[$has[-1] + 1] or shortly before");
}
is($count{s_client}, 206, 'the table has 206 options of s_client');
is($count{s_server}, 215, 'the table has 215 options of s_server');

# Those that only the manuals name.
for my $program (qw(s_client s_server)) {
    ok($known{$program}{$_}, "$program knows -$_, which only manuals name") for qw(ssl2 no-ssl2);
}
ok($known{s_client}{$_}, "s_client knows -$_, which only manuals name") for qw(noct);

done_testing();
