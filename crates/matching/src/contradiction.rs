//! Where a text and a claim share words but do not say the same.
//!
//! What can contradict is read once of every text ([`Facts`]); two texts are then
//! compared by what stands beside the words that they share.

mod candidates;
mod dates;
mod negation;
mod numbers;
mod offices;
mod opposites;
mod places;
mod reading;
mod shares;

use crate::lexicon::Lexicon;
use crate::tokens::Token;
use reading::{Reading, SaidWords};

/// Facts of one kind that are kept of a text.
const FACTS_MAX: usize = 32;

/// Why a found check may speak of something else, in the words of both.
#[derive(Debug, Clone, PartialEq)]
pub enum Contradiction {
    /// One says it is so, the other that it is not.
    Negation,
    /// Another number of the same thing.
    Number {
        /// Number in the text.
        query: String,
        /// Number in the claim.
        claim: String,
    },
    /// Another place.
    Place {
        /// Place in the text.
        query: String,
        /// Place in the claim.
        claim: String,
    },
    /// Another candidate number.
    CandidateNumber {
        /// Number in the text.
        query: String,
        /// Number in the claim.
        claim: String,
    },
    /// Another year.
    Year {
        /// Year in the text.
        query: String,
        /// Year in the claim.
        claim: String,
    },
    /// Another day, month or weekday.
    Date {
        /// Date in the text, as it stands there.
        query: String,
        /// Date in the claim, as it stands there.
        claim: String,
    },
    /// Another institution or office.
    Name {
        /// Name in the text.
        query: String,
        /// Name in the claim.
        claim: String,
    },
    /// Another share of the same whole: "semua", "sebagian".
    Quantity {
        /// Share in the text.
        query: String,
        /// Share in the claim.
        claim: String,
    },
    /// The opposite of a word: "naik", "turun".
    Opposite {
        /// Word in the text.
        query: String,
        /// Word in the claim.
        claim: String,
    },
    /// The text calls untrue what the check found true.
    RatingDirection,
}

/// What of a text can contradict another one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    said: SaidWords,
    denial: negation::Denial,
    numbers: numbers::Numbers,
    dates: dates::Dates,
    years: Vec<u16>,
    candidates: Vec<u8>,
    places: places::Places,
    offices: offices::Offices,
    shares: shares::Shares,
    opposites: opposites::Opposites,
}

