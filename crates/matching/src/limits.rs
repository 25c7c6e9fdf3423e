//! Every bound of this crate, with its unit in its name, in one place.

/// Longest stretch of a text that copy detection reads, in bytes.
pub const COPY_TEXT_BYTES_MAX: usize = 32 * 1024;
/// Longest note that is kept beside a text of the copy index, in bytes; a longer one is not kept.
pub const COPY_NOTE_BYTES_MAX: usize = 4 * 1024;
/// Longest stretch of a text that claim search reads, in bytes.
pub const QUERY_TEXT_BYTES_MAX: usize = 16 * 1024;
/// Most tokens that claim search reads from a query.
pub const QUERY_TOKENS_MAX: usize = 1_200;
/// Longest word that is looked at as a word, in bytes; the rest of it is dropped.
pub const WORD_BYTES_MAX: usize = 64;
/// Longest stretch of one field of a check that the index reads, in bytes.
pub const CLAIM_FIELD_BYTES_MAX: usize = 8 * 1024;

/// Values in a signature.
pub const SIGNATURE_VALUES: usize = 64;
/// Bands of a signature, each of four values.
pub const BANDS: usize = 16;
/// Fewest distinct character 4-grams that give a fingerprint.
pub const FINGERPRINT_GRAMS_MIN: usize = 12;
/// Fewest words that give a fingerprint.
pub const FINGERPRINT_WORDS_MIN: usize = 2;

/// Most slots with one band value that one band table keeps: hotter bands lose members,
/// the other fifteen bands still find them.
pub const BAND_ENTRIES_MAX: usize = 32;
/// Most table cells that one look-up walks before it gives up.
pub const PROBE_CELLS_MAX: usize = 1_024;
/// Most candidates whose signature is compared in one look-up.
pub const COPY_CANDIDATES_MAX: usize = 96;
/// Most candidates whose text is compared in one look-up.
pub const COPY_VERIFIED_MAX: usize = 8;
/// Most slots of one copy index: slot numbers share their cell with a tag.
pub const COPY_SLOTS_MAX: u32 = (1 << 25) - 2;
/// Bytes of one chunk of the text arena.
pub const ARENA_CHUNK_BYTES: usize = 1024 * 1024;

/// Candidates that the word index hands to the ranking.
pub const CANDIDATES: usize = 60;
/// Candidates that are nearest in meaning and join the ranking.
pub const CANDIDATES_BY_MEANING: usize = 30;
/// Words at the beginning of a text that count as its opening.
pub const OPENING_TERMS: usize = 12;
/// Results of one answer.
pub const RESULTS: usize = 10;
/// Shared words and spans listed with one result.
pub const SHARED_SPANS_MAX: usize = 64;
/// Distinct character 4-grams of a claim that are kept for ranking.
pub const CLAIM_GRAMS_MAX: usize = 512;
/// Distinct words of a check that are indexed.
pub const CLAIM_TERMS_MAX: usize = 512;
/// Fewer texts than this are weighed as if there were so many.
pub const ARCHIVE_ENTRIES: usize = 10_000;

/// Words of either side that the difference of two texts aligns; longer middles are
/// shown as one removal and one addition.
pub const DIFFERENCE_WORDS_MAX: usize = 1_500;

/// `text` cut to at most `bytes_max` bytes, never inside a character.
pub(crate) fn cut(text: &str, bytes_max: usize) -> &str {
    if text.len() <= bytes_max {
        return text;
    }
    let mut end = bytes_max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
