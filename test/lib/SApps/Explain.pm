# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Explain;

# What the parser makes of command lines, by `s_apps explain`: thousands of lines in one process.

use strict;
use warnings;

use Exporter qw(import);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(sleep time);

use SApps::Build qw(program slurp);
use SApps::Process;
use SApps::Run qw(run);

our @EXPORT_OK = qw(explains refuses documents meanings command_line_of);

# meanings('s_client', \@argv, ...): for each command line the line of JSON that tells what it means.
sub meanings {
    my ($program, @lines) = @_;
    my $input = join '', map { join("\0", scalar @{$_}, @{$_}) . "\0" } @lines;
    my $explain = run([program('s_apps'), 'explain', '-batch', $program], stdin => $input, timeout => 120);
    defined $explain->status && $explain->status == 0 or diag($explain->story);
    return split /\n/, $explain->out;
}

# explains('s_client', ['sentence', \@argv, 'expected line of JSON'], ...): a test for each. In what is expected, a star
# in place of a number stands for any.
sub explains {
    my ($program, @cases) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @found = meanings($program, map { $_->[1] } @cases);
    for my $case (@cases) {
        my ($sentence, $argv, $expected) = @{$case};
        my $line = shift @found // 'no answer';
        next if ok(matches($line, $expected), $sentence);
        diag("command line: $program @{$argv}", "\nexpected: $expected", "\n     got: $line");
    }
    is(scalar @found, 0, 'there are no more answers than command lines');
    return;
}

sub matches {
    my ($line, $expected) = @_;
    return 1 if $line eq $expected;
    return 0 if $expected !~ /"number":\*/;
    my $pattern = join '"number":-?\d+', map { quotemeta } split /"number":\*/, $expected, -1;
    return $line =~ /\A$pattern\z/;
}

# refuses('s_client', ['sentence', \@argv, 'message'], ...): the program itself ends with 1 and the message.
sub refuses {
    my ($program, @cases) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    for my $case (@cases) {
        my ($sentence, $argv, $message) = @{$case};
        my $run = run([program($program), @{$argv}]);
        my $said = index($run->err, "$program: $message\n") == 0 && $run->err =~ /^\Q$program\E: Use -help for summary\.\n\z/m;
        next if ok($said && $run->out eq '' && ($run->status // -1) == 1, $sentence);
        diag("expected: $message\n", $run->story);
    }
    return;
}

# documents('s_client', ['sentence', \@argv, 'message'], ...): the program refuses the line and says so in one JSON document
# on standard output too.
sub documents {
    my ($program, @cases) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    for my $case (@cases) {
        my ($sentence, $argv, $message) = @{$case};
        my $run = run([program($program), @{$argv}]);
        my $document = eval { JSON::PP->new->utf8->decode($run->out) };
        my $said = index($run->err, "$program: $message\n") == 0 && $run->out =~ /\A\{.*\}\n\z/s && has_text($document, $message);
        next if ok($said && ($run->status // -1) == 1, $sentence);
        diag("expected: $message\n", $run->story);
    }
    return;
}

# Whether a value that was read from JSON is the text or has it.
sub has_text {
    my ($value, $text) = @_;
    my @inner = ref $value eq 'HASH' ? values %{$value} : ref $value eq 'ARRAY' ? @{$value} : ();
    return ref $value ? (grep { has_text($_, $text) } @inner) > 0 : defined $value && $value eq $text;
}

# command_line_of('s_client', \@argv): the arguments as the list of processes shows them once the line was parsed, each
# ended by NUL. The process is held by a pipe that takes nothing more.
sub command_line_of {
    my ($program, $argv) = @_;
    pipe my $read, my $write or die "pipe: $!\n";
    fcntl $write, F_SETFL, fcntl($write, F_GETFL, 0) | O_NONBLOCK;
    1 while syswrite $write, 'x' x 4096;
    1 while syswrite $write, 'x';
    fcntl $write, F_SETFL, fcntl($write, F_GETFL, 0) & ~O_NONBLOCK;
    my $process = SApps::Process->start(
        command => [program('s_apps'), 'explain', $program, @{$argv}],
        setup   => sub { POSIX::dup2(fileno($write), 1) },
    );
    my $path = '/proc/' . $process->pid;
    my $asleep = 0;
    my $deadline = time + SApps::Process::patience(10);
    while ($asleep < 3 && time < $deadline && $process->running) {
        my $exec_done = slurp("$path/cmdline") =~ /\0explain\0/;
        $asleep = $exec_done && slurp("$path/stat") =~ /\) S / ? $asleep + 1 : 0;
        sleep 0.003;
    }
    my $shown = $process->running ? slurp("$path/cmdline") : 'the process ended';
    $process->stop('KILL');
    $shown =~ s/\A[^\0]*\0explain\0\Q$program\E\0//;
    return $shown;
}

1;
