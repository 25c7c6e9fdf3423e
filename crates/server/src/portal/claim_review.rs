//! schema.org ClaimReview, for machines that read our pages.

use domain::Timestamp;
use domain::fact_check::FactCheck;
use serde_json::{Value, json};

use crate::web::{Markup, moment};

/// The ClaimReview of `check` as the content of a data block. `address` is our page of it; `word`
/// the name of its rating.
pub fn data_block(check: &FactCheck, address: &str, word: &str) -> Markup {
    Markup::from_safe(for_script(&claim_review(check, address, word).to_string()))
}

fn claim_review(check: &FactCheck, address: &str, word: &str) -> Value {
    let label = if check.label.is_empty() {
        word
    } else {
        &check.label
    };
    let mut rating =
        json!({ "@type": "Rating", "alternateName": label, "ratingExplanation": word });
    if let Some(value) = check.rating.value() {
        rating["ratingValue"] = json!(value);
        rating["bestRating"] = json!(4);
        rating["worstRating"] = json!(1);
    }
    let mut author = json!({ "@type": "Organization", "name": check.publisher });
    if let Some(url) = &check.url {
        author["url"] = json!(origin_of(url));
    }
    let mut review = json!({
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": check.url.as_deref().unwrap_or(address),
        "mainEntityOfPage": address,
        "inLanguage": "id",
        "claimReviewed": check.claim,
        "author": author,
        "reviewRating": rating,
        "itemReviewed": { "@type": "Claim", "name": check.claim },
        "sdPublisher": { "@type": "Organization", "name": "Kentongan" },
    });
    if check.published_at != Timestamp(0) {
        review["datePublished"] = json!(moment::machine(check.published_at));
    }
    review
}

/// Scheme and host of an address; the address itself where it has none.
fn origin_of(address: &str) -> String {
    url::Url::parse(address).map_or_else(
        |_| address.to_owned(),
        |url| url.origin().ascii_serialization(),
    )
}

/// JSON that cannot end the script element it stands in.
fn for_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::answer_card::tests::check;
    use domain::fact_check::Rating;

    #[test]
    fn no_claim_can_leave_the_data_block() {
        let mut check = check();
        check.claim = "</script><script>alert(1)</script> & \u{2028}<!--".into();
        let block = data_block(&check, "https://cek.example/cek-fakta/1", "Salah").to_string();
        assert!(!block.contains(['<', '>', '&', '\u{2028}']), "{block}");
        let back: Value = serde_json::from_str(&block).expect("still JSON");
        assert_eq!(back["claimReviewed"], check.claim);
    }

    #[test]
    fn the_block_names_who_says_what() {
        let block = claim_review(&check(), "https://cek.example/cek-fakta/1", "Salah");
        assert_eq!(block["author"]["name"], "Contoh Redaksi");
        assert_eq!(block["author"]["url"], "https://redaksi.example");
        assert_eq!(block["url"], "https://redaksi.example/cek/kontainer");
        assert_eq!(block["reviewRating"]["alternateName"], "HOAKS");
        assert_eq!(block["reviewRating"]["ratingValue"], 1);
        assert_eq!(block["datePublished"], "2019-01-02T12:00:00Z");
    }

    #[test]
    fn an_unproven_claim_gets_no_number() {
        let mut check = check();
        check.rating = Rating::Unproven;
        assert!(
            claim_review(&check, "x", "Belum terbukti")["reviewRating"]
                .get("ratingValue")
                .is_none()
        );
    }
}
