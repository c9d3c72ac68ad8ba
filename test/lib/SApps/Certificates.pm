# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Certificates;

# Test certificates, made once a build by the system's openssl and shared by all recipes. They lie in BUILD/test-pki;
# nothing there is to be changed by a recipe.

use strict;
use warnings;

use Exporter qw(import);
use Fcntl qw(:flock);
use File::Path qw(make_path remove_tree);

use SApps::Build qw(build_dir spew);

our @EXPORT_OK = qw(certificate pki_dir);

# A name changes when the certificates do, so that an old set is not taken for the new one.
my $DIR     = build_dir() . '/test-pki-2';
my $OPENSSL = $ENV{SAPPS_OPENSSL} // '/usr/bin/openssl';
my $ready;

# [name, key, subject, extensions, signer, days]. With 0 days, it expired years ago.
my @LEAVES = (
    ['server',         'rsa',     '/O=s_apps/CN=server.example',  'server',  'ca',           3650],
    ['server-ecdsa',   'p256',    '/O=s_apps/CN=server.example',  'server',  'ca',           3650],
    ['server-ed25519', 'ed25519', '/O=s_apps/CN=server.example',  'server',  'ca',           3650],
    ['server-chain',   'rsa',     '/O=s_apps/CN=chain.example',   'server',  'intermediate', 3650],
    ['second',         'rsa',     '/O=s_apps/CN=second.example',  'second',  'ca',           3650],
    ['client',         'rsa',     '/O=s_apps/CN=client',          'client',  'ca',           3650],
    ['client-ecdsa',   'p256',    '/O=s_apps/CN=client-ecdsa',    'client',  'ca',           3650],
    ['expired',        'rsa',     '/O=s_apps/CN=expired.example', 'server',  'ca',           0],
    ['revoked',        'rsa',     '/O=s_apps/CN=revoked.example', 'server',  'ca',           3650],
    ['other',          'rsa',     '/O=other/CN=server.example',   'server',  'other-ca',     3650],
);

