//! Small diagrams over shares, drawn on the server. Each is accompanied by a table.

use std::fmt::Write as _;

use super::markup::{Markup, escape};

/// Left edge of the drawing, in units of the picture.
const LEFT: f64 = 46.0;
/// Its top.
const TOP: f64 = 10.0;
/// Width and height of the drawing.
const SIZE: f64 = 270.0;
/// Steps of the grid.
const STEPS: u8 = 4;
/// Radius of the largest dot.
const DOT_MAX: f64 = 11.0;
/// Radius of the smallest dot.
const DOT_MIN: f64 = 2.5;

/// A diagram over two shares from 0 to 1.
#[derive(Debug, Clone, Default)]
pub struct Plot<'a> {
    /// What a listener hears instead of the picture.
    pub label: &'a str,
    /// What lies to the right.
    pub across: &'a str,
    /// What lies upwards.
    pub up: &'a str,
    /// A line through these points.
    pub line: Vec<(f64, f64)>,
    /// Dots: place, and a weight that their area shows.
    pub dots: Vec<(f64, f64, usize)>,
    /// Whether equal shares are marked by a line from corner to corner.
    pub diagonal: bool,
    /// Places across that are marked by an upright line.
    pub marks: Vec<f64>,
}

impl Plot<'_> {
    /// The picture.
    pub fn draw(&self) -> Markup {
        let mut svg = format!(
            r#"<svg class="plot" viewBox="0 0 340 322" role="img" aria-label="{}">"#,
            escape(self.label)
        );
        grid(&mut svg);
        if self.diagonal {
            let (x, y) = (place(0.0), height(0.0));
            let (far, top) = (place(1.0), height(1.0));
            let _ = write!(
                svg,
                r#"<line class="even" x1="{x:.0}" y1="{y:.0}" x2="{far:.0}" y2="{top:.0}"/>"#
            );
        }
        for mark in &self.marks {
            let (x, low, top) = (place(*mark), height(0.0), height(1.0));
            let _ = write!(
                svg,
                r#"<line class="mark" x1="{x:.1}" y1="{low:.0}" x2="{x:.1}" y2="{top:.0}"/>"#
            );
        }
        if !self.line.is_empty() {
            svg.push_str(r#"<polyline class="line" points=""#);
            for (x, y) in &self.line {
                let _ = write!(svg, "{:.1},{:.1} ", place(*x), height(*y));
            }
            svg.push_str("\"/>");
        }
        let heaviest = self.dots.iter().map(|(_, _, weight)| *weight).max();
        for (x, y, weight) in &self.dots {
            let area = *weight as f64 / heaviest.unwrap_or(1).max(1) as f64;
            let radius = (DOT_MAX * area.sqrt()).max(DOT_MIN);
            let (x, y) = (place(*x), height(*y));
            let _ = write!(
                svg,
                r#"<circle class="dot" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}"/>"#
            );
        }
        let _ = write!(
            svg,
            r#"<text x="181" y="318" text-anchor="middle">{}</text><text x="-145" y="11" transform="rotate(-90)" text-anchor="middle">{}</text></svg>"#,
            escape(self.across),
            escape(self.up)
        );
        Markup::from_safe(svg)
    }
}

fn grid(svg: &mut String) {
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        let (x, y) = (place(share), height(share));
        let percent = u32::from(step) * 100 / u32::from(STEPS);
        let (left, right) = (place(0.0), place(1.0));
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{left:.0}" x2="{right:.0}" y1="{y:.1}" y2="{y:.1}"/><text x="42" y="{:.1}" text-anchor="end">{percent}%</text><text x="{x:.1}" y="298" text-anchor="middle">{percent}%</text>"#,
            y + 4.0
        );
    }
}

fn place(share: f64) -> f64 {
    LEFT + share.clamp(0.0, 1.0) * SIZE
}

fn height(share: f64) -> f64 {
    TOP + (1.0 - share.clamp(0.0, 1.0)) * SIZE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_their_places_and_words_are_escaped() {
        let plot = Plot {
            label: "a < b",
            across: "\"said\"",
            up: "right",
            line: vec![(0.0, 0.0), (1.0, 1.0)],
            dots: vec![(0.5, 0.5, 4), (0.0, 2.0, 1)],
            diagonal: true,
            marks: vec![0.5],
        };
        let svg = plot.draw();
        let svg = svg.as_str();
        assert!(svg.contains("aria-label=\"a &lt; b\"") && svg.contains("&quot;said&quot;"));
        assert!(svg.contains("points=\"46.0,280.0 316.0,10.0 \""));
        assert!(svg.contains(r#"cx="181.0" cy="145.0" r="11.0""#));
        assert!(svg.contains(r#"cx="46.0" cy="10.0" r="5.5""#));
        assert!(!svg.contains("style="));
    }
}
