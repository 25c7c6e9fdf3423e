//! The house rules, held against this repository.

#![cfg(test)]

use tidy::tree::{Tree, repository_root};
use tidy::{edges, lints, locales, names, paths, settings, siblings, size, wording};

fn check(rule: fn(&Tree) -> Vec<String>) {
    let tree = Tree::read(&repository_root()).expect("the repository can be read");
    let offences = rule(&tree);
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn crates_depend_only_downwards() {
    check(edges::forbidden_edges);
}

#[test]
fn crates_keep_the_lints_of_the_workspace() {
    check(lints::lowered_lints);
}

#[test]
fn files_are_named_after_what_they_hold() {
    check(names::empty_names);
}

#[test]
fn types_keep_to_the_vocabulary() {
    check(names::taken_words);
}

#[test]
fn files_are_about_one_concept() {
    check(size::long_files);
}

#[test]
fn documents_name_only_what_exists() {
    check(paths::missing_paths);
}

#[test]
fn both_languages_say_everything() {
    check(locales::uneven_locales);
}

#[test]
fn pages_ask_only_for_sentences_that_exist() {
    check(locales::unknown_keys);
}

#[test]
fn every_setting_is_written_down() {
    check(settings::undocumented_settings);
}

#[test]
fn nothing_ties_the_tree_to_one_machine() {
    check(wording::foreign_places);
}

#[test]
fn no_check_is_silenced() {
    check(wording::silenced_checks);
}

#[test]
fn nothing_is_left_unfinished() {
    check(wording::unfinished_work);
}

#[test]
fn both_databases_have_every_migration() {
    check(siblings::lonely_migrations);
}

#[test]
fn reference_data_says_where_it_is_from() {
    check(siblings::data_without_source);
}
