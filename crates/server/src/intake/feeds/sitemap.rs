//! Sitemaps, news sitemaps and sitemap indexes.

use std::io::Read;

use domain::Timestamp;
use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::document::{Item, Listing, Unreadable, newest_first, tidy};
use super::limits;

/// What one `<url>` or `<sitemap>` says.
#[derive(Default)]
struct Place {
    loc: String,
    lastmod: String,
    title: String,
    publication_date: String,
    language: String,
    image: String,
}

/// Reads a sitemap or sitemap index found at `address`, gzip-packed or plain.
pub(super) fn read(bytes: &[u8], address: &Url) -> Result<Listing, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(&text);
    let mut places = Vec::new();
    let mut is_index = false;
    let mut place = Place::default();
    let mut written = String::new();
    loop {
        match reader
            .read_event()
            .map_err(|fault| Unreadable(fault.to_string()))?
        {
            Event::Start(element) => {
                is_index |= element.local_name().as_ref() == "sitemapindex";
                written.clear();
            }
            Event::Text(part) => written.push_str(&part.xml10_content()),
            Event::CData(part) => written.push_str(&part.xml10_content()),
            Event::GeneralRef(part) => written.push_str(meaning_of(&part)),
            Event::End(element) => match element.local_name().as_ref() {
                "url" | "sitemap" => places.push(std::mem::take(&mut place)),
                name => place.note(name, element.name().as_ref(), written.trim()),
            },
            Event::Eof => break,
            _ => {}
        }
        if places.len() >= limits::SITEMAP_ADDRESSES || written.len() > limits::BODY_BYTES {
            break;
        }
    }
    let dated = places.into_iter().filter_map(|place| place.item(address));
    let mut items: Vec<Item> = dated.collect();
    newest_first(&mut items);
    if is_index {
        items.truncate(limits::SITEMAPS_PER_INDEX);
        return Ok(Listing::Sitemaps(
            items.into_iter().map(|item| item.link).collect(),
        ));
    }
    items.truncate(limits::ITEMS_PER_DOCUMENT);
    Ok(Listing::Items(items))
}

/// A packed sitemap unpacked, never more than the limit; anything else as it is.
pub(super) fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let limit = limits::BODY_BYTES as u64 + 1;
    let packed = flate2::read::MultiGzDecoder::new(&*bytes);
    packed
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|fault| Unreadable(fault.to_string()))?;
    if plain.len() > limits::BODY_BYTES {
        return Err(Unreadable(format!(
            "more than {} bytes when unpacked",
            limits::BODY_BYTES
        )));
    }
    Ok(plain)
}

/// The five references XML knows; any other means nothing.
fn meaning_of(reference: &str) -> &'static str {
    match reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

impl Place {
    fn note(&mut self, name: &str, qualified: &str, written: &str) {
        let field = match name {
            "loc" if qualified.contains("image") => &mut self.image,
            "loc" => &mut self.loc,
            "lastmod" => &mut self.lastmod,
            "title" if qualified.contains("news") => &mut self.title,
            "publication_date" => &mut self.publication_date,
            "language" => &mut self.language,
            _ => return,
        };
        if field.is_empty() {
            written.clone_into(field);
        }
    }

    fn item(self, address: &Url) -> Option<Item> {
        let mut link = address
            .join(&self.loc)
            .ok()
            .filter(|_| !self.loc.is_empty())?;
        if !matches!(link.scheme(), "http" | "https") {
            return None;
        }
        tidy(&mut link);
        Some(Item {
            link,
            title: self.title,
            summary: String::new(),
            published_at: time(&self.publication_date).or_else(|| time(&self.lastmod)),
            lang: (self.language.len() == 2).then_some(self.language),
            media: Some(self.image)
                .filter(|image| !image.is_empty())
                .into_iter()
                .collect(),
        })
    }
}

/// A time or a day, as W3C writes them; a day begins at midnight UTC.
fn time(text: &str) -> Option<Timestamp> {
    let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let day: jiff::civil::Date = text.parse().ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(Timestamp(instant.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn at() -> Url {
        Url::parse("https://kabar.example/sitemap.xml").expect("url")
    }

    #[test]
    fn a_news_sitemap_names_title_time_and_picture() {
        let text = "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
            xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\" xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\
            <url><loc>https://kabar.example/lama</loc><lastmod>2024-02-13</lastmod></url>\
            <url><loc>https://kabar.example/baru?a=1&amp;b=2</loc><image:image><image:loc>https://kabar.example/1.jpg</image:loc></image:image>\
            <news:news><news:publication><news:name>Kabar</news:name><news:language>id</news:language></news:publication>\
            <news:publication_date>2024-02-14T08:30:00+07:00</news:publication_date><news:title><![CDATA[Surat & suara]]></news:title></news:news></url></urlset>";
        let Listing::Items(items) = read(text.as_bytes(), &at()).expect("reads") else {
            panic!("an index")
        };
        assert_eq!(items[0].link.as_str(), "https://kabar.example/baru?a=1&b=2");
        assert_eq!(items[0].title, "Surat & suara");
        assert_eq!(
            items[0].published_at,
            Some(Timestamp(1_707_874_200_000_000))
        );
        assert_eq!(
            (items[0].lang.as_deref(), items[0].media.len()),
            (Some("id"), 1)
        );
        assert_eq!(items[1].link.as_str(), "https://kabar.example/lama");
    }

    #[test]
    fn an_index_gives_its_newest_sitemaps() {
        let entries: Vec<String> = (1..=9)
            .map(|day| {
                format!(
                    "<sitemap><loc>/peta-{day}.xml</loc><lastmod>2024-02-0{day}</lastmod></sitemap>"
                )
            })
            .collect();
        let text = format!("<sitemapindex>{}</sitemapindex>", entries.concat());
        let Listing::Sitemaps(found) = read(text.as_bytes(), &at()).expect("reads") else {
            panic!("items")
        };
        assert_eq!(found.len(), limits::SITEMAPS_PER_INDEX);
        assert_eq!(found[0].as_str(), "https://kabar.example/peta-9.xml");
    }

    #[test]
    fn a_huge_sitemap_and_a_packed_bomb_stay_within_limits() {
        let entries = "<url><loc>https://kabar.example/a</loc></url>".repeat(60_000);
        let Listing::Items(items) =
            read(format!("<urlset>{entries}</urlset>").as_bytes(), &at()).expect("reads")
        else {
            panic!("an index")
        };
        assert_eq!(items.len(), limits::ITEMS_PER_DOCUMENT);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b' '; 50 << 20]).expect("packed");
        assert!(unpacked(packed.finish().expect("packed")).is_err());
        assert_eq!(unpacked(b"<urlset/>".to_vec()), Ok(b"<urlset/>".to_vec()));
    }

    #[test]
    fn a_cut_off_sitemap_is_an_error_or_what_came() {
        assert!(read(b"<urlset><url><loc>https://a.example/</wrong>", &at()).is_err());
        let Ok(Listing::Items(items)) = read(
            b"<urlset><url><loc>https://a.example/</loc></url><url><lo",
            &at(),
        ) else {
            return;
        };
        assert!(items.len() <= 1);
    }
}
