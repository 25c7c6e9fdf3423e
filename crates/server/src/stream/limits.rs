//! Every limit of the stream, with its unit in its name.

/// Clusters written onto the radar in one transaction.
pub const PROJECTION_ROWS: usize = 5_000;
/// Pause between two projections, in milliseconds.
pub const PROJECTION_EVERY_MS: u64 = 400;
/// A cluster is on the radar from this many posts on; matched ones and tips from the first.
pub const RADAR_POSTS_MIN: u32 = 2;
/// Posts of one frame are worked on in parallel in pieces of this many.
pub const PIECE_POSTS: usize = 64;
/// Texts of one cluster that stand for it in the copy index.
pub const EXEMPLARS_PER_CLUSTER: u8 = 16;
/// A copy that resembles every exemplar less than this becomes one itself.
pub const EXEMPLAR_RESEMBLANCE: f32 = 0.8;
/// Examples kept of one cluster for the desk.
pub const EXAMPLES_PER_CLUSTER: usize = 20;
/// Longest text of an example, in bytes; longer ones are cut at a character.
pub const EXAMPLE_TEXT_BYTES: usize = 4_000;
/// Regions counted apart in one cluster; further ones are counted together.
pub const REGIONS_PER_CLUSTER: usize = 24;
/// Suggested matches kept of one cluster.
pub const SUGGESTIONS_PER_CLUSTER: usize = 3;
/// Live clusters looked at again in one step after new fact-checks came in.
pub const LOOK_BACK_STEP_CLUSTERS: usize = 20_000;
/// Clusters that are answered again in one step after new fact-checks came in.
pub const LOOK_BACK_STEP_ANSWERS: usize = 500;
/// With at most this many new fact-checks, a word of theirs must stand in a text before it is
/// answered again; with more, every live cluster is.
pub const LOOK_BACK_NEEDLES_CHECKS: usize = 200;
/// Posts between two checkpoints.
pub const CHECKPOINT_POSTS: u64 = 2_000_000;
/// Time between two checkpoints, in microseconds.
pub const CHECKPOINT_US: i64 = 5 * domain::Timestamp::MINUTE_US;
/// Hours of totals kept in memory.
pub const TOTAL_HOURS: usize = 48;
/// Time between two looks at clusters whose growth fades, in microseconds.
pub const FADE_EVERY_US: i64 = 20 * domain::Timestamp::SECOND_US;
/// Beginnings of addresses that are kept once for all posts; further ones are kept in each.
pub const LINK_BEGINNINGS: usize = 16_384;
/// Distinct texts told apart in one cluster; further ones count as copies.
pub const TEXTS_PER_CLUSTER: usize = 1_024;
/// Groups looked at for their end of life with each post.
pub const SWEEP_PER_POST: usize = 4;
/// Share of the groups that is closed early when the copy index is full: one in this many.
pub const FULL_CLOSES_ONE_IN: usize = 10;
