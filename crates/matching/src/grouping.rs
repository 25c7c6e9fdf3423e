//! How well does a clustering agree with the true groups? Adjusted Rand index and B-cubed.

use hashbrown::HashMap;

/// A text as two parties see it: the cluster it was put into, and the group it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Placed {
    /// Number of the cluster.
    pub cluster: u32,
    /// Number of the true group.
    pub group: u32,
}

/// Agreement of a clustering with the true groups; all shares are 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Grouping {
    /// Texts placed.
    pub texts: usize,
    /// Distinct clusters.
    pub clusters: usize,
    /// Distinct true groups.
    pub groups: usize,
    /// Adjusted Rand index: 1 where the two agree in every pair of texts, 0 where no better
    /// than chance; may lie below 0.
    pub adjusted_rand: f64,
    /// B-cubed precision: of a text's cluster, the share that is of its group, in the mean.
    pub precision: f64,
    /// B-cubed recall: of a text's group, the share that is in its cluster, in the mean.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

/// Compares clusters with groups. Of no text at all every figure is 0.
pub fn grouping(placed: &[Placed]) -> Grouping {
    if placed.is_empty() {
        return Grouping::default();
    }
    let clusters = sizes(placed.iter().map(|text| text.cluster));
    let groups = sizes(placed.iter().map(|text| text.group));
    let both = sizes(placed.iter().copied());
    let (mut precision, mut recall) = (0.0, 0.0);
    // In the order of the numbers, so that the sums are the same in every run.
    let mut cells: Vec<(&Placed, &u64)> = both.iter().collect();
    cells.sort_unstable_by_key(|(text, _)| (text.cluster, text.group));
    for (text, together) in cells {
        let squared = (together * together) as f64;
        precision += squared / clusters[&text.cluster] as f64;
        recall += squared / groups[&text.group] as f64;
    }
    let texts = placed.len() as f64;
    let (precision, recall) = (precision / texts, recall / texts);
    Grouping {
        texts: placed.len(),
        clusters: clusters.len(),
        groups: groups.len(),
        adjusted_rand: adjusted_rand(
            pairs_in(both.values()),
            pairs_in(clusters.values()),
            pairs_in(groups.values()),
            pairs(placed.len() as u64),
        ),
        precision,
        recall,
        f1: 2.0 * precision * recall / (precision + recall),
    }
}

fn sizes<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, u64> {
    let mut sizes = HashMap::new();
    for key in keys {
        *sizes.entry(key).or_insert(0) += 1;
    }
    sizes
}

fn pairs(texts: u64) -> u64 {
    texts * texts.saturating_sub(1) / 2
}

fn pairs_in<'a>(sizes: impl Iterator<Item = &'a u64>) -> u64 {
    sizes.map(|size| pairs(*size)).sum()
}

