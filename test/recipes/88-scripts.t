# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Scripts that operators have, as Debian ships them: testssl.sh, check_ssl_cert and ssl-cert-check say the same when
# `openssl s_client` is ours.

use SApps::Test;

use SApps::Nginx;

my $nginx = SApps::Nginx->start(conf => 'ssl_protocols TLSv1.2 TLSv1.3;');
my ($host, $port) = split /:/, $nginx->address;

# A directory with a command `openssl`, whose s_client is the given one; it writes down each call of s_client.
sub directory_of {
    my ($name, @s_client) = @_;
    mkdir $name or die "mkdir $name: $!\n";
    my $directory = work_dir() . "/$name";
    my ($original) = openssl();
    spew("$directory/openssl", <<"END");
#!/bin/sh
test "\$1" = s_client || exec '$original' "\$@"
shift
echo "\$*" >>'$directory/calls'
exec @s_client "\$@"
END
    chmod 0755, "$directory/openssl" or die "chmod $directory/openssl: $!\n";
    spew("$directory/calls", '');
    return $directory;
}
my %directory = (original => directory_of('original', openssl('s_client')), ours => directory_of('ours', program('s_client')));

# What the script says with the directory's openssl, without the names and times that no two runs share; and its status.
sub verdict {
    my ($directory, @script) = @_;
    my $run = run([map { s/\bDIRECTORY\b/$directory/r } @script], timeout => 240, env => {
        PATH => "$directory:$ENV{PATH}", HOME => work_dir(), TERM => 'dumb', http_proxy => undef, https_proxy => undef });
    my $text = $run->out . $run->err . 'status ' . $run->status;
    $text =~ s/\Q$directory\E/DIRECTORY/g;
    $text =~ s/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\[ *\d+s\]/TIME/g;
    return $text;
}

# The script says the same with both, and the expected line is in it.
sub same {
    my ($name, $expected, @script) = @_;
    my ($theirs, $ours) = map { verdict($directory{$_}, @script) } qw(original ours);
    is($ours, $theirs, "$name: the same with both");
    like($ours, $expected, "$name: it came to a result");
    return;
}

same('testssl.sh, protocols', qr/^ TLS 1\.3 +offered \(OK\)/m,
    'testssl', '--openssl=DIRECTORY/openssl', '--ssl-native', '--color', '0', '--quiet', '--ip', $host, '-p', "localhost:$port");

my @check = ('bash', '/usr/lib/nagios/plugins/check_ssl_cert', '--openssl', 'DIRECTORY/openssl', '--ignore-ocsp', '--ignore-sct',
    '--ignore-maximum-validity', '--temp', work_dir(), '-H', 'localhost', '--resolve', $host, '-p', $port);
my @trust = ('-r', certificate('ca')->{cert});
same('check_ssl_cert, a trusted server', qr/^SSL_CERT OK .*server\.example/m, @check, @trust, '--cn', 'server.example');
same('check_ssl_cert, another name', qr/^SSL_CERT CRITICAL .*other\.example.*does not match/m, @check, @trust, '--cn', 'other.example');
same('check_ssl_cert, no trust', qr/^SSL_CERT CRITICAL/m, @check, '--cn', 'server.example');
same('check_ssl_cert, TLSv1.2 only', qr/^SSL_CERT OK/m, @check, @trust, '--cn', 'server.example', '--tls1_2');
same('check_ssl_cert, a version that the server lacks', qr/^SSL_CERT_CRITICAL : Unsupported protocol/m,
    @check, @trust, '--cn', 'server.example', '--tls1_1');

same('ssl-cert-check', qr/^localhost:$port +Valid /m, 'ssl-cert-check', '-s', 'localhost', '-p', $port);
same('ssl-cert-check, a port where nobody listens', qr/^localhost:\d+ +Connection refused/m,
    'ssl-cert-check', '-s', 'localhost', '-p', (split /:/, closed_address())[1]);

# testssl.sh finds that ours knows -no_ssl2, which the original gave up; that is a record of the spec.
my ($theirs, $ours) = map { slurp("$directory{$_}/calls") =~ s/\Q$directory{$_}\E/DIRECTORY/gr =~ s/ -no_ssl2 / /gr } qw(original ours);
cmp_ok(scalar(() = $ours =~ /-connect/g), '>', 40, 'the scripts asked s_client for connections');
is($ours, $theirs, 'they asked both for the same');

done_testing();
