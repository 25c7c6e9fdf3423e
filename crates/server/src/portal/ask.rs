//! "Periksa pesan": a message in, one of three answers out. The message is not kept.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::answer_card::{Card, Temper};
use super::home::HomePage;
use super::{limits, not_meant};
use crate::answers::LookupError;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page, address};

/// The page of one answer.
#[derive(Debug, Template)]
#[template(path = "portal/answer.html")]
pub(super) struct AnswerPage {
    pub(super) frame: Frame,
    pub(super) text: String,
    pub(super) card: Card,
}

impl AnswerPage {
    /// A link that asks the same again, for a message short enough.
    fn link(&self) -> Option<String> {
        let short = self.text.chars().count() <= limits::LINKED_MESSAGE_CHARS;
        short.then(|| {
            self.frame.absolute(&format!(
                "/periksa?teks={}",
                address::query_value(&self.text)
            ))
        })
    }
}

impl Page for AnswerPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What was asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    teks: String,
    /// Set when the reader says that the best check is not about their message.
    #[serde(default)]
    bukan: Option<String>,
}

/// Answers the form. A reader's "not my message" is kept as a weak label.
pub async fn submitted(
    State(app): State<App>,
    Extension(gate): Extension<Arc<not_meant::Gate>>,
    frame: Frame,
    client: Client,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Failure> {
    let heard = asked.bukan.is_some() && gate.lets_through(client, frame.now);
    answer(&app, frame, asked, heard).await
}

/// Answers a link.
pub async fn shared(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if asked.teks.is_empty() {
        return Ok(Redirect::to("/").into_response());
    }
    answer(&app, frame, asked, false).await
}

async fn answer(
    app: &App,
    mut frame: Frame,
    asked: Asked,
    heard: bool,
) -> Result<Response, Failure> {
    // A message never travels in a link to the other language or zone.
    "/".clone_into(&mut frame.path);
    let chars = asked.teks.chars().count();
    let result = if chars > limits::MESSAGE_CHARS {
        Err(LookupError::TooLong {
            limit: limits::MESSAGE_CHARS,
        })
    } else {
        app.answers.look_up(&asked.teks).await
    };
    match result {
        Ok(result) => {
            if heard {
                not_meant::keep(app, &asked.teks, &result, frame.now).await;
            }
            let card = Card::new(&frame, &asked.teks, result, asked.bukan.is_some());
            Ok(Html(AnswerPage {
                frame,
                text: asked.teks,
                card,
            })
            .into_response())
        }
        Err(LookupError::Empty) => {
            let fault = frame.t("ask-empty");
            Ok(Html(HomePage::with_fault(app, frame, String::new(), fault).await?).into_response())
        }
        Err(LookupError::TooLong { .. }) => {
            let limit = frame.whole(i64::try_from(limits::MESSAGE_CHARS).unwrap_or(i64::MAX));
            let fault = frame.t1("ask-too-long", "limit", limit);
            let kept = asked.teks.chars().take(limits::MESSAGE_CHARS).collect();
            Ok(Html(HomePage::with_fault(app, frame, kept, fault).await?).into_response())
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a message could not be looked up"
            );
            Err(Failure::Unavailable)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Uri, header};
    use matching::answer::{Answer, Contradiction};

    use super::*;
    use crate::answers::{LookupHit, LookupResult};
    use crate::portal::answer_card::tests::check;
    use crate::web::Language;

    const MESSAGE: &str =
        "DITERUSKAN: 7 kontainer surat suara sdh tercoblos no urut 1 <di pelabuhan>!!";

    /// The card of the answer page as a reader in `language` gets it, with each icon as `[icon]`.
    fn card(language: Language, answer: Answer, contradictions: Vec<Contradiction>) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("cek.example"));
        let mut frame = Frame::new(&headers, &Uri::from_static("/periksa"), None, false);
        frame.language = language;
        let place = |word: &str| {
            MESSAGE
                .find(word)
                .map(|at| (at, at + word.len()))
                .expect("a word of the message")
        };
        let hit = LookupHit {
            fact_check: check().into(),
            probability: 0.576,
            shared: ["7", "kontainer", "surat", "suara", "tercoblos"]
                .map(place)
                .to_vec(),
            shared_words: vec!["7 kontainer".into()],
            shared_in_claim: vec![(6, 15), (16, 21)],
            contributions: Vec::new(),
            contradictions,
        };
        let result = LookupResult {
            answer,
            probability: 0.576,
            results: vec![hit],
        };
        let card = Card::new(&frame, MESSAGE, result, false);
        let page = AnswerPage {
            frame,
            text: MESSAGE.to_owned(),
            card,
        }
        .render()
        .expect("a page");
        let from = page.find("<section class=\"card answer\"").expect("a card");
        let to = page[from..].find("</section>").expect("its end") + from;
        let mut drawn = String::new();
        for (at, part) in page[from..to].split("<svg").enumerate() {
            let rest = if at == 0 {
                part
            } else {
                part.split_once("</svg>").map_or("", |(_, rest)| rest)
            };
            drawn.push_str(if at == 0 { "" } else { "[icon]" });
            drawn.push_str(rest);
        }
        drawn
    }

    fn number() -> Vec<Contradiction> {
        vec![Contradiction::CandidateNumber {
            query: "1".into(),
            claim: "2".into(),
        }]
    }

    #[test]
    fn a_match_says_what_is_known_by_whom_and_why() {
        insta::assert_snapshot!(
            "match_id",
            card(Language::Indonesian, Answer::Match, Vec::new())
        );
        insta::assert_snapshot!(
            "match_en",
            card(Language::English, Answer::Match, Vec::new())
        );
    }

    #[test]
    fn a_probable_answer_names_the_difference_first() {
        let drawn = card(Language::Indonesian, Answer::Probable, number());
        let header = drawn.split("class=\"body\"").next().expect("a header");
        assert!(
            !header.contains("false"),
            "the header of a probable answer carries a rating's colour"
        );
        assert!(drawn.find("Nomor urut") < drawn.find("Tujuh <mark>kontainer"));
        insta::assert_snapshot!("probable_id", drawn);
        insta::assert_snapshot!(
            "probable_en",
            card(Language::English, Answer::Probable, number())
        );
    }

    #[test]
    fn each_kind_of_difference_is_named_in_both_languages() {
        let (query, claim) = (String::from("ini"), String::from("itu"));
        let kinds = [
            (
                Contradiction::Date {
                    query: query.clone(),
                    claim: claim.clone(),
                },
                "Tanggal atau hari",
                "Date",
            ),
            (
                Contradiction::Name {
                    query: query.clone(),
                    claim: claim.clone(),
                },
                "Lembaga atau jabatan",
                "Institution or office",
            ),
            (
                Contradiction::Quantity {
                    query: query.clone(),
                    claim: claim.clone(),
                },
                "Semua atau sebagian",
                "All or some",
            ),
            (
                Contradiction::Opposite { query, claim },
                "Arti yang berlawanan",
                "Opposite meaning",
            ),
        ];
        for (kind, indonesian, english) in kinds {
            for (language, name) in [
                (Language::Indonesian, indonesian),
                (Language::English, english),
            ] {
                let drawn = card(language, Answer::Probable, vec![kind.clone()]);
                assert!(drawn.contains(name), "{name} is not on the card");
                assert!(drawn.contains("“ini”") && drawn.contains("“itu”"));
            }
        }
    }

    #[test]
    fn no_answer_names_no_check() {
        let drawn = card(Language::Indonesian, Answer::NotYetChecked, Vec::new());
        assert!(!drawn.contains("Tujuh kontainer") && !drawn.contains("Salah"));
        insta::assert_snapshot!("none_id", drawn);
        insta::assert_snapshot!(
            "none_en",
            card(Language::English, Answer::NotYetChecked, Vec::new())
        );
    }
}
