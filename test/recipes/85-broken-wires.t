# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The wire between the two ends, resets, errs or doubles what it carries after some bytes, in every stage of a connection.

use SApps::Test;

use Time::HiRes qw(sleep);

use SApps::Wire qw(fake_server reset_socket tcp);

# A process has ended by itself, by no signal, with 0 or 1.
sub survived {
    my ($process) = @_;
    return !$process->timed_out && $process->signal == 0 && $process->status <= 1;
}

# ---- A real server behind a wire that breaks. The proxy gives on so many bytes of one direction, then does something.
sub proxy {
    my ($to, $direction, $count, $action) = @_;
    return fake_server(sub {
        my ($near) = @_;
        my $far = tcp($to);
        my %peer = (up => [$near, $far], down => [$far, $near]);
        my $left = $count;
        my %open = (up => 1, down => 1);
        while ($open{up} || $open{down}) {
            my $bits = '';
            $open{$_} and vec($bits, fileno $peer{$_}[0], 1) = 1 for keys %peer;
            select $bits, undef, undef, 10 or return;
            for my $way (grep { vec $bits, fileno $peer{$_}[0], 1 } keys %peer) {
                my ($from, $into) = @{ $peer{$way} };
                my $got = sysread $from, my $data, 16384;
                if (!$got) { $open{$way} = 0; shutdown $into, 1; next; }
                if ($way eq $direction && $left >= 0) {
                    if ($left < length $data) {
                        $data = $action->($data, $left, $into, $far) // return;
                    }
                    $left -= length $data;
                    $left = -1 if $left < 0;
                }
                syswrite $into, $data;
            }
        }
    });
}
my %action = (
    'ends'   => sub { my ($data, $at, $into) = @_; syswrite $into, substr $data, 0, $at; return; },
    'resets' => sub { my ($data, $at, $into, $far) = @_; syswrite $into, substr $data, 0, $at; sleep 0.02; reset_socket($into); return; },
    'errs'   => sub { my ($data, $at) = @_; substr($data, $at, 1) ^= "\x55"; return $data; },
    'doubles' => sub { my ($data, $at) = @_; return $data . $data; },
);
my $tls = SApps::Server->start(which => 'openssl', args => ['-www']);
my $ours = SApps::Server->start(args => ['-www']);
my $get = "GET / HTTP/1.0\r\n\r\n";
my %cut = (down => [0, 1, 5, 7, 60, 130, 400, 1200, 1500, 1800, 2300], up => [0, 3, 5, 30, 200, 330, 400, 440]);

sub start_with {
    my ($text, @command) = @_;
    my $process = SApps::Process->start(command => \@command, merge => 1);
    $process->send($text);
    return $process->close_stdin;
}

for my $version ('-tls1_2', '-tls1_3') {
    for my $what (sort keys %action) {
        my %client = map {
            my $address = proxy($tls->port, 'down', $_, $action{$what});
            ($_ => start_with($get, program('s_client'), '-connect', $address, $version, '-ign_eof', '-prexit', '-max_time', '2'));
        } @{ $cut{down} };
        my @bad = map { "after $_ bytes: " . $client{$_}->story } grep { !survived($client{$_}->wait(10)) } @{ $cut{down} };
        ok(!@bad, "$version: a server whose wire $what after some bytes does not crash or hang the client") or diag(@bad);
        my @theirs = map {
            start_with($get, openssl('s_client', '-quiet', '-connect', proxy($ours->port, 'up', $_, $action{$what}), $version));
        } @{ $cut{up} };
        my $page = oracle(['s_client', $ours->target, $version, '-quiet'], stdin => $get, timeout => 8);
        like($page->out, qr/200 ok/, "$version: beside clients whose wire $what a page is served");
        sleep 0.2;
        $_->stop('KILL') for @theirs;
        $page = oracle(['s_client', $ours->target, $version, '-quiet'], stdin => $get, timeout => 8);
        like($page->out, qr/200 ok/, "$version: after them as well");
    }
}
ok($ours->running, 'the server runs on');

done_testing;