my $CONFIG = <<'END';
[req]
distinguished_name = dn
[dn]
[v3_ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = CA:false
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:server.example, DNS:localhost, DNS:*.wild.example, IP:127.0.0.1, IP:::1
[second]
basicConstraints = CA:false
extendedKeyUsage = serverAuth
subjectAltName = DNS:second.example
[client]
basicConstraints = CA:false
extendedKeyUsage = clientAuth
subjectAltName = email:client@example.com
[ca]
default_ca = revoker
[revoker]
database = index.txt
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_crl_days = 3650
new_certs_dir = .
rand_serial = yes
policy = any_name
[any_name]
organizationName = supplied
commonName = supplied
END

# certificate('NAME') gives { cert => PEM file, key => PEM file, der => ..., key_der => ..., p12 => ..., both => certificate
# and key in one PEM file, chain => the PEM file of the intermediate certificates, crl => ... }. Names:
#   ca, other-ca           authorities; `crl` of ca lists "revoked"
#   intermediate           an authority below ca
#   server                 RSA 2048, for server.example, localhost, *.wild.example, 127.0.0.1 and ::1; also its bundle
#                          (p12, password "secret") and its key under the password "secret" (enc_key)
#   server-ecdsa (P-256), server-ed25519, server-chain (below intermediate), second (for second.example)
#   client, client-ecdsa   for client authentication
#   expired, revoked       of the same ca
#   other                  server.example, but of other-ca, which nobody trusts
sub certificate {
    my ($name) = @_;
    _make() if !$ready;
    -e "$DIR/$name.pem" or die "there is no test certificate named '$name'\n";
    my %files = (cert => "$DIR/$name.pem", key => "$DIR/$name.key");
    for my $kind (qw(der p12 both enc_key key_der crl chain)) {
        $files{$kind} = "$DIR/$name.$kind" if -e "$DIR/$name.$kind";
    }
    return \%files;
}

# Their directory; "$dir/ca.pem" is for -CAfile, "$dir/hashed" for -CApath.
sub pki_dir {
    _make() if !$ready;
    return $DIR;
}

# One recipe makes them, the others wait.
sub _make {
    make_path(build_dir());
    open my $lock, '>', "$DIR.lock" or die "cannot write $DIR.lock: $!\n";
    flock $lock, LOCK_EX or die "cannot lock $DIR.lock: $!\n";
    if (!-e "$DIR/done") {
        remove_tree($DIR);
        make_path("$DIR/hashed");
        _fill();
        spew("$DIR/done", '');
    }
    close $lock;
    $ready = 1;
    return;
}

sub _fill {
    spew("$DIR/openssl.cnf", $CONFIG);
    _authority('ca', '/O=s_apps/CN=s_apps test CA');
    _authority('other-ca', '/O=other/CN=other CA');
    _key('intermediate', 'rsa');
    _sign('intermediate', '/O=s_apps/CN=s_apps intermediate CA', 'v3_ca', 'ca', 3650);
    for my $leaf (@LEAVES) {
        my ($name, $key, $subject, $extensions, $signer, $days) = @{$leaf};
        _key($name, $key);
        _sign($name, $subject, $extensions, $signer, $days);
        spew("$DIR/$name.both", _content("$name.pem") . _content("$name.key"));
    }
    spew("$DIR/server-chain.chain", _content('intermediate.pem'));
    _other_forms();
    _revoke('revoked');
    return;
}

sub _other_forms {
    for my $name (qw(server client)) {
        _openssl('x509', '-in', "$name.pem", '-outform', 'DER', '-out', "$name.der");
        _openssl('pkey', '-in', "$name.key", '-outform', 'DER', '-out', "$name.key_der");
        _openssl('pkey', '-in', "$name.key", '-aes-256-cbc', '-passout', 'pass:secret', '-out', "$name.enc_key");
        _openssl('pkcs12', '-export', '-in', "$name.pem", '-inkey', "$name.key", '-certfile', 'ca.pem', '-passout',
            'pass:secret', '-out', "$name.p12");
    }
    my $hash = _openssl('x509', '-in', 'ca.pem', '-noout', '-hash');
    chomp $hash;
    spew("$DIR/hashed/$hash.0", _content('ca.pem'));
    return;
}

sub _authority {
    my ($name, $subject) = @_;
    _key($name, 'rsa');
    _openssl(qw(req -x509 -config openssl.cnf -extensions v3_ca -days 3650 -sha256), '-key', "$name.key", '-subj',
        $subject, '-out', "$name.pem");
    return;
}

sub _key {
    my ($name, $kind) = @_;
    my %arguments = (
        rsa     => [qw(-algorithm RSA -pkeyopt rsa_keygen_bits:2048)],
        p256    => [qw(-algorithm EC -pkeyopt ec_paramgen_curve:P-256)],
        ed25519 => [qw(-algorithm ED25519)],
    );
    _openssl('genpkey', @{ $arguments{$kind} }, '-out', "$name.key");
    return;
}

sub _sign {
    my ($name, $subject, $extensions, $signer, $days) = @_;
    _openssl(qw(req -new -config openssl.cnf), '-key', "$name.key", '-subj', $subject, '-out', "$name.csr");
    return _sign_for_the_past($name, $extensions) if !$days;
    _openssl(qw(x509 -req -extfile openssl.cnf -sha256 -CAcreateserial), '-extensions', $extensions, '-in', "$name.csr",
        '-CA', "$signer.pem", '-CAkey', "$signer.key", '-days', $days, '-out', "$name.pem");
    return;
}

# `openssl x509` takes no dates before 3.4, and no negative days from there on.
sub _sign_for_the_past {
    my ($name, $extensions) = @_;
    spew("$DIR/index.txt", '');
    _openssl(qw(ca -batch -notext -config openssl.cnf -startdate 20200101000000Z -enddate 20210101000000Z),
        '-extensions', $extensions, '-in', "$name.csr", '-out', "$name.pem");
    return;
}

sub _revoke {
    my ($name) = @_;
    spew("$DIR/index.txt", '');
    _openssl('ca', '-config', 'openssl.cnf', '-revoke', "$name.pem");
    _openssl('ca', '-config', 'openssl.cnf', '-gencrl', '-out', 'ca.crl');
    return;
}

sub _content {
    my ($name) = @_;
    return SApps::Build::slurp("$DIR/$name");
}

# Runs openssl in the directory; gives its output, dies with its complaint.
sub _openssl {
    my @arguments = @_;
    my $pid = open(my $pipe, '-|') // die "fork: $!\n";
    if ($pid == 0) {
        chdir $DIR or POSIX::_exit(1);
        open STDIN, '<', '/dev/null';
        open STDERR, '>>', "$DIR/log";
        exec { $OPENSSL } $OPENSSL, @arguments or POSIX::_exit(127);
    }
    local $/ = undef;
    my $output = <$pipe> // '';
    close $pipe or die "openssl @arguments failed:\n" . _content('log');
    return $output;
}

1;
