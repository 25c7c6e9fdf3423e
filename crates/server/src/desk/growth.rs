//! Growth curves: counts per bucket in, points of an SVG out. Arithmetic only, no markup.

use domain::Timestamp;

/// Buckets that a row's small curve looks back.
const SPARK_BUCKETS: usize = 72;
/// Points of a row's small curve, at most.
const SPARK_POINTS: usize = 24;
/// Width of a row's small curve, in SVG units.
pub(super) const SPARK_WIDTH: f64 = 132.0;
/// Height of a row's small curve, in SVG units.
pub(super) const SPARK_HEIGHT: f64 = 34.0;
/// Buckets that the chart of a cluster page looks back.
const CHART_BUCKETS: usize = 576;
/// Points of the chart, at most.
const CHART_POINTS: usize = 48;
/// Width of the chart, in SVG units; its plot starts after [`CHART_LEFT`].
pub(super) const CHART_WIDTH: f64 = 720.0;
/// Height of the plot, in SVG units; the labels of the time axis stand below it.
pub(super) const CHART_HEIGHT: f64 = 200.0;
/// Room for the labels of the count axis, in SVG units.
pub(super) const CHART_LEFT: f64 = 56.0;

/// Free space above the highest point, in SVG units.
const HEADROOM: f64 = 4.0;
/// Free space below a zero, in SVG units, so that the line is never cut.
const FOOTROOM: f64 = 1.5;
/// Marks on the time axis.
const TIME_MARKS: usize = 5;
/// Marks on the count axis above zero.
const COUNT_MARKS: u32 = 4;

/// Counts per bucket of equal length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts<'a> {
    /// Start of the first bucket.
    pub start: Timestamp,
    /// Length of one bucket, in microseconds; at least 1.
    pub bucket_us: i64,
    /// One count per bucket, oldest first; buckets after the last one are zero.
    pub posts: &'a [u32],
}

/// A line and the area under it, as `points` attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Curve {
    /// Points of the polyline.
    pub line: String,
    /// Points of the polygon.
    pub area: String,
}

/// One mark of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark<T> {
    /// Where, in SVG units along its axis.
    pub at: f64,
    /// What it marks.
    pub value: T,
}

/// A drawn chart with its axes and the numbers behind it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// Time that one point of the curve stands for, in microseconds.
    pub bucket_us: i64,
    /// The curve.
    pub curve: Curve,
    /// Marks of the count axis, from zero up.
    pub count_marks: Vec<Mark<u32>>,
    /// Marks of the time axis, oldest first.
    pub time_marks: Vec<Mark<Timestamp>>,
    /// Posts per whole hour, newest first, for the table beside the chart.
    pub hours: Vec<(Timestamp, u32)>,
}

impl Counts<'_> {
    /// The last `buckets` finished buckets before `now`, oldest first, with the time of the
    /// first. The bucket still filling is left out: half a bucket always looks like a fall.
    fn window(&self, now: Timestamp, buckets: usize) -> (Timestamp, Vec<u32>) {
        let bucket_us = self.bucket_us.max(1);
        let elapsed = now.since_us(self.start).div_euclid(bucket_us);
        let known = i64::try_from(self.posts.len()).unwrap_or(i64::MAX);
        let finished = if elapsed < 1 { known.min(1) } else { elapsed };
        let wanted = i64::try_from(buckets).unwrap_or(i64::MAX);
        let first = (finished - wanted).max(0);
        let counts = (first..finished)
            .map(|index| {
                usize::try_from(index)
                    .ok()
                    .and_then(|i| self.posts.get(i))
                    .copied()
                    .unwrap_or(0)
            })
            .collect();
        (self.start.plus_us(first.saturating_mul(bucket_us)), counts)
    }
}

