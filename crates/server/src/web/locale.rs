//! The words of the screens, from `crates/server/locales`, compiled in.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::language::Language;

macro_rules! files {
    ($($area:literal,)+) => {
        const INDONESIAN: &[&str] = &[$(include_str!(concat!("../../locales/id/", $area, ".ftl")),)+];
        const ENGLISH: &[&str] = &[$(include_str!(concat!("../../locales/en/", $area, ".ftl")),)+];
    };
}

files! { "frame", "portal", "access", "account", "passkey", "letters", "desk", "admin", "learning", "network", "agreement", "ledger", }

static INDONESIAN_BUNDLE: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(Language::Indonesian));
static ENGLISH_BUNDLE: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle(Language::English));

/// The text of `key`, with `arguments` set in; the key itself where there is no such text.
pub fn text(language: Language, key: &str, arguments: &FluentArgs<'_>) -> String {
    let bundle = match language {
        Language::Indonesian => &*INDONESIAN_BUNDLE,
        Language::English => &*ENGLISH_BUNDLE,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, language = language.code(), "a text is missing");
        return key.to_owned();
    };
    let mut faults = Vec::new();
    let text: Cow<'_, str> = bundle.format_pattern(pattern, Some(arguments), &mut faults);
    if !faults.is_empty() {
        tracing::error!(
            key,
            language = language.code(),
            ?faults,
            "a text could not be filled in"
        );
    }
    text.into_owned()
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let (identifier, files) = match language {
        Language::Indonesian => (unic_langid::LanguageIdentifier::default(), INDONESIAN),
        Language::English => (unic_langid::LanguageIdentifier::default(), ENGLISH),
    };
    let identifier = language.code().parse().unwrap_or(identifier);
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Both languages run left to right; the marks would only get into copied text.
    bundle.set_use_isolating(false);
    for file in files {
        let (resource, faults) = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) => (resource, Vec::new()),
            Err((resource, faults)) => (resource, faults),
        };
        if !faults.is_empty() {
            tracing::error!(
                language = language.code(),
                ?faults,
                "a locale file has faults"
            );
        }
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(language = language.code(), ?faults, "a text stands twice");
        }
    }
    bundle
}

/// Path and text of every source and template of this crate, for tests that read them.
#[cfg(test)]
pub(crate) fn sources() -> Vec<(String, String)> {
    let mut found = sources_in(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    found.extend(sources_in(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/templates"
    )));
    found
}

/// Path and text of every source and template below `folder`.
#[cfg(test)]
fn sources_in(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            let name = path.to_str().expect("a path in UTF-8").to_owned();
            if path.is_dir() {
                folders.push(name);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "rs" || ending == "html")
            {
                found.push((
                    name,
                    std::fs::read_to_string(&path).expect("a readable source"),
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(files: &[&str]) -> Vec<String> {
        let entries = files
            .iter()
            .flat_map(|file| file.lines())
            .filter_map(|line| line.split_once(" ="));
        let keys = entries
            .map(|(key, _)| key)
            .filter(|key| key.starts_with(|c: char| c.is_ascii_lowercase()));
        keys.map(str::to_owned).collect()
    }

    #[test]
    fn both_languages_say_the_same_things_once() {
        let (id, en) = (keys(INDONESIAN), keys(ENGLISH));
        let id_set: BTreeSet<_> = id.iter().collect();
        let en_set: BTreeSet<_> = en.iter().collect();
        assert_eq!(id_set.len(), id.len(), "a text stands twice in Indonesian");
        let uneven: Vec<_> = id_set.symmetric_difference(&en_set).collect();
        assert!(uneven.is_empty(), "only in one language: {uneven:?}");
    }

    #[test]
    fn every_file_reads_without_a_fault() {
        for file in INDONESIAN.iter().chain(ENGLISH) {
            if let Err((_, faults)) = FluentResource::try_new((*file).to_owned()) {
                panic!("{faults:?}");
            }
        }
    }

    #[test]
    fn every_text_that_is_asked_for_exists() {
        let known: BTreeSet<String> = keys(INDONESIAN).into_iter().collect();
        let mut missing = Vec::new();
        for (path, text) in sources() {
            for call in [".t(\"", ".t1(\"", ".n(\""] {
                for part in text.split(call).skip(1) {
                    let key = part.split('"').next().unwrap_or_default();
                    // The splits above find themselves in this file.
                    if !known.contains(key) && !path.ends_with("locale.rs") {
                        missing.push(format!("{path}: {key}"));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    /// Whether `all` names `key`, or builds it from a beginning of it: `"audit-{}"`, or
    /// `"desk-filter-time"` with an ending set behind.
    fn is_named(all: &str, key: &str) -> bool {
        all.contains(&format!("\"{key}\""))
            || key.match_indices('-').any(|(at, _)| {
                let built = all.contains(&format!("\"{}-{{", &key[..at]));
                let ended = all.contains(&format!("\"{}\"", &key[..at]))
                    && all.contains(&format!("}}{}\"", &key[at..]));
                built || ended
            })
    }

    #[test]
    fn every_text_is_used() {
        let domain = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/src");
        let all: String = sources()
            .into_iter()
            .chain(sources_in(domain))
            .map(|(_, text)| text)
            .collect();
        let unused: Vec<_> = keys(INDONESIAN)
            .into_iter()
            .filter(|key| !is_named(&all, key))
            .collect();
        assert!(unused.is_empty(), "no source names {unused:#?}");
        let never = ["nobody", "says", "this"].join("-");
        assert!(!is_named(&all, &never));
    }

    #[test]
    fn arguments_are_set_in_without_marks() {
        let mut arguments = FluentArgs::new();
        arguments.set("name", "Redaktur A");
        let text = text(Language::Indonesian, "frame-signed-in-as", &arguments);
        assert!(
            text.contains("Redaktur A") && !text.contains('\u{2068}'),
            "{text}"
        );
    }
}
