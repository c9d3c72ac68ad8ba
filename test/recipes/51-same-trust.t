# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

# Identity and trust of s_client: the same verdict, lines and exit status with the original and with ours.

use SApps::Test;

use SApps::Compare qw(same_client);

my %feature = features();
my $ca = certificate('ca')->{cert};
my $dir = pki_dir();
my %server = map { $_ => SApps::Server->start(which => 'openssl', cert => $_) } qw(server expired revoked other);
my @to = ('-connect', 'localhost:' . $server{server}->port);

sub to { return ('-connect', 'localhost:' . $server{ $_[0] }->port) }

same_client('a CA file that has the issuer', ['-CAfile', $ca, @to]);
same_client('a CA directory that has the issuer', ['-CApath', "$dir/hashed", @to]);
same_client('a CA store that has the issuer', ['-CAstore', "file:$ca", @to]) if $feature{stores};
same_client('a CA file for verification only', ['-verifyCAfile', $ca, @to]);
same_client('the default CAs, which do not have it', [@to]);
same_client('no default CAs', ['-no-CAfile', '-no-CApath', $feature{stores} ? '-no-CAstore' : (), @to]);
same_client('an issuer that nobody trusts', ['-CAfile', $ca, to('other')]);
same_client('a certificate that has expired', ['-CAfile', $ca, to('expired')]);
same_client('an expired certificate, the time not looked at', ['-no_check_time', '-CAfile', $ca, to('expired')]);
same_client('a time long after the end', ['-attime', '4000000000', '-CAfile', $ca, @to]);
same_client('verification with a depth', ['-verify', '5', '-CAfile', $ca, @to]);
same_client('verification with a depth, briefly', ['-brief', '-verify', '5', '-CAfile', $ca, @to]);
same_client('a depth that is too small', ['-verify_depth', '0', '-CAfile', $ca, @to]);
same_client('verification that reports errors only', ['-verify_quiet', '-CAfile', $ca, @to]);
same_client('verification that reports errors only and finds one', ['-verify_quiet', to('other')]);
same_client('a failed verification that ends the handshake', ['-verify_return_error', to('other')]);
same_client('a verification that passes where a failure would end it', ['-verify_return_error', '-CAfile', $ca, @to]);
same_client('a failure that ends it, with a depth', ['-verify', '2', '-verify_return_error', to('expired')]);
same_client('the right host name', ['-verify_hostname', 'server.example', '-CAfile', $ca, @to]);
same_client('a wrong host name', ['-verify_hostname', 'wrong.example', '-CAfile', $ca, @to]);
same_client('a host name below a wildcard', ['-verify_hostname', 'a.wild.example', '-CAfile', $ca, @to]);
same_client('the right IP address', ['-verify_ip', '127.0.0.1', '-CAfile', $ca, @to]);
same_client('a wrong IP address', ['-verify_ip', '127.0.0.2', '-CAfile', $ca, @to]);
same_client('an e-mail address that is not in it', ['-verify_email', 'a@example.com', '-CAfile', $ca, @to]);
same_client('the purpose that it has', ['-purpose', 'sslserver', '-CAfile', $ca, @to]);
same_client('a purpose that it does not have', ['-purpose', 'sslclient', '-CAfile', $ca, @to]);
same_client('a policy by name', ['-verify_name', 'ssl_server', '-CAfile', $ca, @to]);
same_client('a revocation list that has it', ['-crl_check', '-CRL', certificate('ca')->{crl}, '-CAfile', $ca, to('revoked')]);
same_client('a revocation list that does not have it', ['-crl_check', '-CRL', certificate('ca')->{crl}, '-CAfile', $ca, @to]);
same_client('a check without a revocation list', ['-crl_check', '-CAfile', $ca, @to]);
same_client('a whole chain without revocation lists', ['-crl_check_all', '-CAfile', $ca, @to]);
same_client('strict rules', ['-x509_strict', '-CAfile', $ca, @to]);
same_client('the policy tree', ['-policy_print', '-policy', '1.2.3.4', '-CAfile', $ca, @to]);
same_client('a policy that is required', ['-policy', '1.2.3.4', '-explicit_policy', '-policy_check', '-CAfile', $ca, @to]);
same_client('a chain that may end below a root', ['-partial_chain', '-CAfile', certificate('server')->{cert}, @to]);
same_client('a security level that the key does not reach', ['-auth_level', '3', '-CAfile', $ca, @to]);
same_client('Suite B', ['-suiteB_128', '-CAfile', $ca, @to]);
same_client('names in another form', ['-nameopt', 'RFC2253', '-CAfile', $ca, @to]);
same_client('names in lines', ['-nameopt', 'multiline', '-CAfile', $ca, @to]);
same_client('names with two settings', ['-nameopt', 'oneline,-space_eq', '-CAfile', $ca, @to]);

my $asking = SApps::Server->start(which => 'openssl', args => ['-Verify', '3', '-CAfile', $ca]);
my @ask = ('-connect', 'localhost:' . $asking->port, '-CAfile', $ca);
my $client = certificate('client');
my $alert_or_reset = sub { $_[0] =~ s/^(?:THREAD|[0-9A-F]+):error:.*\n//mgr =~ s/^(?:read|write):errno=\d+\n//mgr };
same_client('a client certificate', ['-cert', $client->{cert}, '-key', $client->{key}, @ask]);
same_client('a client certificate in TLS 1.2', ['-tls1_2', '-cert', $client->{cert}, '-key', $client->{key}, @ask]);
same_client('certificate and key in one file', ['-cert', $client->{both}, @ask]) if $client->{both};
same_client('a client certificate in DER', ['-cert', $client->{der}, '-certform', 'DER', '-key', $client->{key_der}, '-keyform',
    'DER', @ask]);
same_client('an encrypted key', ['-cert', $client->{cert}, '-key', $client->{enc_key}, '-pass', 'pass:secret', @ask]);
same_client('an encrypted key and the pass phrase from the environment', ['-cert', $client->{cert}, '-key', $client->{enc_key},
    '-pass', 'env:SECRET', @ask], env => { SECRET => 'secret' });
same_client('an encrypted key and the pass phrase from a file', ['-cert', $client->{cert}, '-key', $client->{enc_key}, '-pass',
    'file:' . spew('secret', "secret\n"), @ask]);
same_client('an encrypted key and the pass phrase from standard input', ['-cert', $client->{cert}, '-key', $client->{enc_key},
    '-pass', 'stdin', @ask], stdin => "secret\n");
same_client('a client certificate of ECDSA', ['-cert', certificate('client-ecdsa')->{cert}, '-key',
    certificate('client-ecdsa')->{key}, @ask]);
same_client('no client certificate in TLS 1.2', ['-tls1_2', @ask], mask => $alert_or_reset, only => 'out');
same_client('a chain beside the certificate', ['-cert', $client->{cert}, '-key', $client->{key}, '-cert_chain', $ca, @ask]);
same_client('a chain that is built', ['-cert', $client->{cert}, '-key', $client->{key}, '-build_chain', '-chainCAfile', $ca, @ask]);
same_client('CA names for the server', ['-requestCAfile', $ca, '-cert', $client->{cert}, '-key', $client->{key}, @ask]);

done_testing;
