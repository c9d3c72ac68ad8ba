#!/usr/bin/env perl
# Copyright 2026 The s_apps Authors.
# Licensed under the Apache License 2.0 (the "License"); see LICENSE.
#
# Turns a manual page from POD into HTML: html.pl IN.pod OUT.html NAME... where NAME are the pages that lie beside it.
# An option that is named in the text links to its description. Nothing else than the POD decides the result.

use strict;
use warnings;

package Local::Page;
use parent 'Pod::Simple::XHTML';

sub resolve_man_page_link {
    my ($self, $to, $section) = @_;
    my ($page) = $to =~ /^([^(]+)/;
    return $self->{local_pages}{$page} ? "$page.html" . (defined $section ? "#$section" : '') : undef;
}

package main;

my ($in, $out, @pages) = @ARGV;
die "usage: html.pl IN.pod OUT.html NAME...\n" unless defined $out;

my $page = Local::Page->new;
$page->{local_pages} = { map { $_ => 1 } @pages };
$page->html_charset('UTF-8');
$page->html_doctype('<!DOCTYPE html>');
$page->html_header_tags('<meta name="viewport" content="width=device-width, initial-scale=1"><style>' . style() . '</style>');
$page->index(1);
$page->output_string(\my $html);
$page->force_title(($in =~ m{([^/]+)\.pod$})[0]);
$page->parse_file($in);
die "$in: not all of it is POD\n" if $page->any_errata_seen;

write_file($out, link_options($html));

# Gives each option's heading an id, and each other place that names the option a link to it.
sub link_options {
    my ($text) = @_;
    my %id;
    $text =~ s{<dt>(.*?)</dt>}{
        my $term = $1;
        $term =~ s{<b>(-[\w-]+)</b>}{
            my $option = $1;
            $id{$option}++ ? "<b>$option</b>" : "<b id=\"option$option\">$option</b>";
        }ge;
        "<dt>$term</dt>";
    }ge;
    $text =~ s{<b>(-[\w-]+)</b>}{ $id{$1} ? "<a href=\"#option$1\"><b>$1</b></a>" : "<b>$1</b>" }ge;
    return $text;
}

sub write_file {
    my ($path, $text) = @_;
    open my $file, '>:encoding(UTF-8)', $path or die "cannot write $path: $!\n";
    print {$file} $text;
    close $file or die "cannot write $path: $!\n";
    return;
}

sub style {
    return join ' ', (
        'body{font:16px/1.5 sans-serif;max-width:54em;margin:2em auto;padding:0 1em}',
        'pre{background:#f4f4f4;padding:.5em 1em;overflow-x:auto}',
        'dt{margin-top:1em} dd{margin-left:2em}',
        'a{color:#0645ad;text-decoration:none} a:hover{text-decoration:underline}',
        '@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}pre{background:#222}a{color:#8ab4f8}}',
    );
}
