# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Process;

# One process that a recipe started: its standard input is a pipe that the recipe writes to, its output goes to files
# of the work directory. Nothing here waits without a limit, and what still runs when the recipe ends is ended then.

use strict;
use warnings;

use Errno qw(EAGAIN EINTR);
use Exporter qw(import);
use Fcntl qw(F_SETFD FD_CLOEXEC O_APPEND O_CREAT O_TRUNC O_WRONLY);
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

use SApps::Build qw(slurp work_dir);

our @EXPORT_OK = qw(wait_until);

use constant POLL => 0.005;

# Of the Linux kernel, the same on all common machines (asm-generic/ioctls.h).
use constant FIONREAD => 0x541B;

# A program that writes without end is ended, before its output fills the memory of the recipe.
use constant TOO_MUCH => 400_000_000;

my $OWNER = $$;
my $count = 0;
my %running;

# Makes this process the one that the recipe runs in; for a process that loads this module and forks.
sub begin {
    $OWNER = $$;
    %running = ();
    return;
}

# Seconds become more of them on a slow machine, or under valgrind: SAPPS_TEST_SLOW is a factor.
sub patience {
    my ($seconds) = @_;
    return $seconds * ($ENV{SAPPS_TEST_SLOW} // 1);
}

# wait_until { -S 'socket' } 5: waits until the block gives something true, at most that many seconds (10); gives what it gave.
sub wait_until(&;$) {
    my ($happened, $seconds) = @_;
    my $deadline = time + patience($seconds // 10);
    while (1) {
        my $answer = $happened->();
        return $answer if $answer || time > $deadline;
        sleep POLL;
    }
}

# Starts a command, given as a list; no shell is involved. Options, all optional:
#   command => [...]   the program and its arguments
#   stdin   => 'none'  reads end of file at once; by default standard input is a pipe, see send() and close_stdin()
#   merge   => 1       standard error goes where standard output goes, as with 2>&1
#   env     => {...}   variables to set, or to remove where the value is undef
#   name    => 'x'     the beginning of the names of the output files
#   setup   => sub     runs in the child before the program does
sub start {
    my ($class, %options) = @_;
    my @command = @{ $options{command} };
    my $base = sprintf '%s/%s-%d', work_dir(), $options{name} // 'run', ++$count;
    my $self = bless { command => \@command, out_file => "$base.out", err_file => "$base.err" }, $class;
    pipe my $read, my $write or die "pipe: $!\n";
    my $none = ($options{stdin} // '') eq 'none';
    close $write if $none;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        close $write if !$none;
        $self->_become(\%options, $read);
    }
    close $read;
    @{$self}{qw(pid started)} = ($pid, time);
    $running{$pid} = $self;
    return $self if $none;
    fcntl $write, F_SETFD, FD_CLOEXEC;
    $write->autoflush(1);
    $self->{stdin} = $write;
    return $self;
}

sub _become {
    my ($self, $options, $stdin) = @_;
    setpgrp;
    $SIG{$_} = 'DEFAULT' for qw(PIPE INT QUIT HUP);    # a shell's background job ignores some
    while (my ($name, $value) = each %{ $options->{env} // {} }) {
        defined $value ? ($ENV{$name} = $value) : delete $ENV{$name};
    }
    sysopen my $out, $self->{out_file}, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND or POSIX::_exit(126);
    sysopen my $err, $self->{err_file}, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND or POSIX::_exit(126);
    POSIX::dup2(fileno $stdin, 0);
    POSIX::dup2(fileno($out), 1);
    POSIX::dup2($options->{merge} ? fileno($out) : fileno($err), 2);
    $options->{setup}->() if $options->{setup};
    { no warnings 'exec'; exec { $self->{command}[0] } @{ $self->{command} }; }
    syswrite STDERR, "cannot run $self->{command}[0]: $!\n";
    POSIX::_exit(127);
}

sub pid { return $_[0]{pid} }

# What it has written so far.
sub out { return -e $_[0]{out_file} ? slurp($_[0]{out_file}) : '' }
sub err { return -e $_[0]{err_file} ? slurp($_[0]{err_file}) : '' }

# Writes to its standard input. A process that has ended takes nothing; that is no error. Gives whether all was taken.
sub send {
    my ($self, $text) = @_;
    local $SIG{PIPE} = 'IGNORE';
    my $done = 0;
    while ($done < length $text) {
        my $written = syswrite $self->{stdin}, $text, length($text) - $done, $done;
        return 0 if !defined $written && $! != EAGAIN && $! != EINTR;
        $done += $written // 0;
    }
    return 1;
}

# Waits until it has read all that was sent, at most that many seconds (10). What is sent then is not read together with it; and a
# client reads no input before its handshake is done. Gives the process itself.
sub taken {
    my ($self, $seconds) = @_;
    my $left = pack 'i', 0;
    wait_until { !$self->{stdin} || !ioctl($self->{stdin}, FIONREAD, $left) || unpack('i', $left) == 0 || !$self->running } $seconds;
    return $self;
}

sub close_stdin {
    my ($self) = @_;
    close delete $self->{stdin} if $self->{stdin};
    return $self;
}

# Waits until the output matches; gives the captures (or the match), or nothing when the time is over or the process
# has ended without. expect(qr/.../) looks at standard output; expect(err => qr/.../, 5) at standard error, 5 seconds.
sub expect {
    my ($self, @arguments) = @_;
    my $stream = ref $arguments[0] ? 'out' : shift @arguments;
    my ($pattern, $seconds) = @arguments;
    my $deadline = time + patience($seconds // 20);
    while (1) {
        my $running = $self->running;
        my $text = -e $self->{"${stream}_file"} ? $self->$stream : '';
        if ($text =~ $pattern) {
            return defined $1 ? map { substr $text, $-[$_], $+[$_] - $-[$_] } grep { defined $-[$_] } 1 .. $#- : $&;
        }
        return if !$running || time > $deadline;
        sleep POLL;
    }
}

# Whether it still runs.
sub running {
    my ($self) = @_;
    return 0 if defined $self->{wait_status};
    my $pid = waitpid $self->{pid}, WNOHANG;
    if ($pid == 0) {
        return 1 if (-s $self->{out_file} // 0) < TOO_MUCH && (-s $self->{err_file} // 0) < TOO_MUCH;
        $self->{timed_out} = 1;
        kill KILL => -$self->{pid}, $self->{pid};
        waitpid $self->{pid}, 0;
        $pid = $self->{pid};
    }
    $self->{wait_status} = $pid == $self->{pid} ? $? : -1;
    $self->{seconds} = time - $self->{started};
    delete $running{ $self->{pid} };
    return 0;
}

# Waits for its end, at most that many seconds (20), then ends it by force. Gives the process itself.
sub wait {
    my ($self, $seconds) = @_;
    my $deadline = time + patience($seconds // 20);
    my $pause = 0.0005;
    while ($self->running) {
        if (time > $deadline) {
            $self->{timed_out} = 1;
            kill KILL => -$self->{pid}, $self->{pid};
            $deadline = time + 60;
        }
        sleep $pause;
        $pause *= 1.5 if $pause < POLL;
    }
    return $self;
}

# Asks it to end with a signal (TERM), and waits for that. Gives the process itself.
sub stop {
    my ($self, $signal) = @_;
    kill $signal // 'TERM', $self->{pid} if $self->running;
    $self->wait(10);
    $self->close_stdin;
    return $self;
}

# How it ended: the exit status, or undef when a signal ended it or the time was over; the signal's number; whether
# the time was over; how long it ran.
sub status {
    my ($self) = @_;
    $self->wait;
    return $self->{timed_out} || $self->{wait_status} & 127 ? undef : $self->{wait_status} >> 8;
}

sub signal { return $_[0]->wait->{wait_status} & 127 }
sub timed_out { return $_[0]->wait->{timed_out} // 0 }
sub seconds { return $_[0]->wait->{seconds} }

# Everything about it in words, for diag().
sub story {
    my ($self) = @_;
    my $end = $self->running ? 'it runs' : $self->{timed_out} ? 'its time was over' : sprintf 'it ended with %d',
        $self->{wait_status} & 127 || $self->{wait_status} >> 8;
    return join "\n", "command: @{ $self->{command} }", "($end)", 'out: ' . $self->out, 'err: ' . $self->err;
}

END {
    if ($$ == $OWNER) {
        local $? = $?;
        for my $process (values %running) {
            kill TERM => $process->{pid};
        }
        my $deadline = time + 2;
        sleep POLL while time < $deadline && grep { $_->running } values %running;
        for my $process (values %running) {
            kill KILL => -$process->{pid};
            waitpid $process->{pid}, 0;
        }
    }
}

1;
