# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.

package SApps::Build;

# Where the build, the sources and the recipe's own directory are. All paths are absolute.

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename dirname);
use File::Find qw(find);
use File::Path qw(make_path remove_tree);
use File::Spec;

our @EXPORT_OK = qw(source_dir build_dir program generated features sanitized compiler objects work_dir slurp spew);

# What a user has set for other work: the language of messages, ways to the net, whom to trust, where to log keys, and who
# may read new files. No recipe depends on it.
delete @ENV{qw(SSLKEYLOGFILE SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE LANGUAGE), grep { /_proxy\z/i } keys %ENV};
$ENV{LC_ALL} = 'C.UTF-8';
umask 022;

my $SOURCE = abs_path(File::Spec->catdir(dirname(abs_path(__FILE__)), File::Spec->updir, File::Spec->updir, File::Spec->updir));
my $BUILD  = File::Spec->rel2abs($ENV{BUILD} // 'build', $SOURCE);
my $work;

# The root of the source tree.
sub source_dir {
    return $SOURCE;
}

# The build directory: $BUILD, or build/.
sub build_dir {
    return $BUILD;
}

# The path of a built program: 's_client', 's_server', 's_apps' or another of the build's bin/.
sub program {
    my ($name) = @_;
    my $path = "$BUILD/bin/$name";
    -x $path or die "$path does not exist: run make first, or set BUILD to the build directory\n";
    return $path;
}

# The path of a file that the generator wrote, for example generated('options.json').
sub generated {
    my ($name) = @_;
    return "$BUILD/gen/$name";
}

# The features that this build has, as a hash from name to 1.
sub features {
    return map { /^sapp_feature (\w+) 1$/ ? ($1 => 1) : () } split /\n/, slurp("$BUILD/features.list");
}

# Whether the programs are built with sanitizers: memory and time say little about them then, and valgrind cannot run them.
sub sanitized {
    return slurp("$BUILD/flags") =~ /-fsanitize/;
}

# The compiler of this build with its flags, and the libraries to link: two lists.
sub compiler {
    my @command = split ' ', slurp("$BUILD/flags");
    my ($libraries) = grep { $command[$_] =~ /^-l/ } 0 .. $#command;
    my @flags = map { /^-I([^\/].*)/ ? "-I$SOURCE/$1" : $_ } @command[0 .. $libraries - 1];
    return ([@flags, "-I$BUILD/probe"], [@command[$libraries .. $#command]]);
}

# The object files of this build below folders of its obj/: objects('lib', 'apps').
sub objects {
    my (@folders) = @_;
    my @found;
    find(sub { push @found, $File::Find::name if /\.o$/ }, map { "$BUILD/obj/$_" } @folders);
    return sort @found;
}

# This recipe's own empty directory, which is the current one from then on. What a run leaves there stays to be looked
# at. Sockets are named by a relative path, because a long one does not fit.
sub work_dir {
    return $work if defined $work;
    my $name = basename($0, '.t');
    my $path = "$BUILD/test-runs/$name";
    remove_tree($path);
    make_path($path);
    chdir $path or die "cannot change to $path: $!\n";
    return $work = $path;
}

# The whole content of a file, as bytes.
sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "cannot read $path: $!\n";
    local $/ = undef;
    my $content = <$file> // '';
    close $file or die "cannot read $path: $!\n";
    return $content;
}

# Writes bytes to a file; gives its name back.
sub spew {
    my ($path, $content) = @_;
    open my $file, '>:raw', $path or die "cannot write $path: $!\n";
    print {$file} $content or die "cannot write $path: $!\n";
    close $file or die "cannot write $path: $!\n";
    return $path;
}

1;
