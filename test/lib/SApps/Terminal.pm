# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Terminal;

# A process that runs in a terminal of its own (a pseudo-terminal that is its controlling one), as under a person's
# fingers: lines are edited and echoed, control keys are what they are.

use strict;
use warnings;

use Fcntl qw(O_NOCTTY O_RDWR);
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

use SApps::Process;

# Of the Linux kernel, the same on all common machines (asm-generic/ioctls.h).
use constant { TIOCSPTLCK => 0x40045431, TIOCGPTN => 0x80045430, TIOCSCTTY => 0x540E };

my $OWNER = $$;
my %running;

# SApps::Terminal->start(command => [...], err => 'file') starts it. All its streams are the terminal, but standard error
# where a file for it is named.
sub start {
    my ($class, %options) = @_;
    sysopen my $master, '/dev/ptmx', O_RDWR | O_NOCTTY or die "/dev/ptmx: $!\n";
    my ($unlock, $number) = (pack('i', 0), pack('i', 0));
    ioctl $master, TIOCSPTLCK, $unlock or die "cannot unlock the terminal: $!\n";
    ioctl $master, TIOCGPTN, $number or die "cannot name the terminal: $!\n";
    my $name = '/dev/pts/' . unpack 'i', $number;
    my $pid = fork // die "fork: $!\n";
    _become($name, $master, %options) if $pid == 0;
    my $self = bless { pid => $pid, master => $master, name => $name, text => '' }, $class;
    $running{$pid} = $self;
    return $self;
}

sub _become {
    my ($name, $master, %options) = @_;
    close $master;
    POSIX::setsid();
    my $fd = POSIX::open($name, O_RDWR) // POSIX::_exit(126);
    POSIX::dup2($fd, $_) for 0 .. 2;
    POSIX::close($fd) if $fd > 2;
    if (defined $options{err}) {
        my $err = POSIX::open($options{err}, POSIX::O_WRONLY | POSIX::O_CREAT | POSIX::O_TRUNC, 0600);
        POSIX::dup2($err, 2);
    }
    ioctl STDIN, TIOCSCTTY, 0;
    $SIG{$_} = 'DEFAULT' for qw(PIPE INT QUIT HUP);    # a shell's background job ignores some
    { no warnings 'exec'; exec { $options{command}[0] } @{ $options{command} }; }
    POSIX::_exit(127);
}

# What the terminal shows so far, with the lines that were typed. Lines end in "\n".
sub text {
    my ($self) = @_;
    $self->_read(0);
    return $self->{text} =~ s/\r\n/\n/gr;
}

sub _read {
    my ($self, $seconds) = @_;
    my $bits = '';
    vec($bits, fileno $self->{master}, 1) = 1;
    while (select my $ready = $bits, undef, undef, $seconds) {
        return 0 if !sysread $self->{master}, $self->{text}, 65536, length $self->{text};
        $seconds = 0;
    }
    return 1;
}

# Types text.
sub type {
    my ($self, $text) = @_;
    syswrite $self->{master}, $text;
    return $self;
}

# Waits until the terminal shows what matches, at most that many seconds (10); gives whether it came.
sub shows {
    my ($self, $pattern, $seconds) = @_;
    my $deadline = time + SApps::Process::patience($seconds // 10);
    while (1) {
        my $open = $self->_read(0.05);
        return 1 if $self->text =~ $pattern;
        return 0 if !$open || time > $deadline;
    }
}

# Whether the terminal echoes what is typed.
sub echoes {
    my ($self) = @_;
    my $termios = POSIX::Termios->new;
    $termios->getattr(fileno $self->{master});
    return ($termios->getlflag & POSIX::ECHO) ? 1 : 0;
}

# Waits until the terminal does not echo; gives whether it came to that. A prompt comes a moment before.
sub hides {
    my ($self) = @_;
    my $deadline = time + SApps::Process::patience(5);
    while ($self->echoes) {
        return 0 if time > $deadline;
        sleep 0.005;
    }
    return 1;
}

# Waits for its end, at most that many seconds (10), and gives its exit status; undef when it was ended by force.
sub status {
    my ($self, $seconds) = @_;
    my $deadline = time + SApps::Process::patience($seconds // 10);
    while (!defined $self->{status}) {
        $self->_read(0);
        if (waitpid($self->{pid}, WNOHANG) == $self->{pid}) {
            delete $running{ $self->{pid} };
            $self->{status} = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
        } elsif (time > $deadline) {
            kill KILL => $self->{pid};
            return;
        }
        sleep 0.01;
    }
    $self->_read(0);
    return $self->{status};
}

END {
    if ($$ == $OWNER) {
        local $? = $?;
        for my $pid (keys %running) {
            kill KILL => $pid;
            waitpid $pid, 0;
        }
    }
}

1;