impl Facts {
    /// Reads the facts of `text`, whose words are `tokens`.
    pub(crate) fn new(lexicon: &Lexicon, text: &str, tokens: &[Token]) -> Self {
        let reading = Reading::new(text, tokens);
        let negated = negation::read(lexicon, &reading);
        let mut taken = vec![false; reading.tokens.len()];
        let dates = dates::Dates::read(&reading, &negated.places, &mut taken);
        let candidates = candidates::read(&reading, &mut taken);
        let mut years = Vec::new();
        for token in reading.tokens.iter().filter(|token| token.is_year) {
            if let Some(year) = token.number {
                push(&mut years, year as u16);
            }
        }
        Self {
            numbers: numbers::Numbers::read(lexicon, &reading, &negated.places, &taken),
            places: places::Places::read(lexicon, &reading, &negated.places),
            offices: offices::Offices::read(lexicon, &reading, &negated.places),
            shares: shares::Shares::read(lexicon, &reading, &negated.places),
            opposites: opposites::Opposites::read(
                lexicon,
                &reading,
                &negated.places,
                &negated.turns,
            ),
            said: negated.said,
            denial: negated.denial,
            dates,
            years,
            candidates,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.said.bytes()
            + self.numbers.bytes()
            + self.dates.bytes()
            + self.places.bytes()
            + self.offices.bytes()
            + self.shares.bytes()
            + self.opposites.bytes()
    }

    /// There is something for [`Facts::numbers_against`] to look for.
    pub(crate) fn has_numbers(&self) -> bool {
        let counts = self.numbers.counted().next().is_some();
        counts || !self.years.is_empty() || !self.candidates.is_empty()
    }

    /// Shares of this claim's numbers that a text has, and has not; 0 and 0 without numbers.
    pub(crate) fn numbers_against(&self, text: &Self) -> (f32, f32) {
        let years = self.years.iter().map(|year| text.years.contains(year));
        let candidates = self
            .candidates
            .iter()
            .map(|one| text.candidates.contains(one));
        let numbers = self.numbers.counted().map(|value| text.numbers.has(value));
        let (mut all, mut has) = (0.0, 0.0);
        for shared in years.chain(candidates).chain(numbers) {
            all += 1.0;
            has += f32::from(u8::from(shared));
        }
        if all > 0.0 {
            (has / all, (all - has) / all)
        } else {
            (0.0, 0.0)
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < FACTS_MAX && !list.contains(&value) {
        list.push(value);
    }
}

/// Every way in which a text and a claim are at odds.
pub(crate) fn contradictions(query: &Facts, claim: &Facts, says_true: bool) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let (said, claimed) = (&query.said, &claim.said);
    let opposite = query
        .opposites
        .contradiction(said, &claim.opposites, claimed);
    match negation::stance((said, &query.denial), (claimed, &claim.denial)) {
        negation::Stance::Denied if says_true => found.push(Contradiction::RatingDirection),
        negation::Stance::Denied => found.push(Contradiction::Negation),
        negation::Stance::Turned if opposite != Some(Contradiction::Negation) => {
            found.push(Contradiction::Negation);
        }
        negation::Stance::Turned | negation::Stance::Agreed => {}
    }
    let numbers = query.numbers.contradiction(said, &claim.numbers, claimed);
    let dates = query.dates.contradiction(said, &claim.dates, claimed);
    let candidates = candidates::contradiction(&query.candidates, &claim.candidates);
    let places = query.places.contradiction(said, &claim.places, claimed);
    let names = query.offices.contradiction(said, &claim.offices, claimed);
    let shares = query.shares.contradiction(said, &claim.shares, claimed);
    let others = [numbers, dates, candidates, places, names, shares, opposite];
    found.extend(others.into_iter().flatten());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;

    fn between(query: &str, claim: &str) -> Vec<Contradiction> {
        let lexicon = Lexicon::built_in();
        let facts = |text: &str| Facts::new(lexicon, text, &tokens(lexicon, text, 500));
        contradictions(&facts(query), &facts(claim), false)
    }

    #[test]
    fn negation_turns_a_claim() {
        assert_eq!(
            between("KPU tidak menunda pemilu", "KPU menunda pemilu"),
            [Contradiction::Negation]
        );
        assert_eq!(
            between(
                "Bawaslu belum menerima laporan",
                "Bawaslu sudah menerima laporan"
            ),
            [Contradiction::Negation]
        );
        assert_eq!(
            between("Tidak benar KPU menunda pemilu", "KPU menunda pemilu"),
            [Contradiction::Negation]
        );
        assert_eq!(between("KPU menunda pemilu", "KPU menunda pemilu"), []);
        assert_eq!(
            between("KPU tidak menunda pemilu", "KPU tidak menunda pemilu"),
            []
        );
        assert_eq!(
            between("KPU tidak hanya menunda pemilu", "KPU menunda pemilu"),
            []
        );
        assert_eq!(
            between("Ini bukan hoaks! KPU menunda pemilu", "KPU menunda pemilu"),
            []
        );
    }

    #[test]
    fn numbers_of_the_same_thing() {
        assert_eq!(
            between(
                "7 kontainer surat suara tercoblos",
                "70 kontainer surat suara tercoblos"
            ),
            [Contradiction::Number {
                query: "7".into(),
                claim: "70".into()
            }]
        );
        assert_eq!(
            between("bantuan 200rb rupiah", "bantuan dua ratus ribu rupiah"),
            []
        );
        assert_eq!(between("3 orang dan 5 mobil", "5 mobil"), []);
    }

    #[test]
    fn years_candidates_places() {
        assert_eq!(
            between("hasil pemilu 2019", "hasil pemilu 2024"),
            [Contradiction::Year {
                query: "2019".into(),
                claim: "2024".into()
            }]
        );
        assert_eq!(
            between("paslon 02 curang", "paslon nomor urut 1 curang"),
            [Contradiction::CandidateNumber {
                query: "2".into(),
                claim: "1".into()
            }]
        );
        assert_eq!(
            between("paslon 02 curang", "paslon nomor urut dua curang"),
            []
        );
        assert_eq!(
            between(
                "surat suara rusak di Bandung",
                "surat suara rusak di Surabaya"
            ),
            [Contradiction::Place {
                query: "bandung".into(),
                claim: "surabaya".into()
            }]
        );
        assert_eq!(
            between(
                "surat suara rusak di Bandung",
                "surat suara rusak di Jawa Barat"
            ),
            []
        );
    }

    #[test]
    fn a_negator_elsewhere_turns_nothing() {
        for text in [
            "Jangan lupa, KPU menunda pemilu",
            "Bukan cuma pilkada, KPU juga menunda pemilu",
            "Tidak lama lagi KPU menunda pemilu",
            "KPU menunda pemilu, jangan percaya omongan tetangga",
            "KPU menunda pemilu? Hoaks atau bukan?",
        ] {
            assert_eq!(between(text, "KPU menunda pemilu"), [], "{text}");
        }
        assert_eq!(
            between(
                "warga yang tidak memilih tidak akan didenda",
                "Warga yang tidak memilih akan didenda"
            ),
            [Contradiction::Negation]
        );
        assert_eq!(
            between(
                "petugas tidak mau mencetak KTP",
                "Petugas menolak mencetak KTP"
            ),
            []
        );
    }

    #[test]
    fn a_denier_counts_where_the_claim_is() {
        let far = "KPU menunda pemilu. Kemarin saya ke pasar. Harga beras naik. Cabai juga. Kata penjualnya itu kabar bohong.";
        assert_eq!(between(far, "KPU menunda pemilu"), []);
        assert_eq!(
            between(
                "KPU menunda pemilu. Itu kabar bohong.",
                "KPU menunda pemilu"
            ),
            [Contradiction::Negation]
        );
    }

    #[test]
    fn dates_in_any_form() {
        let claim = "Pencoblosan digelar 14 Februari 2024";
        for text in [
            "Pencoblosan digelar 14/2/2024",
            "pencoblosan digelar tgl 14 bulan 2",
            "Rabu 14 feb pencoblosan digelar, pengumuman 20 Maret",
        ] {
            assert_eq!(between(text, claim), [], "{text}");
        }
        assert_eq!(
            between("Pencoblosan digelar 15 Februari", claim),
            [Contradiction::Date {
                query: "15 februari".into(),
                claim: "14 februari 2024".into()
            }]
        );
        assert_eq!(
            between("pasar tutup hari Selasa", "Pasar tutup hari Senin"),
            [Contradiction::Date {
                query: "selasa".into(),
                claim: "senin".into()
            }]
        );
        assert_eq!(
            between("pasar tutup dua minggu", "Pasar tutup hari Senin"),
            []
        );
    }

    #[test]
    fn offices_shares_and_opposites() {
        assert_eq!(
            between("Bawaslu mencoret nama pemilih", "KPU mencoret nama pemilih"),
            [Contradiction::Name {
                query: "bawaslu".into(),
                claim: "kpu".into()
            }]
        );
        assert_eq!(
            between(
                "Komisi Pemilihan Umum mencoret nama pemilih, Bawaslu diam",
                "KPU mencoret nama pemilih"
            ),
            []
        );
        assert_eq!(
            between("sebagian guru diangkat", "Semua guru diangkat"),
            [Contradiction::Quantity {
                query: "sebagian".into(),
                claim: "semua".into()
            }]
        );
        assert_eq!(between("seluruh guru diangkat", "Semua guru diangkat"), []);
        assert_eq!(
            between("harga beras turun", "Harga beras naik"),
            [Contradiction::Opposite {
                query: "turun".into(),
                claim: "naik".into()
            }]
        );
        assert_eq!(
            between("harga beras naik, tahun lalu turun", "Harga beras naik"),
            []
        );
        assert_eq!(between("susu itu tidak aman", "Susu itu berbahaya"), []);
    }

    #[test]
    fn numbers_in_names_count_nothing() {
        assert_eq!(
            between("obat covid-19 diminum 2 biji", "Obat covid-19 diminum"),
            []
        );
        assert_eq!(
            between("utang tembus 12.000 T", "Utang tembus 12.000 triliun"),
            []
        );
    }

    #[test]
    fn a_name_after_what_it_names() {
        assert_eq!(
            between(
                "warga ditahan di bandara Juanda",
                "Warga ditahan di Bandara Kualanamu"
            ),
            [Contradiction::Place {
                query: "bandara juanda".into(),
                claim: "bandara kualanamu".into()
            }]
        );
        assert_eq!(
            between(
                "telur palsu dari China beredar di Padang",
                "Telur palsu dari China beredar di Semarang"
            ),
            [Contradiction::Place {
                query: "padang".into(),
                claim: "semarang".into()
            }]
        );
    }

    proptest::proptest! {
        #[test]
        fn a_text_never_contradicts_itself(
            words in proptest::collection::vec(
                proptest::sample::select(&[
                    "kpu", "bawaslu", "tidak", "bukan", "hoaks", "14", "februari", "senin", "minggu",
                    "semua", "sebagian", "naik", "turun", "batal", "menolak", "di", "bandung", "papua",
                    "02", "nomor", "urut", "tiga", "2024", "20/3/24", "rp5.000", "50%", "ketua", "?",
                    ".", ",", "bulan", "tahun", "98", "dan", "pasar", "ke-2", "belum", "sudah", "12 t",
                ][..]),
                0..40,
            )
        ) {
            let text = words.join(" ");
            let found = between(&text, &text);
            proptest::prop_assert!(found.is_empty(), "{text}: {found:?}");
        }

        #[test]
        fn any_text_is_read(query in "\\PC{0,200}", claim in "[a-z0-9 .,?/%-]{0,200}") {
            let _ = between(&query, &claim);
            let _ = between(&claim, &query);
        }
    }
}
