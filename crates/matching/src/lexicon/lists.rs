//! The lists that a lexicon is made of, each with its file.

/// Which list of the lexicon a file extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `written form<TAB>standard form`
    Slang,
    /// `word`
    Stopwords,
    /// `word<TAB>unit|teen|scale|whole|half<TAB>value`
    NumberWords,
    /// `phrase<TAB>negator|refuser|canceller|denier|affirmer|idiom`
    Negation,
    /// `short name<TAB>full name`
    Entities,
    /// `code<TAB>name<TAB>needed|(empty)`
    OtherPlaces,
    /// `code<TAB>name<TAB>needed|(empty)`
    Places,
    /// `code<TAB>name<TAB>needed|(empty)`
    Districts,
    /// `phrase<TAB>start|end`
    Forwarded,
    /// `root word`
    Roots,
    /// `word` that is known when disguises are looked for and hashtags taken apart
    Words,
    /// `word<TAB>subject<TAB>a|b`; after stop words and roots, which it is read with
    Opposites,
    /// `phrase<TAB>all|most|some|few|none|only|not_all`
    Quantifiers,
    /// `name<TAB>code<TAB>body|office|other`
    Offices,
}

impl List {
    /// Every list with the name of its file, in the order in which they are read.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Slang, "slang.tsv"),
        (Self::Stopwords, "stopwords.tsv"),
        (Self::NumberWords, "number-words.tsv"),
        (Self::Negation, "negation.tsv"),
        (Self::Entities, "entities.tsv"),
        (Self::OtherPlaces, "places-other.tsv"),
        (Self::Places, "places.tsv"),
        (Self::Districts, "districts.tsv"),
        (Self::Forwarded, "forwarded.tsv"),
        (Self::Roots, "roots.tsv"),
        (Self::Words, "words.tsv"),
        (Self::Opposites, "opposites.tsv"),
        (Self::Quantifiers, "quantifiers.tsv"),
        (Self::Offices, "offices.tsv"),
    ];

    /// The list that a file of this name holds.
    pub fn of_file(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, file)| *file == name);
        found.map(|(list, _)| *list)
    }

    /// What a line of this list looks like.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Slang => "written form<TAB>standard form",
            Self::Stopwords | Self::Words => "word",
            Self::NumberWords => "word<TAB>unit, teen, scale, whole or half<TAB>value",
            Self::Negation => "phrase<TAB>negator, refuser, canceller, denier, affirmer or idiom",
            Self::Entities => "short name<TAB>full name",
            Self::OtherPlaces | Self::Places | Self::Districts => {
                "code<TAB>name<TAB>needed or nothing"
            }
            Self::Forwarded => "phrase<TAB>start or end",
            Self::Roots => "root word",
            Self::Opposites => "word<TAB>subject<TAB>a or b",
            Self::Quantifiers => "phrase<TAB>all, most, some, few, none, only or not_all",
            Self::Offices => "name<TAB>code<TAB>body, office or other",
        }
    }

    /// The lines that ship with the program.
    pub(super) fn shipped(self) -> &'static str {
        match self {
            Self::Slang => include_str!("../../../../reference/lexicon/slang.tsv"),
            Self::Stopwords => include_str!("../../../../reference/lexicon/stopwords.tsv"),
            Self::NumberWords => include_str!("../../../../reference/lexicon/number-words.tsv"),
            Self::Negation => include_str!("../../../../reference/lexicon/negation.tsv"),
            Self::Entities => include_str!("../../../../reference/lexicon/entities.tsv"),
            Self::OtherPlaces => include_str!("../../../../reference/lexicon/places-other.tsv"),
            Self::Places => include_str!("../../../../reference/lexicon/places.tsv"),
            Self::Districts => include_str!("../../../../reference/lexicon/districts.tsv"),
            Self::Forwarded => include_str!("../../../../reference/lexicon/forwarded.tsv"),
            Self::Roots => include_str!("../../../../reference/lexicon/roots.tsv"),
            Self::Words => include_str!("../../../../reference/lexicon/words.tsv"),
            Self::Opposites => include_str!("../../../../reference/lexicon/opposites.tsv"),
            Self::Quantifiers => include_str!("../../../../reference/lexicon/quantifiers.tsv"),
            Self::Offices => include_str!("../../../../reference/lexicon/offices.tsv"),
        }
    }
}
