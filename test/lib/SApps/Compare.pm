# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Compare;

# The same command line with the original and with ours, against the same peer: both streams and the exit status must be
# the same, but for what no two runs have in common.

use strict;
use warnings;

use Exporter qw(import);
use Test::More;
use Time::HiRes qw(sleep);

use SApps::Build qw(program);
use SApps::Oracle qw(normalise openssl);
use SApps::Process;
use SApps::Run qw(run);

our @EXPORT_OK = qw(same_client same_run until_same masked without_additions);

# same_client('sentence', \@arguments, %options): compares s_client. Options: what SApps::Run::run() takes, and
#   mask => sub { my ($text) = @_; ... return $text }   takes away what else differs, from each stream
#   only => 'out' or 'err'                              compares only this stream (and the status)
#   pause => seconds                                    end of file comes that late, and session tickets are compared
# Gives our process.
sub same_client {
    my ($name, $arguments, %options) = @_;
    return same_run($name, [openssl('s_client', @{$arguments})], [program('s_client'), @{$arguments}], %options);
}

# same_run('sentence', \@original, \@ours, %options): the same for two commands.
sub same_run {
    my ($name, $original, $ours, %options) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $mask = delete $options{mask} // sub { $_[0] };
    my $only = delete $options{only} // '';
    my $pause = delete $options{pause};
    my $once = defined $pause ? \&_run_slowly : \&_run_at_once;
    $mask = _without_tickets($mask) if !defined $pause;
    my $mine;
    my $compare = sub {
        my ($factor) = @_;
        my @both = map { $once->($_, ($pause // 0) * $factor, %options) } $original, $ours;
        $mine = $both[1];
        return _differences(@both, $mask, $only);
    };
    my @different = defined $pause ? until_same($compare) : $compare->(1);
    ok(!@different, $name) or diag(join "\n", "command: @{$ours}", @different);
    return $mine;
}

# until_same(sub { my ($factor) = @_; ...; return @differences }): compares with pauses of so many times their length, which is that
# of an idle machine first. On a busy one they may be too short for one of the two; what differs only then is no difference.
# Gives the differences that stay.
sub until_same {
    my ($compare) = @_;
    my @different;
    for my $factor (1, 4, 16) {
        @different = $compare->($factor);
        last if !@different;
    }
    return @different;
}

# In words, how two processes differ in status and streams.
sub _differences {
    my ($theirs, $mine, $mask, $only) = @_;
    my $same = ($theirs->status // 'none') eq ($mine->status // 'none');
    my @different = $same ? () : ('exit status ' . ($theirs->status // 'none') . ' became ' . ($mine->status // 'none'));
    for my $stream (grep { !$only || $only eq $_ } qw(out err)) {
        my ($before, $after) = (masked(_without_complaint($theirs->$stream), $mask), masked(without_additions($mine->$stream), $mask));
        push @different, "standard $stream:\n" . _difference($before, $after) if $before ne $after;
    }
    return @different;
}

sub _run_at_once {
    my ($command, undef, %options) = @_;
    return run($command, %options);
}

sub _run_slowly {
    my ($command, $pause, %options) = @_;
    my $text = delete $options{stdin} // '';
    my $process = SApps::Process->start(command => $command, %options);
    $process->send($text);
    $process->taken;
    sleep $pause;
    return $process->close_stdin->wait;
}

# Whether the tickets of TLS 1.3 come before or after the end of standard input is chance.
sub _without_tickets {
    my ($mask) = @_;
    return sub {
        my ($text) = @_;
        $text =~ s/^---\nPost-Handshake New Session Ticket arrived:\n.*?^---\n(?:read R BLOCK\n)?//msg;
        return $mask->($text =~ s/^read R BLOCK\n//mgr);
    };
}

# What ours says on purpose beside the lines of the original: a failure in one sentence with its likely cause, and that an
# OK is about nothing.
sub without_additions {
    my ($text) = @_;
    $text =~ s/^s_(?:client|server): .*\n//mg;
    return $text =~ s/^(?:No certificate was checked|The handshake did not end|The session was resumed), so .*\n//mgr;
}

# What the original of 3.6 adds after every failed handshake; the difference shutdown-in-handshake is about it.
sub _without_complaint {
    my ($text) = @_;
    return $text =~ s/^\w+:error:\w+:SSL routines:SSL_shutdown:shutdown while in init:.*\n//mgr;
}

# A stream as it is compared.
sub masked {
    my ($text, $mask) = @_;
    return $mask->(normalise($text));
}

# The first lines in which two texts differ.
sub _difference {
    my ($before, $after) = @_;
    my @before = split /^/, $before;
    my @after = split /^/, $after;
    my $line = 0;
    $line++ while $line < @before && $line < @after && $before[$line] eq $after[$line];
    my $from = $line > 2 ? $line - 2 : 0;
    my $context = sub { join '', map { "    $_" } grep { defined } @_[$from .. $from + 7] };
    return sprintf "from line %d\n  original:\n%s\n  ours:\n%s", $line + 1, $context->(@before), $context->(@after);
}

1;