/// From the pairs of texts that are together in both, in the clusters, in the groups, and all.
fn adjusted_rand(both: u64, clusters: u64, groups: u64, all: u64) -> f64 {
    let (both, clusters, groups) = (both as f64, clusters as f64, groups as f64);
    let expected = if all > 0 {
        clusters * groups / all as f64
    } else {
        0.0
    };
    let most = f64::midpoint(clusters, groups);
    if most <= expected {
        // Every text alone, or all in one, on both sides: the same division.
        return 1.0;
    }
    (both - expected) / (most - expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn placed(pairs: &[(u32, u32)]) -> Vec<Placed> {
        pairs
            .iter()
            .map(|(cluster, group)| Placed {
                cluster: *cluster,
                group: *group,
            })
            .collect()
    }

    fn check(pairs: &[(u32, u32)], rand: f64, precision: f64, recall: f64) {
        let figures = grouping(&placed(pairs));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(figures.adjusted_rand, rand), "{figures:?}");
        assert!(near(figures.precision, precision), "{figures:?}");
        assert!(near(figures.recall, recall), "{figures:?}");
    }

    #[test]
    fn figures_computed_by_hand() {
        // The same division under other numbers.
        check(&[(7, 1), (7, 1), (3, 2)], 1.0, 1.0, 1.0);
        // Clusters {a b c} {d e f} of groups {a b} {c d} {e f}: together in both are ab and ef,
        // 6 pairs in clusters, 3 in groups, 15 in all; (2 - 1.2) / (4.5 - 1.2).
        let halves = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 2), (1, 2)];
        check(&halves, 0.8 / 3.3, 10.0 / 18.0, 5.0 / 6.0);
        // All in one cluster: nothing but chance, full recall.
        check(&[(0, 0), (0, 0), (0, 1), (0, 1)], 0.0, 0.5, 1.0);
        // Every text alone.
        check(&[(0, 0), (1, 0), (2, 1), (3, 1)], 0.0, 1.0, 0.5);
        // Crosswise: worse than chance, (0 - 2/3) / (2 - 2/3).
        check(&[(0, 0), (1, 0), (0, 1), (1, 1)], -0.5, 0.5, 0.5);
    }

    #[test]
    fn divisions_without_a_choice() {
        check(&[(0, 5)], 1.0, 1.0, 1.0);
        check(&[(0, 5), (1, 6)], 1.0, 1.0, 1.0);
        check(&[(0, 5), (0, 5)], 1.0, 1.0, 1.0);
        assert_eq!(grouping(&[]), Grouping::default());
    }

    /// The definitions, text by text and pair by pair.
    fn brute_force(texts: &[Placed]) -> (f64, f64, f64) {
        let (mut precision, mut recall) = (0.0, 0.0);
        let (mut both, mut clusters, mut groups, mut all) = (0.0, 0.0, 0.0, 0.0);
        for (at, text) in texts.iter().enumerate() {
            let cluster: Vec<_> = texts.iter().filter(|t| t.cluster == text.cluster).collect();
            let group: Vec<_> = texts.iter().filter(|t| t.group == text.group).collect();
            let right = cluster.iter().filter(|t| t.group == text.group).count() as f64;
            precision += right / cluster.len() as f64;
            recall += right / group.len() as f64;
            for other in &texts[..at] {
                let in_cluster = f64::from(u8::from(other.cluster == text.cluster));
                let in_group = f64::from(u8::from(other.group == text.group));
                both += in_cluster * in_group;
                clusters += in_cluster;
                groups += in_group;
                all += 1.0;
            }
        }
        let expected = clusters * groups / f64::max(all, 1.0);
        let most = f64::midpoint(clusters, groups);
        let rand = if most > expected {
            (both - expected) / (most - expected)
        } else {
            1.0
        };
        let count = texts.len() as f64;
        (rand, precision / count, recall / count)
    }

    proptest! {
        #[test]
        fn figures_are_those_of_the_definitions(
            pairs in prop::collection::vec((0..6_u32, 0..6_u32), 1..40),
        ) {
            let texts = placed(&pairs);
            let figures = grouping(&texts);
            let (rand, precision, recall) = brute_force(&texts);
            prop_assert!((figures.adjusted_rand - rand).abs() < 1e-9);
            prop_assert!((figures.precision - precision).abs() < 1e-9);
            prop_assert!((figures.recall - recall).abs() < 1e-9);
            prop_assert!(figures.f1 <= precision.max(recall) + 1e-9);
            prop_assert!(figures.f1 >= precision.min(recall) - 1e-9);
        }

        #[test]
        fn changing_sides_changes_precision_for_recall(
            pairs in prop::collection::vec((0..5_u32, 0..5_u32), 1..30),
        ) {
            let turned: Vec<(u32, u32)> = pairs.iter().map(|(c, g)| (*g, *c)).collect();
            let (one, other) = (grouping(&placed(&pairs)), grouping(&placed(&turned)));
            prop_assert!((one.precision - other.recall).abs() < 1e-9);
            prop_assert!((one.adjusted_rand - other.adjusted_rand).abs() < 1e-9);
        }
    }
}
