//! One-permutation MinHash over character 4-grams: 64 values of eight bits.

use crate::limits::{BANDS, FINGERPRINT_GRAMS_MIN, FINGERPRINT_WORDS_MIN, SIGNATURE_VALUES};

/// 64 MinHash values, eight bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; SIGNATURE_VALUES]);

impl Signature {
    /// The values as stored.
    pub fn as_bytes(&self) -> &[u8; SIGNATURE_VALUES] {
        &self.0
    }

    /// Values read back from storage.
    pub fn from_bytes(bytes: [u8; SIGNATURE_VALUES]) -> Self {
        Self(bytes)
    }

    /// The four values of one band as a number.
    pub(crate) fn band(&self, band: usize) -> u32 {
        let at = band * 4;
        u32::from_le_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
    }
}

/// What the copy index needs to know of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// The MinHash values.
    pub signature: Signature,
    /// The values in groups of four: texts that share a band are compared.
    pub bands: [u32; BANDS],
    /// Hash of the whole normalised text.
    pub exact: u64,
}

/// The fingerprint of a text from [`crate::normalise::for_copies`]; none where the text
/// is too short for resemblance to mean anything: such texts are copies only when equal.
pub fn fingerprint(normalised: &str) -> Option<Fingerprint> {
    let mut words = normalised.split(' ').filter(|word| !word.is_empty());
    words.nth(FINGERPRINT_WORDS_MIN - 1)?;
    let mut least = [u64::MAX; SIGNATURE_VALUES];
    let mut grams = 0_usize;
    for_each_gram(normalised, |gram| {
        grams += 1;
        let hash = mix(gram);
        // The bin comes from the top six bits, the order from the rest.
        let bin = (hash >> 58) as usize;
        let value = hash << 6;
        if value < least[bin] {
            least[bin] = value;
        }
    });
    if grams < FINGERPRINT_GRAMS_MIN
        || distinct_at_most(normalised, grams, FINGERPRINT_GRAMS_MIN - 1)
    {
        return None;
    }
    let mut values = [0_u8; SIGNATURE_VALUES];
    for (bin, value) in values.iter_mut().enumerate() {
        // Bits 6..14 of the shifted value: the low end, nearly independent of the order.
        *value = (least[filled_bin(&least, bin)] >> 6) as u8;
    }
    let signature = Signature(values);
    let mut bands = [0; BANDS];
    for (band, value) in bands.iter_mut().enumerate() {
        *value = signature.band(band);
    }
    Some(Fingerprint {
        signature,
        bands,
        exact: hash_text(normalised),
    })
}

/// Share of equal values, corrected for values that are equal by chance: an estimate of
/// the Jaccard resemblance, 0 to 1.
pub fn resemblance(a: &Signature, b: &Signature) -> f32 {
    let equal = a.0.iter().zip(&b.0).filter(|(x, y)| x == y).count();
    let share = equal as f32 / SIGNATURE_VALUES as f32;
    let chance = 1.0 / 256.0;
    ((share - chance) / (1.0 - chance)).max(0.0)
}

/// True Jaccard resemblance of the character 4-gram sets of two normalised texts, 0 to 1;
/// two texts without grams are alike only when equal.
pub fn jaccard(a: &str, b: &str) -> f32 {
    let (x, y) = (GramSet::new(a), GramSet::new(b));
    if x.len() == 0 && y.len() == 0 {
        return if a == b { 1.0 } else { 0.0 };
    }
    x.jaccard(&y)
}

/// The sorted distinct character 4-grams of a text.
pub(crate) struct GramSet(Vec<u64>);

