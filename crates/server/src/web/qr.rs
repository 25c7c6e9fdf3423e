//! A square of dark and light fields that a telephone reads (QR code), as SVG.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use super::markup::{Markup, escape};

/// Light fields around the square; the standard asks for four.
const QUIET: i32 = 4;

/// `text` as a picture called `name`; empty where it is too long for one. Dark on white whatever
/// the colours of the page: cameras want it so.
pub fn picture(text: &str, name: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return Markup::default();
    };
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing into a string cannot fail.
            let _written = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let name = escape(name);
    Markup::from_safe(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{name}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_three_corners() {
        let picture = picture("otpauth://totp/x?secret=MZXW6YTBOI", "a \"name\"");
        let svg = picture.as_str();
        assert!(svg.contains("aria-label=\"a &quot;name&quot;\""));
        // The upper left corner's first dark row: seven fields, then a light one.
        for x in 4..11 {
            assert!(svg.contains(&format!("M{x} 4h1")), "{x}");
        }
        assert!(!svg.contains("M11 4h1"));
        assert!(super::picture(&"x".repeat(5_000), "n").as_str().is_empty());
    }
}
