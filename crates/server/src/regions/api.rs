//! The look-up box for regions, for forms of this site and for other programs.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use domain::date::Date;
use domain::region::RegionCode;
use serde::{Deserialize, Serialize};

use super::{history, look_up, place};

/// Regions answered at most.
const ANSWERS_MAX: usize = 20;

/// What is looked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
pub struct Asked {
    /// A name, a part of one, or a code of any time: `Kab. Muaro Jambi`, `jogja`, `91.01`.
    q: String,
    /// The day whose code and province are wanted as well, `2022-07-24`.
    on: Option<String>,
}

/// One region.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RegionAnswer {
    /// The code of today.
    code: String,
    /// The official name.
    name: String,
    /// The name with its province before it.
    place: String,
    /// The code on the day asked for; missing when no day is asked, and where the region was not
    /// there yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_then: Option<String>,
    /// The code of the province it lay in on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_then: Option<String>,
}

/// Regions by name, the best first.
#[utoipa::path(get, path = "/api/v1/regions", params(Asked),
    responses((status = 200, description = "Regions that the words may stand for, the best first.", body = [RegionAnswer])))]
pub async fn regions(Query(asked): Query<Asked>) -> Response {
    let day = asked.on.as_deref().and_then(Date::parse);
    let found = look_up(&asked.q, ANSWERS_MAX);
    let answers = found.into_iter().map(|found| {
        let region = found.region;
        let then = RegionCode::parse(&region.code).ok().zip(day);
        let of = |look: fn(&RegionCode, Date) -> Option<RegionCode>| {
            then.as_ref()
                .and_then(|(code, day)| look(code, *day))
                .map(|code| code.as_str().to_owned())
        };
        RegionAnswer {
            code: region.code.clone(),
            name: region.name.clone(),
            place: place(&region.code),
            code_then: of(|code, day| history().code_on(code, day)),
            parent_then: of(|code, day| history().parent_on(code, day)),
        }
    });
    Json(answers.collect::<Vec<_>>()).into_response()
}
