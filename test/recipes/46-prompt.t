# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The prompt for a pass phrase, at a real terminal that expect(1) plays.

use SApps::Test;

my $closed = closed_address();
my $client = certificate('client');

# Runs our client in a terminal, types `typed` at each prompt, and gives all that the terminal shows.
sub at_terminal {
    my ($typed, @arguments) = @_;
    my $command = join ' ', map { "{$_}" } program('s_client'), '-connect', $closed, @arguments;
    my $timeout = SApps::Process::patience(10);
    # The prompt comes a moment before the terminal ceases to echo.
    my $script = <<"END";
set timeout $timeout
spawn $command
expect {
    "Enter pass phrase for" {
        for {set i 0} {\$i < 500 && ![string match "* -echo *" [exec stty -a -F \$spawn_out(slave,name)]]} {incr i} { after 10 }
        send "$typed"
        exp_continue
    }
    timeout { puts "TIMEOUT"; exit 2 }
    eof
}
END
    return run(['expect', '-c', $script], timeout => 30);
}

for my $case (['a key', '-cert', $client->{cert}, '-key', $client->{enc_key}], ['a bundle', '-cert', $client->{p12}]) {
    my ($name, @arguments) = @{$case};
    my $right = at_terminal('secret\r', @arguments);
    my @prompts = $right->out =~ /(Enter pass phrase for [^\r\n]*:)/g;
    is(scalar @prompts, 1, "$name: it is asked for once");
    like($prompts[0], qr/^Enter pass phrase for \Q$arguments[-1]\E:$/, "$name: the prompt names the file");
    like($right->out, qr/connect:errno=/, "$name: the right one opens it");
    unlike($right->out =~ s/^spawn.*//mr, qr/secret/, "$name: it is not shown");
    my $wrong = at_terminal('wrong\r', @arguments);
    like($wrong->out, qr/the pass phrase is wrong/, "$name: a wrong one is told");
    my $none = at_terminal('\x03', @arguments);
    like($none->out, qr/it needs a pass phrase, and none was given/, "$name: so is none");
}

my $plain = at_terminal('secret\r', '-cert', $client->{cert}, '-key', $client->{key});
unlike($plain->out, qr/pass phrase/, 'a key in the clear needs none');
my $given = at_terminal('other\r', '-cert', $client->{cert}, '-key', $client->{enc_key}, '-pass', 'pass:secret');
unlike($given->out, qr/Enter pass phrase/, 'with -pass nothing is asked');

done_testing;
