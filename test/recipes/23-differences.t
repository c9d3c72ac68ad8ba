# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# The tests of differences notice each part of a record that is not so. Made-up records, which say of ours what is true,
# then with one part made false.

use SApps::Test;

use Test2::API qw(intercept);

use SApps::Differs qw(keeps stands);

my $python = $ENV{PYTHON} || 'python3';
my $model = run([$python, '-c', 'from codegen.model import STANDS; print(*sorted(STANDS))'],
    env => {PYTHONPATH => source_dir(), PYTHONDONTWRITEBYTECODE => 1});
is_deeply([stands()], [split ' ', $model->out], 'every word in braces that the spec may use is known here');

# Whether the test of our side of a record passes.
sub kept {
    my ($program, %item) = @_;
    my $events = intercept { keeps('it is so', [program($program)], { id => 'made-up', %item }, 'ours') };
    return (map { $_->pass } grep { $_->isa('Test2::Event::Ok') } @{$events})[0];
}

# What is never going to be true need not be waited for as long.
sub broken {
    local $ENV{SAPPS_TEST_SLOW} = 0.15 * ($ENV{SAPPS_TEST_SLOW} // 1);
    return !kept(@_);
}

my $get = "GET / HTTP/1.0\r\n\r\n";
my @page = ('-www', '-naccept', '1', '-accept', '127.0.0.1:0');
my %true = (
    'a key log' => ['s_client', {input => ['-keylogfile', 'keys', '-connect', '{server}']},
        {status => 0, out => '^CONNECTED', err => '^DONE$', files => {keys => '0600', others => 'none'}}],
    'a line of input' => ['s_client', {input => ['-brief', '-connect', '{server}'], stdin => "GET / HTTP/1.0\r\n\r\n"},
        {status => 0, out => '<HTML>', err => '^CONNECTION ESTABLISHED$'}],
    'output to a file' => ['s_client', {input => ['-connect', '{server}'], stdout => 'report'},
        {status => 0, out => '\A\z', files => {report => '0644'}}],
    'a page' => ['s_server', {input => [@page], request => $get, client => ['-tls1_2']},
        {status => 0, out => '^ACCEPT', answer => '^New, TLSv1\.2'}],
    'a file that is given' => ['s_server', {input => ['-WWW', @page[1 .. 4]], request => "GET /{folder}/../{file} HTTP/1.0\r\n\r\n"},
        {status => 0, answer => '403', files => {'{file}' => '0644', '{folder}' => '0755'}}],
    'a server without client' => ['s_server', {input => ['-nocert', '-accept', '{server}'], request => $get, silent => 1},
        {status => 1, err => 'in use', answer => '\A\z'}],
);
my %false = (status => 77, out => 'nobody says this', err => 'nobody says this', answer => 'nobody says this');
for my $what (sort keys %true) {
    my ($program, $scene, $outcome) = @{ $true{$what} };
    ok(kept($program, %{$scene}, ours => $outcome), "$what: what is true passes");
    for my $part (sort grep { $_ ne 'files' } keys %{$outcome}) {
        ok(broken($program, %{$scene}, ours => { %{$outcome}, $part => $false{$part} }), "$what: another $part is noticed");
    }
    for my $file (sort keys %{ $outcome->{files} // {} }) {
        my %files = (%{ $outcome->{files} }, $file => '0640');
        ok(broken($program, %{$scene}, ours => { %{$outcome}, files => \%files }), "$what: another mode of $file is noticed");
    }
}
ok(broken('s_server', input => ['-www', '-accept', '127.0.0.1:0'], ours => {status => 0}), 'a program that runs on has no status');
ok(kept('s_server', input => ['-www', '-accept', '127.0.0.1:0'], request => $get, silent => 3, ours => {answer => '</HTML>'}),
    'beside clients that are silent one is served');

done_testing;