/// The small curve of a row.
pub(super) fn spark(counts: Counts<'_>, now: Timestamp) -> Curve {
    let (_, window) = counts.window(now, SPARK_BUCKETS);
    let (_, window) = condensed(&window, SPARK_POINTS);
    let top = window.iter().copied().max().unwrap_or(0);
    curve(&window, top, 0.0, SPARK_WIDTH, SPARK_HEIGHT)
}

/// The chart of a cluster page.
pub(super) fn chart(counts: Counts<'_>, now: Timestamp) -> Chart {
    let (start, window) = counts.window(now, CHART_BUCKETS);
    let (together, points) = condensed(&window, CHART_POINTS);
    let highest = points.iter().copied().max().unwrap_or(0);
    let step = round_step(highest);
    let top = step.saturating_mul(highest.div_ceil(step).max(1));
    let count_marks = (0..=top / step)
        .map(|n| Mark {
            at: height_of(n * step, top, CHART_HEIGHT),
            value: n * step,
        })
        .collect();
    Chart {
        bucket_us: counts
            .bucket_us
            .saturating_mul(i64::try_from(together).unwrap_or(1)),
        curve: curve(&points, top, CHART_LEFT, CHART_WIDTH, CHART_HEIGHT),
        count_marks,
        time_marks: time_marks(start, counts.bucket_us, window.len()),
        hours: by_hour(start, counts.bucket_us, &window),
    }
}

/// `counts` added up so that at most `points` remain, and how many went together. The latest ones
/// are always whole.
fn condensed(counts: &[u32], points: usize) -> (usize, Vec<u32>) {
    let together = counts.len().div_ceil(points).max(1);
    let sum = |part: &[u32]| {
        part.iter()
            .fold(0_u32, |sum, count| sum.saturating_add(*count))
    };
    let mut sums: Vec<u32> = counts.rchunks(together).map(sum).collect();
    sums.reverse();
    (together, sums)
}

fn curve(counts: &[u32], top: u32, left: f64, right: f64, height: f64) -> Curve {
    let heights: Vec<f64> = match counts {
        [] => vec![height_of(0, 1, height); 2],
        [only] => vec![height_of(*only, top, height); 2],
        many => many
            .iter()
            .map(|count| height_of(*count, top, height))
            .collect(),
    };
    let stride = (right - left) / (heights.len() - 1) as f64;
    let points: Vec<String> = heights
        .iter()
        .enumerate()
        .map(|(i, y)| format!("{:.1},{y:.1}", left + stride * i as f64))
        .collect();
    let line = points.join(" ");
    let area = format!("{left:.1},{height:.1} {line} {right:.1},{height:.1}");
    Curve { line, area }
}

/// How far below the upper edge a count stands.
fn height_of(count: u32, top: u32, height: f64) -> f64 {
    let share = f64::from(count) / f64::from(top.max(1));
    height - FOOTROOM - share * (height - FOOTROOM - HEADROOM)
}

/// The smallest of 1, 2, 5, 10, 20, 50 … that needs at most [`COUNT_MARKS`] steps to `highest`.
fn round_step(highest: u32) -> u32 {
    let mut decade = 1_u32;
    loop {
        for factor in [1, 2, 5] {
            let step = decade.saturating_mul(factor);
            if step.saturating_mul(COUNT_MARKS) >= highest {
                return step;
            }
        }
        decade = decade.saturating_mul(10);
    }
}

fn time_marks(start: Timestamp, bucket_us: i64, buckets: usize) -> Vec<Mark<Timestamp>> {
    let span = bucket_us.saturating_mul(i64::try_from(buckets).unwrap_or(i64::MAX));
    (0..TIME_MARKS)
        .map(|n| {
            let share = n as f64 / (TIME_MARKS - 1) as f64;
            let part = i64::try_from(n).unwrap_or(0);
            let steps = i64::try_from(TIME_MARKS - 1).unwrap_or(1);
            Mark {
                at: CHART_LEFT + share * (CHART_WIDTH - CHART_LEFT),
                value: start.plus_us(span / steps * part),
            }
        })
        .collect()
}