impl GramSet {
    pub(crate) fn new(text: &str) -> Self {
        let mut grams = Vec::with_capacity(text.len());
        for_each_gram(text, |gram| grams.push(gram));
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn shared(&self, other: &Self) -> usize {
        let (mut i, mut j, mut shared) = (0, 0, 0);
        while i < self.0.len() && j < other.0.len() {
            let (x, y) = (self.0[i], other.0[j]);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
            shared += usize::from(x == y);
        }
        shared
    }

    pub(crate) fn jaccard(&self, other: &Self) -> f32 {
        let shared = self.shared(other);
        let union = self.len() + other.len() - shared;
        if union == 0 {
            0.0
        } else {
            shared as f32 / union as f32
        }
    }
}

/// Calls `each` for every run of four characters, sixteen bits of each character.
pub(crate) fn for_each_gram(text: &str, mut each: impl FnMut(u64)) {
    let mut window = 0_u64;
    let mut seen = 0_u32;
    for c in text.chars() {
        let code = u64::from(u32::from(c));
        window = (window << 16) | ((code ^ (code >> 16)) & 0xffff);
        seen += 1;
        if seen >= 4 {
            each(window);
        }
    }
}

fn distinct_at_most(text: &str, grams: usize, most: usize) -> bool {
    // A text much longer than the bound can still repeat one word; only then is it counted.
    if grams > 4 * most {
        let mut few = Vec::with_capacity(most + 1);
        let mut over = false;
        for_each_gram(text, |gram| {
            if !over && !few.contains(&gram) {
                few.push(gram);
                over = few.len() > most;
            }
        });
        return !over;
    }
    GramSet::new(text).len() <= most
}

/// The bin that lends its value to an empty `bin`: the first filled one of a fixed
/// pseudo-random walk, so that two texts with the same bins borrow alike.
fn filled_bin(least: &[u64; SIGNATURE_VALUES], bin: usize) -> usize {
    let mut at = bin;
    let mut attempt = 0_u64;
    while least[at] == u64::MAX {
        attempt += 1;
        at = if attempt < 512 {
            (mix(((bin as u64) << 32) | attempt) >> 58) as usize
        } else {
            (at + 1) % SIGNATURE_VALUES
        };
    }
    at
}

/// A 64-bit finaliser (the constants of SplitMix64).
pub(crate) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// 64-bit hash of a text, the same on every machine.
pub(crate) fn hash_text(text: &str) -> u64 {
    let mut hash = 0x9ae1_6a3b_2f90_404f_u64 ^ (text.len() as u64);
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash >> 32;
    }
    let mut word = [0; 8];
    let rest = chunks.remainder();
    word[..rest.len()].copy_from_slice(rest);
    mix(hash ^ u64::from_le_bytes(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn oracle(a: &str, b: &str) -> f32 {
        let grams = |text: &str| -> HashSet<String> {
            let chars: Vec<char> = text.chars().collect();
            chars.windows(4).map(|w| w.iter().collect()).collect()
        };
        let (x, y) = (grams(a), grams(b));
        let union = x.union(&y).count();
        if union == 0 {
            return if a == b { 1.0 } else { 0.0 };
        }
        x.intersection(&y).count() as f32 / union as f32
    }

    proptest! {
        #[test]
        fn jaccard_is_that_of_the_gram_sets(a in "[a-d ]{0,60}", b in "[a-d ]{0,60}") {
            prop_assert!((jaccard(&a, &b) - oracle(&a, &b)).abs() < 1e-6);
        }

        #[test]
        fn any_text_gives_a_fingerprint_or_none(text in "\\PC{0,200}") {
            if let Some(print) = fingerprint(&text) {
                prop_assert!(resemblance(&print.signature, &print.signature) > 0.999);
                prop_assert_eq!(Signature::from_bytes(*print.signature.as_bytes()), print.signature);
            }
        }
    }

    #[test]
    fn the_estimate_follows_the_true_resemblance() {
        let words: Vec<String> = (0..400)
            .map(|i| format!("kata{:x}", mix(i) & 0xffff))
            .collect();
        let mut error = 0.0;
        let mut count = 0.0;
        for shift in 0..30_usize {
            let a = words[0..30].join(" ");
            let b = words[shift..shift + 30].join(" ");
            let (x, y) = (fingerprint(&a).unwrap(), fingerprint(&b).unwrap());
            error += (resemblance(&x.signature, &y.signature) - jaccard(&a, &b)).abs();
            count += 1.0;
        }
        assert!(error / count < 0.06, "mean error {}", error / count);
    }

    #[test]
    fn short_texts_have_none() {
        for text in [
            "",
            "ok",
            "mantap jiwa",
            "satukatapanjangsekalitanpaspasi",
            "ha ha ha ha ha ha ha ha ha ha",
        ] {
            assert!(fingerprint(text).is_none(), "{text}");
        }
        assert!(fingerprint("kpu menetapkan hasil pemilu").is_some());
    }

    #[test]
    fn the_values_are_the_same_on_every_machine() {
        let print = fingerprint("kpu menetapkan hasil pemilu hari ini").unwrap();
        assert_eq!(hash_text("kentongan"), hash_text("kentongan"));
        assert_eq!(print.bands[0], print.signature.band(0));
    }
}
