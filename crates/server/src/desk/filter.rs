//! What of the radar a reader asked to see: the address bar on one side, the store on the other.

use domain::channel::ChannelKind;
use domain::cluster::ClusterAnswer;
use domain::{ClusterId, Timestamp};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// Rows of one page of the radar.
pub(super) const RADAR_ROWS: u32 = 50;
/// The last page that can be asked for: a hundred thousand rows, then one filters.
pub(super) const RADAR_PAGES_MAX: u32 = 2_000;
/// The longest search text, in characters; the rest is dropped.
const SEARCH_CHARS_MAX: usize = 200;
/// The time windows offered, in hours since the last post.
pub(super) const HOURS_OFFERED: [u32; 4] = [1, 6, 24, 72];

/// The query string as it came; every part may be missing or nonsense.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawFilter {
    jawaban: String,
    wilayah: String,
    kanal: String,
    waktu: String,
    cari: String,
    hal: String,
    pilih: String,
}

/// The query string as understood: nonsense counts as not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only clusters with this kind of answer.
    pub answer: Option<ClusterAnswer>,
    /// Only this province, by its two-digit code.
    pub province: Option<String>,
    /// Only clusters seen on this kind of channel.
    pub channel: Option<ChannelKind>,
    /// Only clusters with a post in the last so many hours.
    pub hours: Option<u32>,
    /// Only clusters whose text holds this.
    pub text: Option<String>,
    /// Which page, from 1.
    pub page: u32,
    /// The row whose summary stands beside the list.
    pub chosen: Option<ClusterId>,
}

impl From<RawFilter> for Filter {
    fn from(raw: RawFilter) -> Self {
        let text: String = raw.cari.trim().chars().take(SEARCH_CHARS_MAX).collect();
        let is_province =
            raw.wilayah.len() == 2 && raw.wilayah.bytes().all(|byte| byte.is_ascii_digit());
        let page = raw.hal.parse().unwrap_or(1);
        Self {
            answer: answer_of(&raw.jawaban),
            province: is_province.then_some(raw.wilayah),
            channel: ChannelKind::parse(&raw.kanal),
            hours: raw
                .waktu
                .parse()
                .ok()
                .filter(|hours| HOURS_OFFERED.contains(hours)),
            text: (!text.is_empty()).then_some(text),
            page: page.clamp(1, RADAR_PAGES_MAX),
            chosen: ClusterId::parse(&raw.pilih),
        }
    }
}

impl Filter {
    /// The query string that reads back to this filter, without its question mark.
    pub(super) fn query(&self) -> String {
        let mut pairs = Serializer::new(String::new());
        if let Some(answer) = self.answer {
            pairs.append_pair("jawaban", answer_word(answer));
        }
        if let Some(province) = &self.province {
            pairs.append_pair("wilayah", province);
        }
        if let Some(channel) = self.channel {
            pairs.append_pair("kanal", channel.as_str());
        }
        if let Some(hours) = self.hours {
            pairs.append_pair("waktu", &hours.to_string());
        }
        if let Some(text) = &self.text {
            pairs.append_pair("cari", text);
        }
        if self.page > 1 {
            pairs.append_pair("hal", &self.page.to_string());
        }
        if let Some(chosen) = self.chosen {
            pairs.append_pair("pilih", &chosen.to_string());
        }
        pairs.finish()
    }

    /// The radar's address with this filter.
    pub(super) fn address(&self) -> String {
        let query = self.query();
        if query.is_empty() {
            "/desk".to_owned()
        } else {
            format!("/desk?{query}")
        }
    }

    /// The same filter on another page, with nothing chosen.
    pub(super) fn on_page(&self, page: u32) -> Self {
        Self {
            page,
            chosen: None,
            ..self.clone()
        }
    }

    /// The same filter with one row chosen.
    pub(super) fn choosing(&self, cluster: ClusterId) -> Self {
        Self {
            chosen: Some(cluster),
            ..self.clone()
        }
    }

    /// The earliest last post that still counts.
    pub(super) fn seen_after(&self, now: Timestamp) -> Option<Timestamp> {
        self.hours
            .map(|hours| now.plus_us(-i64::from(hours) * Timestamp::HOUR_US))
    }

    /// How many rows stand before this page.
    pub(super) fn offset(&self) -> u32 {
        self.page.saturating_sub(1).saturating_mul(RADAR_ROWS)
    }
}

/// The word of an answer in the address bar.
pub(super) fn answer_word(answer: ClusterAnswer) -> &'static str {
    match answer {
        ClusterAnswer::None => "belum",
        ClusterAnswer::Suggested => "mungkin",
        ClusterAnswer::Answered => "sudah",
    }
}

fn answer_of(word: &str) -> Option<ClusterAnswer> {
    [
        ClusterAnswer::None,
        ClusterAnswer::Suggested,
        ClusterAnswer::Answered,
    ]
    .into_iter()
    .find(|answer| answer_word(*answer) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Filter {
        let mut raw = RawFilter::default();
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let slot = match key.as_ref() {
                "jawaban" => &mut raw.jawaban,
                "wilayah" => &mut raw.wilayah,
                "kanal" => &mut raw.kanal,
                "waktu" => &mut raw.waktu,
                "cari" => &mut raw.cari,
                "hal" => &mut raw.hal,
                "pilih" => &mut raw.pilih,
                other => panic!("{other} is not a part of the filter"),
            };
            *slot = value.into_owned();
        }
        raw.into()
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let whole = Filter {
            answer: Some(ClusterAnswer::Suggested),
            province: Some("15".to_owned()),
            channel: Some(ChannelKind::TikTok),
            hours: Some(6),
            text: Some("kotak & suara #1".to_owned()),
            page: 3,
            chosen: ClusterId::parse("0199aaaa-0000-7000-8000-000000000001"),
        };
        assert_eq!(read(&whole.query()), whole);
        let nothing = Filter {
            page: 1,
            ..Filter::default()
        };
        assert_eq!(nothing.address(), "/desk");
        assert_eq!(read(""), nothing);
    }

    #[test]
    fn nonsense_counts_as_not_asked() {
        let asked =
            read("jawaban=kapan&wilayah=99999&kanal=radio&waktu=7&cari=%20%20&hal=-4&pilih=x");
        assert_eq!(
            asked,
            Filter {
                page: 1,
                ..Filter::default()
            }
        );
        assert_eq!(read("hal=4000000000").page, RADAR_PAGES_MAX);
    }

    #[test]
    fn turning_the_page_keeps_the_filter_and_drops_the_choice() {
        let asked = read("jawaban=belum&pilih=0199aaaa-0000-7000-8000-000000000001");
        assert_eq!(asked.on_page(2).address(), "/desk?jawaban=belum&hal=2");
        assert_eq!(asked.on_page(2).offset(), RADAR_ROWS);
    }
}
