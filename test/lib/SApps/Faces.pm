# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Faces;

# The faces of an option besides the parser: the JSON list, the manual and the completions, taken apart for comparison.

use strict;
use warnings;

use Exporter qw(import);

use SApps::Build qw(generated slurp spew);
use SApps::Run qw(run);

our @EXPORT_OK = qw(json_records manual_headings bash_completions fish_completions zsh_completions);

# The records of a program in `list -json`: "-name" or a relation's id => its text.
sub json_records {
    my ($text) = @_;
    my %records;
    while ($text =~ /^    \{\n(.*?)^    \}/gms) {
        my $record = $1;
        my ($kind, $name) = $record =~ /^     "(name|id)": "([^"]*)"/m;
        $records{ $kind eq 'name' ? "-$name" : $name } = $record;
    }
    return %records;
}

# The headings of options in a manual page in POD, in order.
sub manual_headings {
    my ($path) = @_;
    return slurp($path) =~ /^=item (B<-.*)$/mg;
}

# What bash completes: name => "kind words... not excluded...", asked of the very functions that the shell uses. `names`
# are those whose values are asked for.
sub bash_completions {
    my ($program, @names) = @_;
    my $script = <<'END';
source "$1"
program=$2
shift 2
"_s_apps_options_of_$program"
for option in "${options[@]}"; do
    kind=flag words=() excluded=()
    name=${option#-}
    "_s_apps_value_of_$program" "${name//_/-}"
    "_s_apps_excluded_by_$program" "${name//_/-}"
    printf '%s\t%s\t%s\t%s\n' "$name" "$kind" "${words[*]}" "${excluded[*]#-}"
done
END
    my $bash = run(['bash', '-c', $script, 'bash', generated('completion/bash/s_apps'), $program]);
    my %found;
    for my $line (split /\n/, $bash->out) {
        my ($name, $kind, $words, $excluded) = split /\t/, $line, -1;
        $found{$name} = join ' ', $kind, sort(split / /, $words), 'not', sort split / /, $excluded;
    }
    return %found;
}

# What fish completes: name => help.
sub fish_completions {
    my ($program) = @_;
    my $text = slurp(generated("completion/fish/$program.fish"));
    my %found;
    while ($text =~ /^complete -c \Q$program\E -o (\S+) .*-d '((?:[^'\\]|\\.)*)'$/mg) {
        my ($name, $help) = ($1, $2);
        $found{$name} = $help =~ s/\\(.)/$1/gr;
    }
    return %found;
}

# What zsh completes: name => help.
sub zsh_completions {
    my ($program) = @_;
    my ($function) = slurp(generated('completion/zsh/_s_apps')) =~ /^_s_apps_\Q$program\E\(\) \{\n(.*?)^\}/ms;
    my %found;
    for my $line (split /\n/, $function // '') {
        next if $line !~ /^    '(?:\([^)]*\))?\*?-(\S+?)\[((?:[^\]\\]|\\.)*)\]/;
        my ($name, $help) = ($1, $2);
        $found{$name} = $help =~ s/\\(.)/$1/gr =~ s/'\\?''/'/gr;
    }
    return %found;
}

1;
