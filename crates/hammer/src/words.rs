//! Texts from a seed and a number: claims, everyday posts, and what people do to a copy.

/// Words most sentences are made of.
const COMMON: &[&str] = &[
    "yang", "dan", "di", "ke", "dari", "untuk", "dengan", "ini", "itu", "pada", "tidak", "sudah",
    "akan", "oleh", "kata", "warga", "orang", "hari", "tahun", "bisa", "ada", "karena", "saat",
    "jadi", "lebih", "kami", "mereka", "kita", "juga", "masih", "semua", "banyak", "baru",
    "setelah", "hanya", "para", "bahwa", "sebagai", "dalam", "secara", "agar", "harus", "belum",
    "pemilu", "suara", "surat", "kotak", "petugas", "calon", "hasil", "daftar", "pemilih", "tps",
    "hitung", "kpu", "bawaslu", "kampanye", "partai", "kartu", "video", "foto", "kabar", "resmi",
];

/// Parts of the rarer words: 24³ and more of them.
const BEGIN: &[&str] = &[
    "ba", "ce", "da", "fa", "ga", "ha", "ja", "ka", "la", "ma", "na", "pa", "ra", "sa", "ta", "wa",
    "be", "di", "ko", "lu", "mi", "pu", "si", "tu",
];
const MIDDLE: &[&str] = &[
    "ran", "bel", "cut", "dom", "gis", "han", "jur", "kel", "lim", "mor", "nar", "pin", "rus",
    "sel", "tam", "wir", "yun", "bak", "den", "gol", "kur", "lat", "mas", "pel",
];
const END: &[&str] = &[
    "an", "ika", "u", "eng", "ar", "asi", "i", "um", "o", "ela", "ut", "is", "ora", "en", "al",
    "up", "ita", "ung", "ak", "esi", "or", "ing", "ap", "oh",
];

/// A stream of numbers from a seed (`SplitMix64`): the same on every machine and version.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Numbers that depend on both words.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        dice.roll();
        dice
    }

    /// The next 64 bits.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, evenly.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let scaled = (u128::from(self.roll()) * bound as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `bound`, small values far more often.
    fn skewed(&mut self, bound: usize) -> usize {
        let third = bound as f64 * self.unit().powi(3);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to bound"
        )]
        let place = third as usize;
        place.min(bound.saturating_sub(1))
    }
}

fn rare_word(text: &mut String, place: usize) {
    text.push_str(BEGIN[place % BEGIN.len()]);
    text.push_str(MIDDLE[place / BEGIN.len() % MIDDLE.len()]);
    text.push_str(END[place / (BEGIN.len() * MIDDLE.len()) % END.len()]);
}

/// Rare words there are.
const RARE_WORDS: usize = 24 * 24 * 24;

fn sentence(dice: &mut Dice, words: usize) -> String {
    let mut text = String::with_capacity(words * 7);
    for place in 0..words {
        if place > 0 {
            text.push(' ');
        }
        if dice.below(100) < 45 {
            text.push_str(COMMON[dice.skewed(COMMON.len())]);
        } else {
            rare_word(&mut text, dice.skewed(RARE_WORDS));
        }
    }
    text
}

/// The claim of fact-check `number`: the same for every seed, so that posts can repeat it.
pub(crate) fn claim(number: u64) -> String {
    let mut dice = Dice::of(0x6b65_6e74_6f6e_6721, number);
    let words = 8 + dice.below(10);
    sentence(&mut dice, words)
}

/// A text that nothing else resembles.
pub(crate) fn everyday(seed: u64, number: u64) -> String {
    let mut dice = Dice::of(seed ^ 0x7365_6861_7269, number);
    let words = 8 + dice.below(18);
    let mut text = sentence(&mut dice, words);
    text.push(' ');
    for _ in 0..2 {
        rare_word(&mut text, dice.below(RARE_WORDS));
        text.push(' ');
    }
    text.push_str("no ");
    text.push_str(&number.to_string());
    text
}

/// What a person does to a message before passing it on.
pub(crate) fn passed_on(text: &str, dice: &mut Dice) -> String {
    match dice.below(6) {
        0 => format!("Diteruskan dari grup sebelah: {text}"),
        1 => format!("{text} 😱🙏 sebarkan!!"),
        2 => shortened(text),
        3 => with_typo(text, dice),
        4 => with_words_swapped(text, dice),
        _ => text.to_uppercase(),
    }
}

fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    words[..(words.len() * 17).div_ceil(20)].join(" ")
}

fn with_typo(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = dice.below(letters.len().saturating_sub(1).max(1));
    if place + 1 < letters.len() {
        letters.swap(place, place + 1);
    }
    letters.into_iter().collect()
}

fn with_words_swapped(text: &str, dice: &mut Dice) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let place = dice.below(words.len().saturating_sub(1).max(1));
    if place + 1 < words.len() {
        words.swap(place, place + 1);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn claims_and_everyday_texts_are_distinct_and_the_same_every_time() {
        let claims: HashSet<String> = (0..20_000).map(claim).collect();
        assert_eq!(claims.len(), 20_000);
        let texts: HashSet<String> = (0..20_000).map(|number| everyday(1, number)).collect();
        assert_eq!(texts.len(), 20_000);
        assert_eq!(claim(7), claim(7));
        assert_ne!(everyday(1, 7), everyday(2, 7));
    }

    /// Share of four-letter pieces that two texts have in common.
    fn resemblance(one: &str, other: &str) -> f64 {
        let pieces = |text: &str| -> HashSet<Vec<char>> {
            let letters: Vec<char> = text.chars().collect();
            letters.windows(4).map(<[char]>::to_vec).collect()
        };
        let (one, other) = (pieces(one), pieces(other));
        one.intersection(&other).count() as f64 / one.union(&other).count() as f64
    }

    #[test]
    fn unique_texts_are_no_copies_of_one_another() {
        for number in 0..500 {
            for other in [number + 1, number + 777, number * 2 + 3] {
                let close = resemblance(&everyday(3, number), &everyday(3, other));
                assert!(close < 0.35, "{number} and {other}: {close}");
            }
        }
    }

    #[test]
    fn a_passed_on_text_keeps_most_of_its_words() {
        let mut dice = Dice::of(5, 5);
        for number in 0..600 {
            let text = claim(number);
            let copy = passed_on(&text, &mut dice).to_lowercase();
            let copied: HashSet<&str> = copy.split(' ').collect();
            let kept = text.split(' ').filter(|word| copied.contains(word)).count();
            assert!(kept * 10 >= text.split(' ').count() * 7, "{text} / {copy}");
        }
    }
}