fn by_hour(start: Timestamp, bucket_us: i64, counts: &[u32]) -> Vec<(Timestamp, u32)> {
    let mut hours: Vec<(Timestamp, u32)> = Vec::new();
    let mut at = start;
    for count in counts {
        let hour = Timestamp(at.0.div_euclid(Timestamp::HOUR_US) * Timestamp::HOUR_US);
        match hours.last_mut() {
            Some((last, sum)) if *last == hour => *sum = sum.saturating_add(*count),
            _ => hours.push((hour, *count)),
        }
        at = at.plus_us(bucket_us);
    }
    hours.reverse();
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTES_5: i64 = 5 * Timestamp::MINUTE_US;

    fn counts(counts: &[u32]) -> Counts<'_> {
        Counts {
            start: Timestamp(0),
            bucket_us: MINUTES_5,
            posts: counts,
        }
    }

    #[test]
    fn a_spark_runs_from_edge_to_edge_and_its_peak_touches_the_headroom() {
        let drawn = spark(counts(&[0, 2, 4]), Timestamp(3 * MINUTES_5));
        assert_eq!(drawn.line, "0.0,32.5 66.0,18.2 132.0,4.0");
        assert_eq!(
            drawn.area,
            "0.0,34.0 0.0,32.5 66.0,18.2 132.0,4.0 132.0,34.0"
        );
    }

    #[test]
    fn the_bucket_still_filling_is_left_out() {
        let now = Timestamp(2 * MINUTES_5 + 1);
        assert_eq!(counts(&[3, 4, 1]).window(now, 24).1, [3, 4]);
    }

    #[test]
    fn a_cluster_younger_than_one_bucket_still_shows_its_first_posts() {
        assert_eq!(counts(&[7]).window(Timestamp(1), 24).1, [7]);
        assert_eq!(spark(counts(&[7]), Timestamp(1)).line, "0.0,4.0 132.0,4.0");
        assert_eq!(spark(counts(&[]), Timestamp(1)).line, "0.0,32.5 132.0,32.5");
    }

    #[test]
    fn silence_since_the_last_post_is_drawn_as_zero() {
        let now = Timestamp(6 * MINUTES_5);
        assert_eq!(
            counts(&[5, 1]).window(now, 4),
            (Timestamp(2 * MINUTES_5), vec![0, 0, 0, 0])
        );
        assert_eq!(counts(&[5, 1]).window(now, 5).1, [1, 0, 0, 0, 0]);
    }

    #[test]
    fn many_buckets_become_few_points_and_no_post_is_lost() {
        assert_eq!(condensed(&[1, 2, 3, 4, 5], 2), (3, vec![3, 12]));
        assert_eq!(condensed(&[1, 2], 2), (1, vec![1, 2]));
        assert_eq!(condensed(&[], 2), (1, vec![]));
    }

    #[test]
    fn the_count_axis_ends_on_a_round_number_above_the_peak() {
        let drawn = chart(counts(&[3, 312]), Timestamp(2 * MINUTES_5));
        let values: Vec<u32> = drawn.count_marks.iter().map(|mark| mark.value).collect();
        assert_eq!(values, [0, 100, 200, 300, 400]);
        assert_eq!(round_step(0), 1);
        assert_eq!(round_step(u32::MAX), 2_000_000_000);
    }

    #[test]
    fn the_table_adds_buckets_up_to_whole_hours_newest_first() {
        let drawn = chart(counts(&[1; 13]), Timestamp(13 * MINUTES_5));
        assert_eq!(
            drawn.hours,
            [(Timestamp(Timestamp::HOUR_US), 1), (Timestamp(0), 12)]
        );
        assert_eq!(drawn.time_marks.len(), TIME_MARKS);
        assert_eq!(drawn.time_marks[0].value, Timestamp(0));
    }
}
