# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# -WWW and -HTTP serve regular files below the current directory, and nothing else, whatever a request says.

use SApps::Test;

use Cwd qw(getcwd);
use IO::Socket::UNIX;
use POSIX ();

use SApps::Wire qw(fetch fetch_by_curl);

# The server stands in web/; beside it lies what nobody may have.
my $secret = 'the secret that lies outside';
my $top = getcwd();
mkdir $_ for qw(web web/folder web/folder/deep beside);
spew($_, $secret) for qw(secret.txt beside/secret.txt web-secret.txt);
spew('web/file.txt', "some text\n");
spew('web/folder/deep/inner.txt', "inner text\n");
spew('web/a..b', "two dots\n");
spew('web/...', "three dots\n");
spew('web/%2e%2e', "not decoded\n");
spew('web/empty', '');
spew('web/closed', $secret);
chmod 0, 'web/closed';
symlink 'file.txt', 'web/link';
symlink 'folder/deep', 'web/folder-link';
symlink '../secret.txt', 'web/link-out';
symlink "$top/secret.txt", 'web/absolute-link-out';
symlink '../beside', 'web/folder-out';
symlink '/proc/self/root', 'web/magic';
symlink 'loop', 'web/loop';
symlink 'nowhere', 'web/dangling';
POSIX::mkfifo('web/fifo', 0666);
symlink '/dev/zero', 'web/device';
my $socket = IO::Socket::UNIX->new(Local => 'web/socket', Listen => 1);

my %server;
for my $mode ('-WWW', '-HTTP') {
    chdir "$top/web";
    $server{$mode} = SApps::Server->start(args => [$mode]);
    chdir $top;
}
my $www = $server{'-WWW'};

# The answer to a path: status, body. A raw file of -HTTP has no header.
sub ask {
    my ($server, $path) = @_;
    return fetch($server, "GET $path HTTP/1.0\r\n\r\n", timeout => 10)->out;
}

