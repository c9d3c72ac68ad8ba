#!/usr/bin/perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# What sentences name is there: options in the messages of the C and in the documents, files and folders in the documents.

use SApps::Test;

use File::Find qw(find);
use JSON::PP qw(decode_json);

my $source = source_dir();
my %option = (batch => 1);    # of `s_apps explain`, which has no table
for my $program (@{ decode_json(slurp(generated('options.json')))->{programs} }) {
    $option{ $_->{name} =~ tr/_/-/r } = 1 for map { ($_, @{ $_->{aliases} // [] }) } @{ $program->{options} };
}

sub unknown { my (@names) = @_; return [sort grep { !$option{ tr/_/-/r } } @names] }

my @sources;
find(sub { push @sources, $File::Find::name if /\.c$/ }, "$source/lib", "$source/apps");
my %named;
for my $file (@sources) {
    my $code = slurp($file) =~ s{/\*.*?\*/}{}gsr;
    for my $text ($code =~ /"((?:[^"\\]|\\.)*)"/g) {
        $named{$1} = 1 while $text =~ /(?<![\w%-])-([A-Za-z][\w-]+)/g;
    }
}
cmp_ok(scalar keys %named, '>', 20, 'the messages name options');
is_deeply(unknown(keys %named), [], 'and each of them is one of the spec');

# In the sources, or made from them.
sub exists_somewhere {
    my ($path) = @_;
    my @found = map { glob "$_/$path" } $source, build_dir(), build_dir() . "/gen";
    return scalar grep { -e } @found;
}

# The example of the document about adding one is an option that is not there yet.
my @documents = map { "$source/$_" } 'README.md', map { "doc/$_.md" } qw(architecture decisions exit-status json output relay);
for my $file (@documents) {
    my ($name) = $file =~ m{([^/]+)$};
    my $text = slurp($file);
    my @code = ($text =~ /`([^`\n]+)`/g, $text =~ /^ {4}(.*)$/mg);
    my @options = grep { !/^(?:x|opt|E)$/ } map { /(?<!\S)--?([A-Za-z][\w-]+)/g } grep { /^-|s_(?:client|server) / } @code;
    is_deeply(unknown(@options), [], "the options that $name names are there") or diag(@options);
    my @paths = grep { m{^(?:apps|codegen|doc|lib|opts|pod|test)/} && !/[A-Z]/ } @code;
    is_deeply([grep { !exists_somewhere($_) } @paths], [], "and so are the files");
}

done_testing();