sub body { return $_[0] =~ s/\A.*?\r\n\r\n//sr }

my %good = (
    '/file.txt' => "some text\n", '/./file.txt' => "some text\n", '/folder/deep/inner.txt' => "inner text\n",
    '/a..b' => "two dots\n", '/...' => "three dots\n", '/%2e%2e' => "not decoded\n", '/empty' => '',
    '/link' => "some text\n", '/folder-link/inner.txt' => "inner text\n",
);
for my $path (sort keys %good) {
    my $answer = ask($www, $path);
    like($answer, qr{\AHTTP/1\.0 200 ok\r\nContent-type: text/plain\r\n\r\n}, "$path: is served");
    is(body($answer), $good{$path}, "$path: it is the file");
    is(ask($server{'-HTTP'}, $path), $good{$path}, "$path: -HTTP sends it as it is");
}

my @bad = (
    ['404', 'missing files',          qw(/none /folder/none /none/none /file.txt/x /dangling / /file.txt?x=1)],
    ['40[34]', 'ways up',             qw(/.. /../ /../secret.txt /folder/../../secret.txt /folder/../file.txt /./../secret.txt
                                      /../web-secret.txt /..//secret.txt)],
    ['40[34]', 'encoded ways up',     qw(/%2e%2e/secret.txt /%2e%2e%2fsecret.txt /..%2fsecret.txt /%252e%252e/secret.txt
                                      /%c0%ae%c0%ae/secret.txt /..%00/secret.txt)],
    ['40[34]', 'doubled slashes',     "//$top/secret.txt", qw(//file.txt /folder//deep/inner.txt ///etc/passwd /file.txt/)],
    ['40[034]', 'backslashes',         '/..\\secret.txt', '/..\\..\\secret.txt', '/folder\\..\\..\\secret.txt', '\\..\\secret.txt'],
    ['40[034]', 'absolute paths',     "$top/secret.txt", '/etc/passwd', "file://$top/secret.txt", "https://localhost/../secret.txt",
                                      'c:/secret.txt', '/c:secret.txt'],
    ['40[34]', 'links that lead out', qw(/link-out /absolute-link-out /folder-out/secret.txt /magic/etc/passwd /loop /device)],
    ['40[34]', 'no regular files',    qw(/fifo /socket /folder /folder/ /folder/. /. /folder-out)],
);
for my $case (@bad) {
    my ($status, $what, @paths) = @{$case};
    for my $mode (sort keys %server) {
        my @wrong = grep { $_->[1] !~ m{\AHTTP/1\.0 $status \w} || index($_->[1], $secret) >= 0 }
            map { [$_, ask($server{$mode}, $_)] } @paths;
        is_deeply(\@wrong, [], "$mode: $what are refused with their status");
    }
}
SKIP: {
    skip 'root may read every file', 1 if $> == 0;
    like(ask($www, '/closed'), qr{\AHTTP/1\.0 403 }, 'a file that may not be read is refused');
}

# Requests that are no requests.
for my $case (
    ['a NUL byte in the path', "GET /file.txt\0.html HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 40\d }],
    ['a NUL byte after a way up', "GET /../secret.txt\0 HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 40\d }],
    ['a tab in the path', "GET /file\t.txt HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 40\d }],
    ['a path of 5,000 bytes', 'GET /' . 'a/' x 2500 . " HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 40\d }],
    ['a name of 300 bytes', 'GET /' . 'a' x 300 . " HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 40\d }],
    ['a line of 100,000 bytes', 'GET /' . 'a' x 100_000 . " HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 414 }],
    ['100,000 bytes without a line end', 'x' x 100_000, qr{\AHTTP/1\.0 414 }],
    ['no version', "GET /file.txt\r\n\r\n", qr{\AHTTP/1\.0 400 }],
    ['no path', "GET\r\n\r\n", qr{\AHTTP/1\.0 400 }],
    ['two spaces', "GET  /file.txt HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 400 }],
    ['another method', "DELETE /file.txt HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 501 }],
    ['a method in small letters', "get /file.txt HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 501 }],
    ['garbage', join('', map { chr } 0 .. 9, 11 .. 255) . "\n", qr{\AHTTP/1\.0 [45]0\d }],
    ['empty lines before it', "\r\n\r\nGET /file.txt HTTP/1.0\r\n\r\n", qr{\AHTTP/1\.0 200 ok\r\n.*some text\n\z}s],
    ['bare line feeds', "GET /file.txt HTTP/1.0\n\n", qr{\AHTTP/1\.0 200 ok\r\n.*some text\n\z}s],
    ['headers of 50,000 bytes', "GET /file.txt HTTP/1.1\r\n" . ("X: " . 'y' x 997 . "\r\n") x 50 . "\r\n", qr{some text\n\z}],
    ['a second request behind it', "GET /file.txt HTTP/1.0\r\n\r\nGET /a..b HTTP/1.0\r\n\r\n", qr{\r\n\r\nsome text\n\z}],
) {
    my ($what, $request, $expected) = @{$case};
    my $client = fetch($www, $request, timeout => 10);
    like($client->out, $expected, "$what: is answered");
}
{
    my $client = SApps::Process->start(command => [openssl('s_client', '-quiet', $www->target)]);
    $client->send('GET /file');
    ok(!$client->expect(qr/HTTP/, 0.5), 'half a request line waits');
    is(body(ask($www, '/file.txt')), "some text\n", 'while others are served');
    $client->send(".txt HTTP/1.0\r\n\r\n");
    ok($client->expect(qr/some text\n/), 'its other half is answered');
}

# The same by curl.
for my $version ('--http1.0', '--http1.1') {
    is(fetch_by_curl($www, '/file.txt', $version, '-w', '%{http_code}')->out, "some text\n200", "curl $version gets a file");
    is(fetch_by_curl($www, '/none', $version, '-o', 'answer', '-w', '%{http_code}')->out, '404', "curl $version: a missing file");
    my $head = fetch_by_curl($www, '/file.txt', $version, '-I');
    ended($head, 0, "curl $version: HEAD");
    is($head->out, "HTTP/1.0 200 ok\r\nContent-type: text/plain\r\n\r\n", "curl $version: HEAD brings the header alone");
    like(fetch_by_curl($www, '/none', $version, '-I')->out, qr{\AHTTP/1\.0 404 }, "curl $version: HEAD of a missing file");
}

# What the server writes about them is safe for a terminal.
ask($www, "/none\e[31m");
like(ask($www, "/other\e]0;x\a"), qr{\AHTTP/1\.0 40\d }, 'a name with control bytes is refused');
unlike($www->err . $www->out, qr/[\e\a\0]/, 'control bytes of a request never reach the terminal');

# A file that is cut short while it is sent, to a client that rests meanwhile.
for my $left (0, 100) {
    my $size = 64 << 20;
    open my $file, '>', 'web/big' or die "web/big: $!\n";
    truncate $file, $size;
    my $fetch = SApps::Process->start(stdin => 'none', command => ['curl', '-sk', '--limit-rate', '16M', '-o', 'got', 'https://' . $www->address . '/big']);
    wait_until { -s 'got' };
    kill STOP => $fetch->pid;
    truncate $file, $left;
    close $file;
    is(body(ask($www, '/file.txt')), "some text\n", 'while a large file is being sent others are served');
    kill CONT => $fetch->pid;
    ended($fetch, 0, "a file that is cut to $left bytes while it is sent ends the answer");
    cmp_ok(-s 'got', '<', $size, 'which is shorter then');
    unlink 'got';
}
unlink 'web/big';
ok($_->running, 'the server runs on') for values %server;

done_testing;
